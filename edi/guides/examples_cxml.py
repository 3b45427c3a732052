"""Example requests of the order flow in cXML 1.2: one order of two articles and what follows it."""


def _credentials(role: str, gln: str) -> str:
    return f'<{role}><Credential domain="GLN"><Identity>{gln}</Identity></Credential></{role}>'


_BUYER, _SELLER = "5412345000013", "4012345500004"


def _document(sender: str, receiver: str, number: int, body: str, kind: str = "Request") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<cXML payloadID="{number}@example.com" timestamp="2026-03-02T12:00:00+01:00" version="1.2.059">
  <Header>
    {_credentials("From", sender)}
    {_credentials("To", receiver)}
    <Sender><Credential domain="GLN"><Identity>{sender}</Identity></Credential><UserAgent>Example</UserAgent></Sender>
  </Header>
  <{kind}>
{body.strip(chr(10))}
  </{kind}>
</cXML>
"""


def _money(amount: str) -> str:
    return f'<Money currency="EUR">{amount}</Money>'


def _address(role: str) -> str:
    return f"""<{role}><Address addressID="{_BUYER}"><Name xml:lang="en">Example Stores</Name><PostalAddress>
        <Street>Dock road 7</Street><City>Antwerp</City><PostalCode>2000</PostalCode>
        <Country isoCountryCode="BE">Belgium</Country></PostalAddress></Address></{role}>"""


def _item(number: int, part: str, name: str, quantity: int, price: str) -> str:
    return f"""
      <ItemOut lineNumber="{number}" quantity="{quantity}">
        <ItemID><SupplierPartID>{part}</SupplierPartID></ItemID>
        <ItemDetail>
          <UnitPrice>{_money(price)}</UnitPrice>
          <Description xml:lang="en">{name}</Description>
          <UnitOfMeasure>EA</UnitOfMeasure>
          <Classification domain="UNSPSC">50151513</Classification>
        </ItemDetail>
      </ItemOut>"""


_OIL, _VINEGAR = ("10-4711", "Olive oil 0.75 l"), ("10-4712", "Red wine vinegar 0.5 l")
_ITEMS = _item(1, *_OIL, 120, "4.50") + _item(2, *_VINEGAR, 60, "2.15")
_OF_ORDER = '<OrderReference orderID="4500001234"><DocumentReference payloadID="1@example.com"/></OrderReference>'

_ORDER = f"""
    <OrderRequest>
      <OrderRequestHeader orderID="4500001234" orderDate="2026-03-02T12:00:00+01:00" type="new">
        <Total>{_money("669.00")}</Total>
        {_address("ShipTo")}
        {_address("BillTo")}
      </OrderRequestHeader>{_ITEMS}
    </OrderRequest>"""


def _confirmed(number: int, quantity: int, status: str, accepted: int) -> str:
    return f"""
      <ConfirmationItem lineNumber="{number}" quantity="{quantity}">
        <UnitOfMeasure>EA</UnitOfMeasure>
        <ConfirmationStatus type="{status}" quantity="{accepted}"><UnitOfMeasure>EA</UnitOfMeasure></ConfirmationStatus>
      </ConfirmationItem>"""


_CONFIRMATION = f"""
    <ConfirmationRequest>
      <ConfirmationHeader confirmID="AB-88123" type="detail" noticeDate="2026-03-03T12:00:00+01:00"/>
      {_OF_ORDER}{_confirmed(1, 120, "accept", 120)}{_confirmed(2, 60, "accept", 60)}
    </ConfirmationRequest>"""

_SHIP_NOTICE = f"""
    <ShipNoticeRequest>
      <ShipNoticeHeader shipmentID="LS-2026-991" noticeDate="2026-03-15T12:00:00+01:00"/>
      <ShipControl><CarrierIdentifier domain="companyName">Example Freight</CarrierIdentifier>
        <ShipmentIdentifier>LS-2026-991</ShipmentIdentifier></ShipControl>
      <ShipNoticePortion>
        {_OF_ORDER}
        <ShipNoticeItem lineNumber="1" quantity="120"><UnitOfMeasure>EA</UnitOfMeasure></ShipNoticeItem>
        <ShipNoticeItem lineNumber="2" quantity="60"><UnitOfMeasure>EA</UnitOfMeasure></ShipNoticeItem>
      </ShipNoticePortion>
    </ShipNoticeRequest>"""


def _billed(number: int, part: str, name: str, quantity: int, price: str, amount: str) -> str:
    return f"""
        <InvoiceDetailItem invoiceLineNumber="{number}" quantity="{quantity}">
          <UnitOfMeasure>EA</UnitOfMeasure><UnitPrice>{_money(price)}</UnitPrice>
          <InvoiceDetailItemReference lineNumber="{number}"><ItemID><SupplierPartID>{part}</SupplierPartID></ItemID>
            <Description xml:lang="en">{name}</Description></InvoiceDetailItemReference>
          <SubtotalAmount>{_money(amount)}</SubtotalAmount>
        </InvoiceDetailItem>"""


_LINES = _billed(1, *_OIL, 120, "4.50", "540.00") + _billed(2, *_VINEGAR, 60, "2.15", "129.00")
_INVOICE = f"""
    <InvoiceDetailRequest>
      <InvoiceDetailRequestHeader invoiceID="RE-2026-0815" purpose="standard" operation="new"
          invoiceDate="2026-03-17T12:00:00+01:00">
        <InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator/>
      </InvoiceDetailRequestHeader>
      <InvoiceDetailOrder>
        <InvoiceDetailOrderInfo>{_OF_ORDER}</InvoiceDetailOrderInfo>{_LINES}
      </InvoiceDetailOrder>
      <InvoiceDetailSummary>
        <SubtotalAmount>{_money("669.00")}</SubtotalAmount>
        <Tax>{_money("140.49")}<Description xml:lang="en">VAT</Description>
          <TaxDetail category="vat" percentageRate="21"><TaxableAmount>{_money("669.00")}</TaxableAmount>
            <TaxAmount>{_money("140.49")}</TaxAmount></TaxDetail></Tax>
        <GrossAmount>{_money("809.49")}</GrossAmount>
        <NetAmount>{_money("809.49")}</NetAmount>
        <DueAmount>{_money("809.49")}</DueAmount>
      </InvoiceDetailSummary>
    </InvoiceDetailRequest>"""

EXAMPLES = {
    "OrderRequest": _document(_BUYER, _SELLER, 1, _ORDER),
    "ConfirmationRequest": _document(_SELLER, _BUYER, 2, _CONFIRMATION),
    "ShipNoticeRequest": _document(_SELLER, _BUYER, 3, _SHIP_NOTICE),
    "InvoiceDetailRequest": _document(_SELLER, _BUYER, 4, _INVOICE),
    "Response": _document(_SELLER, _BUYER, 5, '    <Status code="200" text="OK"/>', "Response"),
}
