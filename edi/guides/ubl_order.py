"""UBL 2.1 Order: a buyer orders from a seller. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "Order",
    "Order",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! SalesOrderID CopyIndicator UUID
    IssueDate! IssueTime OrderTypeCode Note* RequestedInvoiceCurrencyCode DocumentCurrencyCode PricingCurrencyCode
    TaxCurrencyCode CustomerReference AccountingCostCode AccountingCost LineCountNumeric ValidityPeriod<Period>*
    QuotationDocumentReference<DocumentReference> OrderDocumentReference<DocumentReference>*
    OriginatorDocumentReference<DocumentReference> CatalogueReference<>
    AdditionalDocumentReference<DocumentReference>* Contract<>* ProjectReference<>* Signature<>*
    BuyerCustomerParty<CustomerParty>! SellerSupplierParty<SupplierParty>! OriginatorCustomerParty<CustomerParty>
    FreightForwarderParty<Party> AccountingCustomerParty<CustomerParty> Delivery<>* DeliveryTerms<>* PaymentMeans<>*
    PaymentTerms<>* TransactionConditions<> AllowanceCharge<>* TaxExchangeRate<ExchangeRate>
    PricingExchangeRate<ExchangeRate> PaymentExchangeRate<ExchangeRate> DestinationCountry<Country> TaxTotal<>*
    AnticipatedMonetaryTotal<MonetaryTotal> OrderLine<>+
    """,
)
