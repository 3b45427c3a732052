"""Real X12 files other than orders: what they say, taken from them by eye."""

from datetime import date
from decimal import Decimal

import pytest

from edi.mapping import read
from orders.documents import Document, Identifier, LineAnswer, Scheme
from tests.paths import EDI_SAMPLES

pytestmark = pytest.mark.skipif(EDI_SAMPLES is None, reason="the sample files are not here")
D = Decimal


def documents(name: str) -> list[Document]:
    reading = read((EDI_SAMPLES / "x12" / name).read_bytes())
    return [message.document for one in reading.interchanges for message in one.messages]


def test_an_invoice_in_cents():
    (invoice,) = documents("x12parser__2011110815164104.txt")
    assert (invoice.number, invoice.order_number, invoice.issued_on) == ("3323399", "981903", date(2011, 10, 31))
    assert (invoice.totals.total, len(invoice.lines)) == (D("56358.00"), 7)
    assert sum(line.quantity * line.unit_price for line in invoice.lines) == 56358
    assert (invoice.seller.name, invoice.ship_to.name) == ("Tempur-Pedic", "SLEEP COUNTRY - KENT-edi")


def test_invoices_with_a_tax_charged_on_each_line():
    first = documents("x12parser__Example3_MultiInvoice.txt")[0]
    assert (first.number, first.totals.total, first.lines[0].unit) == ("465266", D("8432.02"), "CS")
    assert [line.allowances[0].amount for line in first.lines] == [D("58.87"), D("174.48"), D("213.19"), D("105.08")]
    assert first.terms == "1% within 15 days, net 30 days"


def test_an_invoice_that_repeats_its_charges_in_the_summary():
    name = "edi-net__x12.810a.edi"
    (invoice,) = documents(name)
    assert (invoice.totals.lines, invoice.totals.total) == (D("359.96"), D("365.96"))
    codes = {item.code for item in read((EDI_SAMPLES / "x12" / name).read_bytes()).all_findings}
    assert codes == {"isa-width"}


def test_an_invoice_whose_total_is_of_another():
    first, second = documents("staedi__simple810.edi")
    assert (first.totals.total, second.totals.total) == (D("2554.38"), D("2554.38"))
    findings = read((EDI_SAMPLES / "x12" / "staedi__simple810.edi").read_bytes()).all_findings
    assert [item.value for item in findings if item.severity == "warning"] == ["2554.38"]
    assert {item.code for item in findings} == {"line-number-assigned", "total-mismatch"}


def test_acknowledgements_of_orders():
    (answer,) = documents("bootstrap__inbound.edi")
    assert (answer.order.number, answer.answer, answer.issued_on) == ("365465413", "accepted", date(2022, 9, 13))
    assert [(line.ordered.number, line.answer, line.quantity, line.unit_price) for line in answer.lines] == [
        ("item-1", LineAnswer.ACCEPTED, D(8), D(400)),
        ("item-2", LineAnswer.ACCEPTED, D(4), D(125)),
    ]
    first, second = documents("x12parser__855SSimmons.txt")
    assert (first.seller_order_number, second.seller_order_number) == ("83517234", "83517334")
    assert first.order.delivery_date == date(2011, 10, 7)


def test_the_answer_to_a_change():
    (answer,) = documents("x12parser__FromTyco.txt")
    assert (answer.order.number, answer.change, answer.answer) == ("2470184577", "00000003", "accepted_with_changes")
    (line,) = answer.lines
    assert (line.answer, line.quantity, line.delivery_date) == (LineAnswer.CHANGED, D(1000), date(2008, 6, 2))
    assert answer.order.terms.startswith("COLLECT EXCEPT FOR UPS")


def test_a_change_that_deletes():
    (change,) = documents("x12parser__3_Example1.txt")
    assert (change.order.number, [line.change.value for line in change.lines]) == ("PO NUMBER", ["deleted", "deleted"])
    assert change.buyer.identifiers[0].value.startswith("1129")


def test_ship_notices():
    (notice,) = documents("node-x12__856.edi")
    assert (notice.number, notice.order_number, notice.gross_weight) == ("829716", "99999817", D("60.310"))
    assert (notice.weight_unit, notice.tracking) == ("LBR", "5787970539")
    assert [(line.number, line.quantity, line.seller_sku) for line in notice.lines] == [
        ("1", D(24), "87787D"),
        ("2", D(6), "99887D"),
    ]
    (bare,) = documents("x12parser__Example4.txt")  # it states no parents at all
    assert {line.order_number for line in bare.lines} == {"PO NUMBER"}
    assert [line.ordered for line in bare.lines] == [D(10), D(5), D(10), D(20), D(5), D(3), D(12)]


def test_a_price_catalogue():
    (catalogue,) = documents("x12parser__Example2_HIBCC.txt")
    assert (catalogue.number, catalogue.valid_from, catalogue.valid_until) == (
        "CT21000",
        date(2000, 1, 1),
        date(2000, 12, 31),
    )
    (line,) = catalogue.lines
    assert [(price.amount, price.kind, price.unit) for price in line.prices] == [
        (D(65), "C01", "CS"),
        (D("62.20"), "C02", "CS"),
        (D("58.75"), "C03", "CS"),
    ]
    assert {price.valid_from for price in line.prices} == {date(2000, 3, 1)}
    assert catalogue.seller.identifiers == (Identifier("08KUG8732", Scheme.OTHER, "21"),)


def test_an_implementation_acknowledgement():
    (notice,) = documents("x12parser__DHS_Wisconsin_Sample.txt")
    assert [(one.kind, one.reference, one.verdict) for one in notice.verdicts] == [
        ("group", "17456", "partly"),
        ("message", "0001", "accepted"),
        ("message", "002", "rejected"),
        ("message", "0003", "rejected"),
    ]
    assert [error.code for error in notice.verdicts[2].errors] == ["IK304:8", "IK403:1", "IK502:5"]
