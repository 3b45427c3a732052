"""Real invoices, answers and despatches in UBL and cXML: figures as a plain text search of the files finds them."""

from decimal import Decimal

import pytest

from edi.mapping import read
from orders.documents import Document
from tests.paths import EDI_SAMPLES

pytestmark = pytest.mark.skipif(EDI_SAMPLES is None, reason="the sample files are not here")

BIS, POACC, GOBL = "peppol/peppol-bis-invoice-3__", "peppol/poacc-upgrade-3__", "ubl/gobl-ubl__"


def message_of(name: str):
    """The only message of a sample; none of these has an error."""
    (interchange,) = read((EDI_SAMPLES / f"{name}.xml").read_bytes()).interchanges
    (message,) = interchange.messages
    assert [item for item in interchange.all_findings if item.severity == "error"] == []
    return message


def document_of(name: str) -> Document:
    return message_of(name).document


@pytest.mark.parametrize(
    ("name", "number", "kind", "payable", "tax", "lines"),
    [
        (f"{BIS}Allowance-example", "Snippet1", "invoice", "6125.00", "1225.00", 3),
        (f"{BIS}Vat-category-S", "Snippet1", "invoice", "8550", "1550.00", 3),
        (f"{BIS}base-creditnote-correction", "Snippet1", "credit_note", "1656.25", "331.25", 2),
        (f"{BIS}base-example", "Snippet1", "invoice", "1656.25", "331.25", 2),
        (f"{BIS}base-negative-inv-correction", "Correction1", "invoice", "-1656.25", "-331.25", 2),
        (f"{BIS}vat-category-O", "Vat-O", "invoice", "3200.00", "0.00", 1),
        (f"{GOBL}credit-note-fr", "FR-CN-001", "credit_note", "2160.00", "360.00", 1),
        (f"{GOBL}credit-note-simple", "CN-001", "credit_note", "2142.00", "342.00", 1),
        (f"{GOBL}invoice-attachments", "SAMPLE-001", "invoice", "2036.09", "325.09", 1),
        (f"{GOBL}invoice-complete", "SAMPLE-001", "invoice", "2036.09", "325.09", 1),
        (f"{GOBL}invoice-proforma", "PROFORMA-001", "invoice", "2142.00", "342.00", 1),
    ],
)
def test_invoices(name, number, kind, payable, tax, lines):
    invoice = document_of(name)
    assert (invoice.number, invoice.kind, len(invoice.lines)) == (number, kind, lines)
    assert (invoice.totals.payable, invoice.totals.tax) == (Decimal(payable), Decimal(tax))
    assert sum(entry.amount for entry in invoice.taxes) == Decimal(tax)
    assert sum(line.amount for line in invoice.lines) == invoice.totals.lines
    assert invoice.seller.name
    assert invoice.buyer.name


@pytest.mark.parametrize(
    ("name", "answer", "lines"),
    [
        ("OrderResponse_Example", "accepted_with_changes", "backordered accepted changed"),
        ("OrderResponse_sc1", "accepted_with_changes", "changed changed"),
        ("OrderResponse_sc2", "accepted", ""),
        ("OrderResponse_sc3", "accepted_with_changes", "changed accepted"),
        ("OrderResponse_sc4", "accepted", ""),
        ("OrderResponse_sc5", "rejected", ""),
        ("UC1_Order_response", "accepted_with_changes", "accepted rejected changed"),
        ("UC3_Order_response", "rejected", ""),
        ("UC4_Order_response", "accepted_with_changes", "changed"),
        ("UC5_Order_response", "accepted", ""),
    ],
)
def test_order_responses(name, answer, lines):
    response = document_of(POACC + name)
    assert (response.answer, " ".join(line.answer for line in response.lines)) == (answer, lines)
    assert response.order.number


def test_a_substitute():
    first = document_of(f"{POACC}OrderResponse_Example").lines[0]
    assert (first.ordered.number, first.quantity, first.ordered.quantity) == ("1", 10, 13)
    assert (first.substitute, str(first.delivery_date), first.unit_price) == ("SN-34", "2018-08-10", Decimal("1.50"))


def test_changes_and_cancellations():
    change = document_of(f"{POACC}OrderChange_Example")
    assert (change.function, change.order.number, change.sequence) == ("change", "Order-1", "1")
    assert [(line.line.number, line.line.quantity, line.change) for line in change.lines] == [
        ("1", 5, "changed"),
        ("2", 50, "changed"),
    ]
    cancellation = document_of(f"{POACC}OrderCancellation_sc1")
    assert (cancellation.function, cancellation.number) == ("cancel", "Cancellation-1")
    assert cancellation.order.number


def test_despatches():
    despatch = document_of(f"{POACC}DespatchAdvice_Example")
    assert (despatch.number, despatch.order_number, despatch.tracking) == ("565899", "AEG012345", "456789")
    assert (str(despatch.shipped_on), despatch.carrier.name) == ("2018-09-25", "Name")
    (line,) = despatch.lines
    assert (line.quantity, line.outstanding, line.order_line) == (10, 2, "1")
    assert (line.batch, str(line.best_before), line.serials) == ("546378239", "2018-12-01", ("4558784",))
    goods = document_of(f"{POACC}DespatchAdvice-BIS3_UseCase3")
    assert [line.quantity for line in goods.lines] == [10, 23, 500, 12]


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("MessageLevelResponse_Example", "rejected"),
        ("T111-uc004a-Invoice_is_rejected", "rejected"),
        ("T111-uc002b-In_process_but_postponed", "received"),
    ],
)
def test_application_responses(name, verdict):
    message = message_of(POACC + name)
    assert message.is_acknowledgement
    assert [entry.verdict for entry in message.document.verdicts] == [verdict]


def test_a_catalogue():
    catalogue = document_of(f"{POACC}Catalogue_Example")
    assert (catalogue.number, len(catalogue.lines)) == ("1387", 2)
    assert all(line.prices for line in catalogue.lines)


def test_cxml_invoices():
    invoice = document_of("cxml/cxml__invoice_backed_and_unbacked_by_pos")
    assert [
        (line.number, line.quantity, line.unit_price, line.amount, line.order_number) for line in invoice.lines
    ] == [
        ("1", 3, 100, 200, "E14994"),
        ("2", 2, 10, 20, ""),
    ]
    assert (invoice.currency, invoice.totals.lines) == ("USD", Decimal("220.00"))
    assert "TESTSECRET" not in repr(message_of("cxml/cxml__invoice_backed_and_unbacked_by_pos"))
    status = message_of("cxml/cxml-php__StatusUpdateRequest")
    assert [entry.verdict for entry in status.document.verdicts] == ["accepted"]
    refused = document_of("cxml/cxml__response_status_400").verdicts[0]
    assert (refused.verdict, refused.errors[0].code) == ("rejected", "400")


def test_every_cxml_file_is_recognised():
    for path in sorted((EDI_SAMPLES / "cxml").glob("*.xml")):
        reading = read(path.read_bytes())
        assert reading.standard == "cxml"
        assert {item.code for item in reading.all_findings if item.severity == "error"} <= {"unsupported-message"}
