"""cXML: each document read and written, its DOCTYPE cut out safely, its secret kept nowhere."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from edi.mapping import PartyRef, acknowledge, read, write
from edi.syntax.xml import parser
from orders.documents import (
    AcknowledgementDocument,
    Identifier,
    LineAnswer,
    NoticeError,
    NoticeVerdict,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
    PackageDocument,
    PartyDocument,
    Scheme,
)
from tests.edi import strategies as made
from tests.edi.fixtures import NOW, codes, envelope, errors, only

SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DOCTYPE = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/cXML.dtd">'
ORDER = f"""<?xml version="1.0" encoding="UTF-8"?>
{DOCTYPE}
<cXML payloadID="17@brenta.example" timestamp="2026-03-02T14:15:00+01:00" xml:lang="en">
<Header><From><Credential domain="NetworkID"><Identity>AN01</Identity></Credential></From>
<To><Credential domain="DUNS"><Identity>128293714</Identity></Credential></To>
<Sender><Credential domain="NetworkID"><Identity>AN01</Identity><SharedSecret>abracadabra</SharedSecret></Credential>
<UserAgent>ERP</UserAgent></Sender></Header>
<Request deploymentMode="test"><OrderRequest>
<OrderRequestHeader orderID="PO-1" orderDate="2026-03-02T14:15:00+01:00" type="new" orderType="release">
<Total><Money currency="EUR">50.00</Money></Total>
<ShipTo><Address addressID="DOCK7"><Name xml:lang="en">Brenta warehouse</Name><PostalAddress>
<DeliverTo>Anna Rossi</DeliverTo><Street>Zona Industriale 5</Street><City>Vicenza</City><State>VI</State>
<PostalCode>36100</PostalCode><Country isoCountryCode="IT">Italy</Country></PostalAddress>
<Phone><TelephoneNumber><CountryCode isoCountryCode="IT">39</CountryCode><AreaOrCityCode>049</AreaOrCityCode>
<Number>1234567</Number></TelephoneNumber></Phone></Address></ShipTo>
<Shipping><Money currency="EUR">12.50</Money><Description xml:lang="en">Express</Description></Shipping>
<PaymentTerm payInNumberOfDays="30"/>
<Comments>Ring at gate 3</Comments>
<Extrinsic name="deal">D-2026-00042-7</Extrinsic>
</OrderRequestHeader>
<ItemOut quantity="10" lineNumber="1" requestedDeliveryDate="2026-03-20"><ItemID><SupplierPartID>AP-100</SupplierPartID>
<BuyerPartID>4711-A</BuyerPartID></ItemID><ItemDetail><UnitPrice><Money currency="EUR">500</Money></UnitPrice>
<Description xml:lang="en">Seal kit</Description><UnitOfMeasure>C62</UnitOfMeasure>
<PriceBasisQuantity quantity="100" conversionFactor="1"><UnitOfMeasure>C62</UnitOfMeasure></PriceBasisQuantity>
<Classification domain="UNSPSC">31181701</Classification></ItemDetail></ItemOut>
</OrderRequest></Request></cXML>
"""


def addressed(document, *, from_buyer: bool):
    """The document written between its own parties."""
    sender, receiver = (document.buyer, document.seller) if from_buyer else (document.seller, document.buyer)
    refs = [PartyRef(party.identifiers[0].value, "14") for party in (sender, receiver)]
    written = write([document], standard="cxml", envelope=envelope(sender=refs[0], receiver=refs[1]))
    assert DOCTYPE.split(" ")[1].encode() in written.data
    (message,) = read(written.data).interchanges[0].messages
    assert not [item for item in message.findings if item.severity == "error"]
    return written, replace(message.document, extras=())


def unsaid(written) -> set[str]:
    """The fields that were left out."""
    return {item.message.split(" has no place for ")[1].split(" ")[0] for item in written.findings}


def test_an_order():
    interchange = only(ORDER)
    (message,) = interchange.messages
    order = message.document
    assert not message.findings
    assert (interchange.standard, interchange.control_number, interchange.test) == ("cxml", "17@brenta.example", True)
    assert interchange.sender == PartyRef("AN01", "NetworkID")
    assert interchange.receiver == PartyRef("128293714", "DUNS")
    assert (message.kind, message.reference, message.version) == ("OrderRequest", "PO-1", "1.2")
    assert (order.number, order.issued_on, order.currency, order.kind) == ("PO-1", date(2026, 3, 2), "EUR", "call_off")
    assert order.seller.identifiers == (Identifier("128293714", Scheme.DUNS, "DUNS"),)
    assert order.references == (("deal", "D-2026-00042-7"),)
    assert (order.notes, order.terms, order.stated_total) == (("Ring at gate 3",), "30 days", 50)
    assert [(a.charge, a.amount, a.reason) for a in order.allowances] == [(True, Decimal("12.50"), "Express")]
    assert order.ship_to == PartyDocument(
        (Identifier("DOCK7", Scheme.BUYER),),
        name="Brenta warehouse",
        street="Zona Industriale 5",
        city="Vicenza",
        region="VI",
        postcode="36100",
        country="IT",
        contact="Anna Rossi",
        phone="+39 049 1234567",
    )
    (line,) = order.lines
    assert (line.number, line.quantity, line.unit, line.unit_price, line.price_base) == ("1", 10, "C62", 500, 100)
    assert (line.seller_sku, line.buyer_sku, line.description) == ("AP-100", "4711-A", "Seal kit")
    assert line.delivery_date == date(2026, 3, 20)
    assert ("ItemDetail/Classification", "31181701") in line.extras
    assert ("ItemDetail/Classification/@domain", "UNSPSC") in line.extras
    origin = {one.field: one for one in line.origin}
    assert origin["quantity"].xpath == "/cXML/Request/OrderRequest/ItemOut[1]/@quantity"


def test_the_secret_is_kept_nowhere():
    assert "abracadabra" not in repr(read(ORDER.encode()))
    misplaced = ORDER.replace("<Comments>", "<Sender><SharedSecret>abracadabra</SharedSecret></Sender><Comments>")
    assert "abracadabra" not in repr(read(misplaced.encode()))


@pytest.mark.parametrize(("said", "function"), [("new", "original"), ("update", "replace"), ("delete", "cancel")])
def test_functions_of_an_order(said, function):
    order = only(ORDER.replace('type="new"', f'type="{said}"')).messages[0].document
    assert order.function == function
    written = write([order], standard="cxml", envelope=envelope())
    assert f' type="{said}"'.encode() in written.data


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE cXML SYSTEM "x.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE cXML [<!ENTITY e "x">]>',
        '<!DOCTYPE cXML SYSTEM "x.dtd" [ %p; ]>',
        '<!DOCTYPE Order SYSTEM "x.dtd">',
        DOCTYPE + DOCTYPE,
    ],
)
def test_a_doctype_that_declares_anything_is_refused(doctype):
    assert errors(ORDER.replace(DOCTYPE, doctype)) == {"doctype-refused"}


def test_the_doctype_of_cxml_does_not_open_other_documents():
    assert errors(f'{DOCTYPE}<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>') == {
        "doctype-refused"
    }
    assert not codes(ORDER.replace(DOCTYPE, ""))
    assert not codes(ORDER.replace(DOCTYPE, DOCTYPE.replace('"', "'")))
    broken = only(ORDER.replace('quantity="10"', 'quantity="ten"')).messages[0]
    assert [item.place.line for item in broken.findings if item.code == "invalid-number"] == [21]  # as in the file


@SLOW
@given(
    order=made.orders(
        kind=st.sampled_from(["order", "call_off"]),
        allowances=st.just(()),
        lines=made.order_lines("1", unit_price=made.prices).map(lambda line: (line,)),
    )
)
def test_orders_are_read_as_they_were_written(order):
    _, found = addressed(order, from_buyer=True)
    assert found.stated_total is not None  # the DTD demands one
    assert [made.bare(line) for line in found.lines] == [made.bare(line) for line in order.lines]
    names = ("number", "issued_on", "currency", "kind", "delivery_date", "references", "notes", "function")
    assert [getattr(found, name) for name in names] == [getattr(order, name) for name in names]
    assert (found.buyer.name, found.seller.name) == (order.buyer.name, order.seller.name)
    for sent, got in ((order.ship_to, found.ship_to), (order.bill_to, found.bill_to)):
        assert made.bare(got) == made.bare(sent and replace(sent, identifiers=sent.identifiers[:1]))


@SLOW
@given(response=made.responses())
def test_responses_are_read_as_they_were_written(response):
    response = replace(
        response, seller_order_number="", lines=tuple(replace(line, substitute="") for line in response.lines)
    )
    written, found = addressed(response, from_buyer=False)
    assert unsaid(written) <= {"identifiers"}  # an address has one
    assert (found.number, found.answer, found.order.number) == (
        response.number,
        response.answer,
        response.order.number,
    )
    if response.answer == "accepted_with_changes":
        assert [(r.ordered.number, r.answer, r.quantity, r.reason) for r in found.lines] == [
            (r.ordered.number, r.answer, r.quantity, r.reason) for r in response.lines
        ]
        # a line that is refused has neither price nor date
        assert [(r.unit_price, r.delivery_date, r.ordered.quantity) for r in found.lines] == [
            (r.unit_price, r.delivery_date, r.ordered.quantity) for r in response.lines
        ]


def test_a_backordered_line():
    line = OrderLineDocument(number="1", quantity=Decimal(10), unit="EA", seller_sku="AP-100", description="Pump")
    body = ORDER[: ORDER.index("<OrderRequest>")] + (
        '<ConfirmationRequest><ConfirmationHeader type="except" noticeDate="2026-03-03" confirmID="C-1"/>'
        '<OrderReference orderID="PO-1"><DocumentReference payloadID="17"/></OrderReference>'
        '<ConfirmationItem lineNumber="1" quantity="10"><UnitOfMeasure>EA</UnitOfMeasure>'
        '<ConfirmationStatus type="accept" quantity="6" deliveryDate="2026-04-01"><UnitOfMeasure>EA</UnitOfMeasure>'
        '</ConfirmationStatus><ConfirmationStatus type="backordered" quantity="4"><UnitOfMeasure>EA</UnitOfMeasure>'
        "<Comments>In May</Comments></ConfirmationStatus></ConfirmationItem></ConfirmationRequest></Request></cXML>"
    )
    response = only(body).messages[0].document
    (answer,) = response.lines
    assert (answer.answer, answer.quantity, answer.ordered.quantity) == (LineAnswer.BACKORDERED, 6, 10)
    assert (answer.delivery_date, answer.reason) == (date(2026, 4, 1), "In May")
    assert response.seller.identifiers[0].value == "AN01"  # the supplier sends it
    assert line


@SLOW
@given(despatch=made.despatches(ship_from=st.just(None), ship_to=st.just(None)))
def test_despatches_are_read_as_they_were_written(despatch):
    names = {package.id: package.sscc for package in despatch.packages}
    lines = tuple(replace(line, package=names[line.package]) for line in despatch.lines)
    used = {line.package for line in lines}
    packages = tuple(PackageDocument(p.sscc, kind=p.kind, sscc=p.sscc) for p in despatch.packages if p.sscc in used)
    despatch = replace(despatch, lines=lines, packages=packages)
    written, found = addressed(despatch, from_buyer=False)
    assert unsaid(written) <= {"identifiers", "order_number"}
    assert [made.bare(line) for line in found.lines] == [made.bare(line) for line in despatch.lines]
    assert sorted(found.packages, key=lambda p: p.id) == sorted(packages, key=lambda p: p.id)
    names_of = ("number", "issued_on", "shipped_on", "delivery_date")
    assert [getattr(found, name) for name in names_of] == [getattr(despatch, name) for name in names_of]


@SLOW
@given(invoice=made.invoices(due_date=st.just(None), delivered_on=st.just(None), despatch_number=st.just("")))
def test_invoices_are_read_as_they_were_written(invoice):
    lines = tuple(replace(line, allowances=()) for line in invoice.lines)
    invoice = replace(invoice, lines=lines)
    written, found = addressed(invoice, from_buyer=False)
    assert unsaid(written) <= {"identifiers", "taxes.category", "stated_line_count"}
    simple = [
        replace(line, order_line=line.order_line, tax=line.tax and replace(line.tax, category="")) for line in lines
    ]
    assert [made.bare(line) for line in found.lines] == [made.bare(line) for line in simple]
    assert (found.number, found.kind, found.preceding) == (invoice.number, invoice.kind, invoice.preceding)
    got, sent = found.totals, invoice.totals
    assert (got.lines, got.tax, got.total, got.payable) == (sent.lines, sent.tax, sent.total, sent.payable)
    assert [(tax.rate, tax.taxable, tax.amount) for tax in found.taxes] == [
        (tax.rate, tax.taxable, tax.amount) for tax in invoice.taxes
    ]


def test_status_and_response():
    update = AcknowledgementDocument(
        number="1",
        interchange="17@brenta.example",
        verdicts=(
            NoticeVerdict("interchange", "17@brenta.example", "rejected", errors=(NoticeError("406", "Too late"),)),
        ),
    )
    written = write([update], standard="cxml", envelope=envelope())
    (message,) = read(written.data).interchanges[0].messages
    assert message.is_acknowledgement
    assert (message.document.interchange, message.document.verdicts) == (update.interchange, update.verdicts)
    assert acknowledge(read(written.data).interchanges[0], control_number="1", prepared_at=NOW) is None
    answer = acknowledge(only(ORDER), control_number="9", prepared_at=NOW)
    assert b'<Status code="200" text="OK"/>' in answer
    assert [v.verdict for v in only(answer.decode()).messages[0].document.verdicts] == ["accepted"]
    refused = acknowledge(only(ORDER.replace('quantity="10"', 'quantity="ten"')), control_number="9", prepared_at=NOW)
    assert b'code="406"' in refused
    assert b"[invalid-number]" in refused


def test_what_cxml_cannot_say_is_told():
    order = only(ORDER).messages[0].document
    change = OrderChangeDocument(number="1", order=OrderDocument(number="PO-1"))
    assert write([change], standard="cxml", envelope=envelope()).rejected
    assert write([order, order], standard="cxml", envelope=envelope()).rejected
    odd = replace(order, terms="Cash on the barrel")
    assert [item.code for item in write([odd], standard="cxml", envelope=envelope()).findings] == ["not-expressible"]


def test_a_request_of_another_kind_is_named():
    text = ORDER.replace("OrderRequest>", "PunchOutSetupRequest>")
    (message,) = only(text).messages
    assert (message.kind, message.document) == ("PunchOutSetupRequest", None)
    assert {item.code for item in message.findings} == {"unsupported-message"}
    assert etree.fromstring(ORDER.replace(DOCTYPE, "").encode(), parser()).tag == "cXML"
