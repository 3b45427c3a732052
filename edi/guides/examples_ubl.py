"""Example documents of the order flow in UBL 2.1: one order of two articles and what follows it.

They hold what most partners use, so that a partner can read them and a program can be tried on them.
"""


def _party(role: str, name: str, gln: str, vat: str) -> str:
    return f"""
  <cac:{role}>
    <cac:Party>
      <cbc:EndpointID schemeID="0088">{gln}</cbc:EndpointID>
      <cac:PartyIdentification><cbc:ID schemeID="0088">{gln}</cbc:ID></cac:PartyIdentification>
      <cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
      <cac:PostalAddress>
        <cbc:StreetName>Dock road 7</cbc:StreetName><cbc:CityName>Antwerp</cbc:CityName>
        <cbc:PostalZone>2000</cbc:PostalZone>
        <cac:Country><cbc:IdentificationCode>BE</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity>
    </cac:Party>
  </cac:{role}>"""


def _buyer(role: str = "BuyerCustomerParty") -> str:
    return _party(role, "Example Stores", "5412345000013", "BE0123456749")


def _seller(role: str = "SellerSupplierParty") -> str:
    return _party(role, "Example Foods", "4012345500004", "DE123456788")


def _plain_party(role: str, gln: str, name: str) -> str:
    """A party that is not wrapped in another (ApplicationResponse, Catalogue)."""
    return f"""
  <cac:{role}>
    <cbc:EndpointID schemeID="0088">{gln}</cbc:EndpointID>
    <cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
  </cac:{role}>"""


_OIL = ("Olive oil 0.75 l", "4000862141404", "10-4711")
_VINEGAR = ("Red wine vinegar 0.5 l", "4000862141411", "10-4712")


def _item(article: tuple[str, str, str], tax: str = "") -> str:
    name, gtin, number = article
    return f"""
      <cac:Item>
        <cbc:Name>{name}</cbc:Name>
        <cac:SellersItemIdentification><cbc:ID>{number}</cbc:ID></cac:SellersItemIdentification>
        <cac:StandardItemIdentification><cbc:ID schemeID="0160">{gtin}</cbc:ID></cac:StandardItemIdentification>{tax}
      </cac:Item>"""


def _line_item(
    number: int, article: tuple[str, str, str], quantity: int, price: str, amount: str, status: str = ""
) -> str:
    answer = f"<cbc:LineStatusCode>{status}</cbc:LineStatusCode>" if status else ""
    return f"""
  <cac:OrderLine>
    <cac:LineItem>
      <cbc:ID>{number}</cbc:ID>{answer}
      <cbc:Quantity unitCode="EA">{quantity}</cbc:Quantity>
      <cbc:LineExtensionAmount currencyID="EUR">{amount}</cbc:LineExtensionAmount>
      <cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price>{_item(article)}
    </cac:LineItem>
  </cac:OrderLine>"""


_HEAD = "<cbc:ID>{}</cbc:ID>\n  <cbc:IssueDate>{}</cbc:IssueDate>"
_ORDER = "\n  <cac:OrderReference><cbc:ID>4500001234</cbc:ID></cac:OrderReference>"
_EUR = "\n  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
_LINES = _line_item(1, _OIL, 120, "4.50", "540.00") + _line_item(2, _VINEGAR, 60, "2.15", "129.00")
_VAT = (
    "<cac:{}><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{}>"
)
_CATEGORY = _VAT.format("TaxCategory", "TaxCategory")
_CLASSIFIED = _VAT.format("ClassifiedTaxCategory", "ClassifiedTaxCategory")


def _totals(name: str, net: str, tax: str, payable: str) -> str:
    return f"""
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">{net}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
      {_CATEGORY}
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:{name}>
    <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{payable}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">{payable}</cbc:PayableAmount>
  </cac:{name}>"""


def _billed(kind: str, number: int, article: tuple[str, str, str], quantity: int, price: str, amount: str) -> str:
    counted = "CreditedQuantity" if kind == "CreditNoteLine" else "InvoicedQuantity"
    return f"""
  <cac:{kind}>
    <cbc:ID>{number}</cbc:ID>
    <cbc:{counted} unitCode="EA">{quantity}</cbc:{counted}>
    <cbc:LineExtensionAmount currencyID="EUR">{amount}</cbc:LineExtensionAmount>{_item(article, _CLASSIFIED)}
    <cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price>
  </cac:{kind}>"""


def _moved(kind: str, number: int, article: tuple[str, str, str], quantity: int) -> str:
    counted = "ReceivedQuantity" if kind == "ReceiptLine" else "DeliveredQuantity"
    return f"""
  <cac:{kind}>
    <cbc:ID>{number}</cbc:ID>
    <cbc:{counted} unitCode="EA">{quantity}</cbc:{counted}>
    <cac:OrderLineReference><cbc:LineID>{number}</cbc:LineID>{_ORDER}</cac:OrderLineReference>{_item(article)}
  </cac:{kind}>"""


def _offered(number: int, article: tuple[str, str, str], price: str) -> str:
    return f"""
  <cac:CatalogueLine>
    <cbc:ID>{number}</cbc:ID>
    <cbc:OrderableIndicator>true</cbc:OrderableIndicator><cbc:OrderableUnit>EA</cbc:OrderableUnit>
    <cac:RequiredItemLocationQuantity>
      <cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price>
    </cac:RequiredItemLocationQuantity>{_item(article)}
  </cac:CatalogueLine>"""


_ACCOUNTING = _seller("AccountingSupplierParty") + _buyer("AccountingCustomerParty")
_SHIPPER, _CONSIGNEE = _seller("DespatchSupplierParty"), _buyer("DeliveryCustomerParty")

EXAMPLES = {
    "Order": _HEAD.format("4500001234", "2026-03-02") + _EUR + _buyer() + _seller() + _LINES,
    "OrderResponse": _HEAD.format("AB-88123", "2026-03-03")
    + "\n  <cbc:OrderResponseCode>CA</cbc:OrderResponseCode>"
    + _EUR
    + _ORDER
    + _seller()
    + _buyer()
    + _line_item(1, _OIL, 120, "4.50", "540.00", "5")
    + _line_item(2, _VINEGAR, 48, "2.15", "103.20", "3"),
    "OrderResponseSimple": _HEAD.format("AB-88123", "2026-03-03")
    + "\n  <cbc:AcceptedIndicator>true</cbc:AcceptedIndicator>"
    + _ORDER
    + _seller()
    + _buyer(),
    "OrderChange": _HEAD.format("4500001234", "2026-03-04")
    + "\n  <cbc:SequenceNumberID>1</cbc:SequenceNumberID>"
    + _EUR
    + _ORDER
    + _buyer()
    + _seller()
    + _line_item(1, _OIL, 144, "4.50", "648.00", "3"),
    "OrderCancellation": _HEAD.format("C-1", "2026-03-04")
    + "\n  <cbc:CancellationNote>No longer needed</cbc:CancellationNote>"
    + _ORDER
    + _buyer()
    + _seller(),
    "DespatchAdvice": _HEAD.format("LS-2026-991", "2026-03-15")
    + _ORDER
    + _SHIPPER
    + _CONSIGNEE
    + _moved("DespatchLine", 1, _OIL, 120)
    + _moved("DespatchLine", 2, _VINEGAR, 48),
    "ReceiptAdvice": _HEAD.format("WE-17", "2026-03-16")
    + _ORDER
    + _CONSIGNEE
    + _SHIPPER
    + _moved("ReceiptLine", 1, _OIL, 118)
    + _moved("ReceiptLine", 2, _VINEGAR, 48),
    "Invoice": _HEAD.format("RE-2026-0815", "2026-03-17")
    + "\n  <cbc:DueDate>2026-04-16</cbc:DueDate>\n  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
    + _EUR
    + _ORDER
    + _ACCOUNTING
    + _totals("LegalMonetaryTotal", "643.20", "135.07", "778.27")
    + _billed("InvoiceLine", 1, _OIL, 120, "4.50", "540.00")
    + _billed("InvoiceLine", 2, _VINEGAR, 48, "2.15", "103.20"),
    "CreditNote": _HEAD.format("GS-2026-0042", "2026-03-20")
    + "\n  <cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>"
    + _EUR
    + "\n  <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>RE-2026-0815</cbc:ID>"
    + "</cac:InvoiceDocumentReference></cac:BillingReference>"
    + _ACCOUNTING
    + _totals("LegalMonetaryTotal", "9.00", "1.89", "10.89")
    + _billed("CreditNoteLine", 1, _OIL, 2, "4.50", "9.00"),
    "ApplicationResponse": _HEAD.format("AR-1", "2026-03-03")
    + _plain_party("SenderParty", "4012345500004", "Example Foods")
    + _plain_party("ReceiverParty", "5412345000013", "Example Stores")
    + """
  <cac:DocumentResponse>
    <cac:Response><cbc:ResponseCode>AB</cbc:ResponseCode></cac:Response>
    <cac:DocumentReference><cbc:ID>4500001234</cbc:ID></cac:DocumentReference>
  </cac:DocumentResponse>""",
    "Catalogue": _HEAD.format("CAT-2026", "2026-03-01")
    + _plain_party("ProviderParty", "4012345500004", "Example Foods")
    + _plain_party("ReceiverParty", "5412345000013", "Example Stores")
    + _seller()
    + _offered(1, _OIL, "4.50")
    + _offered(2, _VINEGAR, "2.15"),
}
