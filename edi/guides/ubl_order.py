"""UBL 2.1 Order: what OASIS makes mandatory of the parts that are read, and which leaves the mapping reads."""

ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
UBL_PREFIX = "urn:oasis:names:specification:ubl:schema:xsd:"

# Children of the document, in UBL-Order-2.1.xsd with minOccurs 1 (the lines are checked as such).
REQUIRED = (
    ("cbc:ID", "order number"),
    ("cbc:IssueDate", "date of issue"),
    ("cac:BuyerCustomerParty", "buyer"),
    ("cac:SellerSupplierParty", "seller"),
)
# Children of each cac:LineItem.
REQUIRED_OF_LINE = (("cbc:ID", "line number"), ("cac:Item", "item"))


def _leaves(text: str) -> list[str]:
    return text.split()


_PARTY = _leaves(
    "EndpointID PartyIdentification/ID PartyName/Name PostalAddress/StreetName PostalAddress/AdditionalStreetName"
    " PostalAddress/CityName PostalAddress/PostalZone PostalAddress/CountrySubentity"
    " PostalAddress/Country/IdentificationCode PartyTaxScheme/CompanyID PartyTaxScheme/TaxScheme/ID"
    " PartyLegalEntity/RegistrationName PartyLegalEntity/CompanyID Contact/Name Contact/Telephone"
    " Contact/ElectronicMail"
)
_HEADER = _leaves(
    "UBLVersionID CustomizationID ProfileID ID IssueDate IssueTime OrderTypeCode Note DocumentCurrencyCode"
    " LineCountNumeric AdditionalDocumentReference/ID AdditionalDocumentReference/DocumentType"
    " QuotationDocumentReference/ID OrderDocumentReference/ID Contract/ID OriginatorDocumentReference/ID"
    " Delivery/DeliveryLocation/ID Delivery/DeliveryLocation/Address/StreetName"
    " Delivery/DeliveryLocation/Address/AdditionalStreetName Delivery/DeliveryLocation/Address/CityName"
    " Delivery/DeliveryLocation/Address/PostalZone Delivery/DeliveryLocation/Address/CountrySubentity"
    " Delivery/DeliveryLocation/Address/Country/IdentificationCode Delivery/RequestedDeliveryPeriod/StartDate"
    " Delivery/DeliveryParty/PartyIdentification/ID Delivery/DeliveryParty/PartyName/Name"
    " Delivery/DeliveryParty/Contact/Name Delivery/DeliveryParty/Contact/Telephone"
    " Delivery/DeliveryParty/Contact/ElectronicMail DeliveryTerms/ID DeliveryTerms/SpecialTerms PaymentTerms/Note"
    " AllowanceCharge/ChargeIndicator AllowanceCharge/AllowanceChargeReason AllowanceCharge/MultiplierFactorNumeric"
    " AllowanceCharge/AllowanceChargeReasonCode AllowanceCharge/Amount"
    " AnticipatedMonetaryTotal/LineExtensionAmount AnticipatedMonetaryTotal/TaxExclusiveAmount"
)
_LINE = _leaves(
    "ID Quantity LineExtensionAmount Price/PriceAmount Price/BaseQuantity Item/Name Item/Description"
    " Item/StandardItemIdentification/ID Item/SellersItemIdentification/ID Item/BuyersItemIdentification/ID"
    " Item/ManufacturersItemIdentification/ID Item/AdditionalItemIdentification/ID"
    " Delivery/RequestedDeliveryPeriod/StartDate"
    " AllowanceCharge/ChargeIndicator AllowanceCharge/AllowanceChargeReason AllowanceCharge/MultiplierFactorNumeric"
    " AllowanceCharge/AllowanceChargeReasonCode AllowanceCharge/Amount"
)

MAPPED = frozenset(
    [*_HEADER]
    + [f"{role}/Party/{leaf}" for role in ("BuyerCustomerParty", "SellerSupplierParty") for leaf in _PARTY]
    + [f"AccountingCustomerParty/Party/{leaf}" for leaf in _PARTY]
    + [f"OrderLine/LineItem/{leaf}" for leaf in _LINE]
    + ["OrderLine/Note"]
)
