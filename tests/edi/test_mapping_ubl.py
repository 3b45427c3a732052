"""Every UBL document: what is written is valid by the OASIS schema and read back as the same document."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.mapping import PartyRef, read, write
from orders.documents import (
    AcknowledgementDocument,
    DespatchDocument,
    Identifier,
    InvoiceDocument,
    LineAnswer,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PackageDocument,
    PartyDocument,
    PriceDocument,
    RemittanceDocument,
    Scheme,
    StockDocument,
    TaxDocument,
    TotalsDocument,
)
from tests.edi import strategies as made
from tests.edi.fixtures import UBL_ORDER, envelope, finding, only
from tests.edi.test_mapping_round_trip import ubl_schema

__all__ = ["ubl_schema"]

SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
LINE = OrderLineDocument(number="1", quantity=Decimal(10), unit="EA", seller_sku="AP-100", description="Pump")
BUYER = PartyDocument((Identifier("8033661230013", Scheme.GLN, "0088"),), "Brenta")
SELLER = PartyDocument((Identifier("8024670010017", Scheme.GLN, "0088"),), "Aurora")


def addressed(document, *, from_buyer: bool, plain: bool = True):
    """The document written between its own parties, or in plain UBL between addresses without a scheme."""
    sender, receiver = (document.buyer, document.seller) if from_buyer else (document.seller, document.buyer)
    refs = [PartyRef(party.identifiers[0].value, "" if plain else "0088") for party in (sender, receiver)]
    return write([document], standard="ubl", envelope=envelope(sender=refs[0], receiver=refs[1]))


def unaddressed(document):
    """`document` as read back, without what no field holds, and without the address of the envelope on a party that
    stands for another (who despatches for the seller)."""

    def own(party):
        return party and replace(party, identifiers=tuple(i for i in party.identifiers if i.scheme is not Scheme.OTHER))

    stand_ins = {name: own(getattr(document, name, None)) for name in ("ship_from", "ship_to", "bill_to")}
    return replace(document, extras=(), **{name: party for name, party in stand_ins.items() if party})


def back(written):
    """The one document in what was written, as far as all standards can say it."""
    (message,) = read(written.data).interchanges[0].messages
    assert not [item for item in message.findings if item.severity == "error"]
    return made.bare(unaddressed(message.document))


@SLOW
@given(order=made.orders())
def test_orders(order, ubl_schema):
    written = addressed(order, from_buyer=True)
    assert ubl_schema(written.data) == []
    assert not written.findings
    # UBL demands an amount of every allowance and gives the sum of the lines
    found = back(written)
    assert [(a.charge, a.percent, a.reason) for a in found.allowances] == [
        (a.charge, a.percent, a.reason) for a in order.allowances
    ]
    bare = made.bare(order)
    assert replace(found, allowances=(), stated_total=None) == replace(bare, allowances=(), stated_total=None)


@SLOW
@given(order=made.orders(kind=st.just("order")))
def test_peppol_orders(order, ubl_schema):
    written = addressed(order, from_buyer=True, plain=False)
    assert ubl_schema(written.data) == []
    (message,) = read(written.data).interchanges[0].messages
    wrong = {item.code for item in message.findings if item.code.startswith("PEPPOL")}
    assert wrong <= {"PEPPOL-T01-R007", "PEPPOL-T01-R006"}  # discounts beyond the value of the order


@SLOW
@given(change=made.changes())
def test_changes(change, ubl_schema):
    written = addressed(change, from_buyer=True)
    assert ubl_schema(written.data) == []
    found = back(written)
    assert found.sequence == "1"
    assert replace(found, sequence="") == made.bare(change)


def test_a_cancellation(ubl_schema):
    order = OrderDocument(number="PO-1", function="cancel", buyer=BUYER, seller=SELLER)
    change = OrderChangeDocument(
        number="C-1",
        issued_on=date(2026, 3, 2),
        function="cancel",
        buyer=BUYER,
        seller=SELLER,
        order=order,
        reason="Late",
    )
    written = addressed(change, from_buyer=True)
    assert ubl_schema(written.data) == []
    assert b"<cbc:CancellationNote>Late<" in written.data
    assert back(written) == made.bare(change)


@SLOW
@given(response=made.responses())
def test_responses(response, ubl_schema):
    written = addressed(response, from_buyer=False)
    assert ubl_schema(written.data) == []
    found = back(written)
    if response.answer != "accepted_with_changes":
        assert found.lines == ()
    else:
        assert [(r.ordered.number, r.answer, r.quantity, r.delivery_date, r.reason) for r in found.lines] == [
            (r.ordered.number, r.answer, r.quantity, r.delivery_date, r.reason) for r in response.lines
        ]
        assert [(r.unit_price, r.substitute, r.ordered.price_base) for r in found.lines] == [
            (r.unit_price, r.substitute, r.ordered.price_base if r.unit_price is not None else 1)
            for r in response.lines
        ]
    assert replace(found, lines=()) == made.bare(replace(response, lines=()))


def one_package_each(document: DespatchDocument) -> DespatchDocument:
    """UBL packages have one identifier and do not stand in each other here."""
    packages = tuple(replace(package, id=package.sscc, parent="") for package in document.packages)
    names = {package.id: package.sscc for package in document.packages}
    lines = tuple(replace(line, package=names[line.package]) for line in document.lines)
    return replace(document, packages=packages, lines=lines)


@SLOW
@given(despatch=made.despatches())
def test_despatches(despatch, ubl_schema):
    written = addressed(despatch, from_buyer=False)
    assert ubl_schema(written.data) == []
    assert {item.value for item in written.findings} == {"1"}  # package 2 stands in package 1
    assert back(written) == made.bare(one_package_each(despatch))


@SLOW
@given(receipt=made.receipts())
def test_receipts(receipt, ubl_schema):
    written = addressed(receipt, from_buyer=True)
    assert ubl_schema(written.data) == []
    assert not written.findings
    assert back(written) == made.bare(receipt)


@SLOW
@given(invoice=made.invoices())
def test_invoices(invoice, ubl_schema):
    written = addressed(invoice, from_buyer=False)
    assert ubl_schema(written.data) == []
    assert not written.findings
    found = back(written)
    if invoice.kind == "credit_note":  # its due date stands with the means of payment
        found = replace(found, payment_means="")
    assert found == made.bare(invoice)


@SLOW
@given(catalogue=made.catalogues())
def test_catalogues(catalogue, ubl_schema):
    written = addressed(catalogue, from_buyer=False)
    assert ubl_schema(written.data) == []
    found = back(written)
    lines = tuple(
        replace(line, prices=tuple(replace(price, currency="") for price in line.prices)) for line in found.lines
    )
    assert replace(found, lines=lines) == made.bare(catalogue)


@SLOW
@given(notice=made.notices())
def test_application_responses(notice, ubl_schema):
    written = addressed(notice, from_buyer=True)
    assert ubl_schema(written.data) == []
    (message,) = read(written.data).interchanges[0].messages
    assert message.is_acknowledgement
    assert message.document.verdicts == notice.verdicts
    assert message.document.number == notice.number


def test_what_ubl_cannot_say_is_told():
    order = OrderDocument(
        number="1", function="cancel", lines=(replace(LINE, tax=TaxDocument()),), references=(("x", "y"),)
    )
    written = write([order], standard="ubl", envelope=envelope())
    assert [(item.code, item.value) for item in written.findings] == [("not-expressible", "cancel")]
    assert "function" in written.findings[0].message
    assert not written.rejected
    for document in (StockDocument(number="1"), RemittanceDocument(number="1", amount=Decimal(1))):
        assert write([document], standard="ubl", envelope=envelope()).rejected
    assert write([order, order], standard="ubl", envelope=envelope()).rejected
    assert write([], standard="ubl", envelope=envelope()).rejected


# -- reading: one literal document of each kind -----------------------------------------------------------------------

HEAD = (
    '<{0} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{0}-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
)


def ubl(kind: str, body: str):
    """The document of a UBL file whose elements are given as "cbc:X=text" would be too clever: plain XML."""
    return only(HEAD.format(kind) + body + f"</{kind}>").messages[0]


def party(name: str, number: str) -> str:
    return (
        f'<cac:Party><cbc:EndpointID schemeID="0088">{number}</cbc:EndpointID>'
        f"<cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName></cac:Party>"
    )


SUPPLIER = f"<cac:AccountingSupplierParty>{party('Aurora', '8024670010017')}</cac:AccountingSupplierParty>"
CUSTOMER = f"<cac:AccountingCustomerParty>{party('Brenta', '8033661230013')}</cac:AccountingCustomerParty>"
INVOICE = (
    "<cbc:ID>F-1</cbc:ID><cbc:IssueDate>2026-04-01</cbc:IssueDate><cbc:DueDate>2026-05-01</cbc:DueDate>"
    "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    "<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>"
    + SUPPLIER
    + CUSTOMER
    + "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
    "<cbc:ID>IT60X0542811101000000123456</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
    '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">22</cbc:TaxAmount><cac:TaxSubtotal>'
    '<cbc:TaxableAmount currencyID="EUR">100</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">22</cbc:TaxAmount>'
    "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>22</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    "</cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">250</cbc:TaxAmount></cac:TaxTotal>'
    '<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100</cbc:LineExtensionAmount>'
    '<cbc:TaxExclusiveAmount currencyID="EUR">100</cbc:TaxExclusiveAmount>'
    '<cbc:TaxInclusiveAmount currencyID="EUR">122</cbc:TaxInclusiveAmount>'
    '<cbc:PayableAmount currencyID="EUR">122</cbc:PayableAmount></cac:LegalMonetaryTotal>'
    '<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">4</cbc:InvoicedQuantity>'
    '<cbc:LineExtensionAmount currencyID="EUR">100</cbc:LineExtensionAmount>'
    "<cac:OrderLineReference><cbc:LineID>7</cbc:LineID></cac:OrderLineReference>"
    "<cac:Item><cbc:Name>Pump</cbc:Name><cac:AdditionalItemProperty><cbc:Name>Colour</cbc:Name>"
    "<cbc:Value>red</cbc:Value></cac:AdditionalItemProperty></cac:Item>"
    '<cac:Price><cbc:PriceAmount currencyID="EUR">25</cbc:PriceAmount></cac:Price></cac:InvoiceLine>'
)


def test_an_invoice():
    message = ubl("Invoice", INVOICE)
    invoice = message.document
    assert message.findings == ()
    assert isinstance(invoice, InvoiceDocument)
    assert (invoice.number, invoice.kind, invoice.order_number) == ("F-1", "invoice", "PO-1")
    assert (invoice.issued_on, invoice.due_date) == (date(2026, 4, 1), date(2026, 5, 1))
    assert (invoice.seller.name, invoice.buyer.name) == ("Aurora", "Brenta")
    assert invoice.taxes == (TaxDocument("VAT", "S", Decimal(22), Decimal(100), Decimal(22)),)
    assert invoice.totals == TotalsDocument(
        lines=Decimal(100), taxable=Decimal(100), tax=Decimal(22), total=Decimal(122), payable=Decimal(122)
    )
    assert (invoice.payment_means, invoice.accounts) == ("30", ("IT60X0542811101000000123456",))
    assert invoice.extras == (("TaxTotal/TaxAmount", "250"),)  # in the currency of accounting
    (line,) = invoice.lines
    assert (line.number, line.quantity, line.unit, line.unit_price) == ("1", 4, "C62", 25)
    assert (line.amount, line.order_line, line.description) == (100, "7", "Pump")
    assert line.extras == (("Item/AdditionalItemProperty/Name", "Colour"), ("Item/AdditionalItemProperty/Value", "red"))


def test_where_the_values_stood():
    (line,) = ubl("Invoice", INVOICE.replace("<cac:InvoiceLine>", "\n<cac:InvoiceLine>")).document.lines
    origin = {one.field: one for one in line.origin}
    assert origin["quantity"].xpath == "/Invoice/cac:InvoiceLine[1]/cbc:InvoicedQuantity"
    assert (origin["quantity"].literal, origin["quantity"].line) == ("4", 2)
    assert origin["unit_price"].xpath == "/Invoice/cac:InvoiceLine[1]/cac:Price/cbc:PriceAmount"
    assert line.place == "/Invoice/cac:InvoiceLine[1]"


def test_a_comment_does_not_cut_a_value():
    order = only(UBL_ORDER.replace("BR-2026-0818", "BR-<!-- x -->2026-<?y z?>0818")).messages[0].document
    assert order.number == "BR-2026-0818"


RESPONSE = (
    "<cbc:ID>R-1</cbc:ID><cbc:SalesOrderID>SO-9</cbc:SalesOrderID><cbc:IssueDate>2026-03-03</cbc:IssueDate>"
    "<cbc:OrderResponseCode>CA</cbc:OrderResponseCode><cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>"
    f"<cac:SellerSupplierParty>{party('Aurora', '8024670010017')}</cac:SellerSupplierParty>"
    f"<cac:BuyerCustomerParty>{party('Brenta', '8033661230013')}</cac:BuyerCustomerParty>"
    "<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Note>Short</cbc:Note><cbc:LineStatusCode>3</cbc:LineStatusCode>"
    '<cbc:Quantity unitCode="C62">6</cbc:Quantity><cbc:MaximumBackorderQuantity>4</cbc:MaximumBackorderQuantity>'
    "<cac:Delivery><cac:PromisedDeliveryPeriod><cbc:StartDate>2026-04-01</cbc:StartDate>"
    "</cac:PromisedDeliveryPeriod></cac:Delivery><cac:Item><cbc:Name>Pump</cbc:Name></cac:Item></cac:LineItem>"
    "<cac:OrderLineReference><cbc:LineID>10</cbc:LineID></cac:OrderLineReference></cac:OrderLine>"
    "<cac:OrderLine><cac:LineItem><cbc:ID>2</cbc:ID><cbc:LineStatusCode>7</cbc:LineStatusCode>"
    '<cbc:Quantity unitCode="C62">5</cbc:Quantity><cac:Item/></cac:LineItem></cac:OrderLine>'
)


def test_an_order_response():
    response = ubl("OrderResponse", RESPONSE).document
    assert isinstance(response, OrderResponseDocument)
    assert (response.answer, response.order.number, response.seller_order_number) == (
        "accepted_with_changes",
        "PO-1",
        "SO-9",
    )
    short, refused = response.lines
    assert (short.answer, short.quantity, short.ordered.quantity) == (LineAnswer.BACKORDERED, 6, 10)
    assert (short.ordered.number, short.delivery_date, short.reason) == ("10", date(2026, 4, 1), "Short")
    assert short.extras == (("LineItem/ID", "1"),)
    assert (refused.answer, refused.quantity, refused.ordered.quantity) == (LineAnswer.REJECTED, 0, 5)


@pytest.mark.parametrize(("said", "answer"), [("true", "accepted"), ("false", "rejected")])
def test_a_simple_response(said, answer):
    body = RESPONSE[: RESPONSE.index("<cac:OrderLine>")].replace("<cbc:SalesOrderID>SO-9</cbc:SalesOrderID>", "")
    body = body.replace(
        "<cbc:OrderResponseCode>CA</cbc:OrderResponseCode>",
        f"<cbc:AcceptedIndicator>{said}</cbc:AcceptedIndicator><cbc:RejectionNote>No stock</cbc:RejectionNote>",
    )
    response = ubl("OrderResponseSimple", body).document
    assert (response.answer, response.note, response.order.number) == (answer, "No stock", "PO-1")


def test_an_unknown_answer_is_told_and_the_lines_decide():
    message = ubl("OrderResponse", RESPONSE.replace(">CA<", ">YES<"))
    assert [(item.code, item.severity) for item in message.findings] == [("unknown-code", "warning")]
    assert message.document.answer == "accepted_with_changes"


def test_packages_of_a_despatch():
    body = (
        "<cbc:ID>D-1</cbc:ID><cbc:IssueDate>2026-03-20</cbc:IssueDate>"
        f"<cac:DespatchSupplierParty>{party('Aurora', '8024670010017')}</cac:DespatchSupplierParty>"
        f"<cac:DeliveryCustomerParty>{party('Brenta', '8033661230013')}</cac:DeliveryCustomerParty>"
        "<cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode='C62'>10</cbc:DeliveredQuantity>"
        "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID><cac:OrderReference><cbc:ID>PO-1</cbc:ID>"
        "</cac:OrderReference></cac:OrderLineReference><cac:Item><cbc:Name>Pump</cbc:Name><cac:ItemInstance>"
        "<cbc:SerialID>S1</cbc:SerialID></cac:ItemInstance><cac:ItemInstance><cbc:SerialID>S2</cbc:SerialID>"
        "<cac:LotIdentification><cbc:LotNumberID>L7</cbc:LotNumberID></cac:LotIdentification></cac:ItemInstance>"
        "</cac:Item><cac:Shipment><cbc:ID>NA</cbc:ID><cac:TransportHandlingUnit>"
        "<cbc:ID>340123450000000017</cbc:ID><cbc:TransportHandlingUnitTypeCode>PX</cbc:TransportHandlingUnitTypeCode>"
        "</cac:TransportHandlingUnit></cac:Shipment></cac:DespatchLine>"
    )
    despatch = ubl("DespatchAdvice", body).document
    assert despatch.packages == (PackageDocument("340123450000000017", kind="PX", sscc="340123450000000017"),)
    (line,) = despatch.lines
    assert (line.package, line.serials, line.batch) == ("340123450000000017", ("S1", "S2"), "L7")
    assert (line.order_number, line.order_line, line.quantity) == ("PO-1", "1", 10)
    assert (despatch.seller.name, despatch.buyer.name, despatch.ship_from) == ("Aurora", "Brenta", None)


def test_prices_of_a_catalogue():
    body = (
        "<cbc:ID>K-1</cbc:ID><cbc:IssueDate>2026-01-02</cbc:IssueDate>"
        f"<cac:ProviderParty>{party('Aurora', '8024670010017')[11:-12]}</cac:ProviderParty>"
        f"<cac:ReceiverParty>{party('Brenta', '8033661230013')[11:-12]}</cac:ReceiverParty>"
        "<cac:CatalogueLine><cbc:ID>1</cbc:ID><cbc:ActionCode>Update</cbc:ActionCode>"
        "<cac:RequiredItemLocationQuantity><cbc:LeadTimeMeasure unitCode='DAY'>5</cbc:LeadTimeMeasure>"
        "<cbc:MinimumQuantity unitCode='C62'>10</cbc:MinimumQuantity><cac:Price><cbc:PriceAmount currencyID='EUR'>9.5"
        "</cbc:PriceAmount></cac:Price></cac:RequiredItemLocationQuantity>"
        "<cac:Item><cbc:Name>Pump</cbc:Name></cac:Item></cac:CatalogueLine>"
    )
    catalogue = ubl("Catalogue", body).document
    (line,) = catalogue.lines
    assert (line.action, line.lead_days, catalogue.currency) == ("update", 5, "EUR")
    assert line.prices == (PriceDocument(Decimal("9.5"), currency="EUR", from_quantity=Decimal(10)),)
    assert (catalogue.seller.name, catalogue.buyer.name) == ("Aurora", "Brenta")


def test_a_message_level_response():
    body = (
        "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:mlr:3</cbc:CustomizationID><cbc:ID>A-1</cbc:ID>"
        "<cbc:IssueDate>2026-03-02</cbc:IssueDate><cac:SenderParty><cbc:EndpointID>A</cbc:EndpointID></cac:SenderParty>"
        "<cac:ReceiverParty><cbc:EndpointID>B</cbc:EndpointID></cac:ReceiverParty><cac:DocumentResponse><cac:Response>"
        "<cbc:ResponseCode>RE</cbc:ResponseCode></cac:Response><cac:DocumentReference><cbc:ID>PO-1</cbc:ID>"
        "</cac:DocumentReference><cac:LineResponse><cac:LineReference><cbc:LineID>/Order/cbc:ID</cbc:LineID>"
        "</cac:LineReference><cac:Response><cbc:ResponseCode>RE</cbc:ResponseCode><cbc:Description>Too long"
        "</cbc:Description><cac:Status><cbc:StatusReasonCode>BV</cbc:StatusReasonCode></cac:Status></cac:Response>"
        "</cac:LineResponse></cac:DocumentResponse>"
    )
    message = ubl("ApplicationResponse", body)
    notice = message.document
    assert isinstance(notice, AcknowledgementDocument)
    assert (notice.interchange, [verdict.verdict for verdict in notice.verdicts]) == ("PO-1", ["rejected"])
    (error,) = notice.verdicts[0].errors
    assert (error.code, error.text, error.where) == ("BV", "Too long", "/Order/cbc:ID")
    assert not message.rejected
    accepted = ubl("ApplicationResponse", body.replace(">RE<", ">AB<")).document
    assert accepted.verdicts[0].verdict == "accepted"  # in a message level response AB is a yes


def test_amounts_in_another_currency_are_told():
    text = UBL_ORDER.replace('PriceAmount currencyID="EUR">123.45', 'PriceAmount currencyID="USD">123.45')
    assert finding(text, "currency-differs").severity == "warning"


def test_a_line_may_be_delivered_in_parts():
    parts = "".join(
        f"<cac:Delivery><cbc:Quantity unitCode='C62'>{count}</cbc:Quantity><cac:RequestedDeliveryPeriod>"
        f"<cbc:StartDate>2026-04-0{index}</cbc:StartDate></cac:RequestedDeliveryPeriod></cac:Delivery>"
        for index, count in ((1, 4), (2, 6))
    )
    text = UBL_ORDER.replace(
        '<cac:Price><cbc:PriceAmount currencyID="EUR">123.45',
        parts + '<cac:Price><cbc:PriceAmount currencyID="EUR">123.45',
    )
    line = only(text).messages[0].document.lines[0]
    assert [(part.quantity, part.on, part.unit) for part in line.schedule] == [
        (4, date(2026, 4, 1), "C62"),
        (6, date(2026, 4, 2), "C62"),
    ]
