"""What is wrong with an X12 set is told with a code and a sentence; what is only unusual does not refuse it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from edi.mapping import read, write
from edi.syntax.limits import Limits
from orders.documents import (
    AllowanceDocument,
    DespatchDocument,
    DespatchLineDocument,
    InvoiceDocument,
    InvoiceLineDocument,
    OrderDocument,
    OrderLineDocument,
    PartyDocument,
    ReceiptDocument,
    ScheduleDocument,
    TaxDocument,
    TotalsDocument,
)
from tests.edi import x12_sets as sets
from tests.edi.fixtures import envelope, only
from tests.edi.x12_sets import document, found, interchange

D = Decimal


def messages(kind: str, body: str, code: str) -> list[str]:
    """The sentences of all findings of `code`."""
    return [item.message for item in only(interchange(kind, body)).all_findings if item.code == code]


# -- 856: the tree ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("HL*4*3*P", "HL*4*9*P", ("error", "hl-parent-unknown")),
        ("HL*4*3*P", "HL*4*4*P", ("error", "hl-cycle")),
        ("HL*3*2*T", "HL*3*5*T", ("error", "hl-cycle")),
        ("HL*7*6*I", "HL*5*6*I", ("error", "hl-duplicate")),
        ("HL*6*1*O", "HL*16*1*O", ("warning", "hl-sequence")),
        ("HL*7*6*I", "HL*7**I", ("warning", "hl-parent-missing")),
        ("HL*3*2*T", "HL*3*2*ZZ", ("warning", "hl-level")),
        ("SN1**100*EA", "SN1***EA", ("error", "quantity-missing")),
        ("CTT*7*105", "CTT*3*105", ("error", "line-count")),
        ("CTT*7*105", "CTT*7*99", ("warning", "quantity-total")),
        ("340123450000000017", "340123450000000018", ("warning", "sscc-check-digit")),
    ],
)
def test_faults_of_a_ship_notice(old, new, expected):
    assert old in sets.DESPATCH
    assert expected in found("856", sets.DESPATCH.replace(old, new))


def test_a_ship_notice_without_pointers_is_read_by_its_order():
    text = sets.DESPATCH
    for pointer in ("HL*2*1*", "HL*3*2*", "HL*4*3*", "HL*5*4*", "HL*6*1*", "HL*7*6*"):
        text = text.replace(pointer, pointer[:5] + "*")
    despatch = document("856", text)
    assert [(line.order_number, line.package) for line in despatch.lines] == [("PO-1", "4"), ("PO-2", "")]
    assert len(messages("856", text, "hl-parent-missing")) == 1


def test_a_deep_or_circular_tree_ends():
    deep = "\n".join(["BSN*00*A*20260302*1015", "HL*1**S", *(f"HL*{n}*{n - 1}*P" for n in range(2, 60))])
    assert ("error", "hl-too-deep") in found("856", deep)
    circle = "\n".join(["BSN*00*A*20260302*1015", "HL*1*3*S", "HL*2*1*O", "HL*3*2*I", "SN1**1*EA"])
    assert ("error", "hl-cycle") in found("856", circle)


def test_thousands_of_items_without_pointer():
    items = "\n".join(f"HL*{n}**I\nSN1*{n}*1*EA" for n in range(2, 3_000))
    (message,) = only(interchange("856", f"BSN*00*A*20260302*1015\nHL*1**S\n{items}")).messages
    assert len(message.document.lines) == 2_998


# -- orders, answers and invoices -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "old", "new", "expected"),
    [
        ("850", sets.ORDER, "PO1*2*10*LB", "PO1*2**LB", None),  # its schedule says how much
        ("850", sets.ORDER, "SDQ*CA*92*001*50", "SDQ*CA*92*001*40", ("warning", "schedule-total")),
        ("850", sets.ORDER, "*120*CA*", "*120*QX*", ("warning", "unknown-unit")),
        ("850", sets.ORDER, "BEG*00*", "BEG*99*", ("warning", "unknown-function")),
        ("850", sets.ORDER, "CTT*2*130", "CTT*3*130", ("error", "line-count")),
        ("850", sets.ORDER, "PO1*2*10*LB", "PO1*1*10*LB", ("error", "duplicate-line-number")),
        ("855", sets.RESPONSE, "ACK*IB*20", "ACK*IB*30", ("warning", "answered-quantity")),
        ("855", sets.RESPONSE, "ACK*IP*10", "ACK*Q9*10", ("warning", "unknown-answer")),
        ("855", sets.RESPONSE, "PO1*5*7*EA", "PO1*5**EA", ("error", "quantity-missing")),
        ("860", sets.CHANGE, "POC*3*AI*4", "POC*3*AI*", ("error", "quantity-missing")),
        ("860", sets.CHANGE, "POC*4*NC*9", "POC*4*NC*", None),
        ("860", sets.CHANGE, "CTT*4", "CTT*5", ("error", "line-count")),
        ("810", sets.INVOICE, "TDS*123000", "TDS*123900", ("warning", "total-mismatch")),
        ("810", sets.INVOICE, "*20260420*30", "*20260120*30", ("warning", "due-before-issue")),
        ("820", sets.PAYMENT, "RMR*IV*INV-2**270.25", "RMR*IV*INV-2**1", None),  # an adjustment explains the difference
        ("820", sets.PAYMENT, "ADX*-10*01", "NTE**Late", None),
        ("832", sets.CATALOGUE, "CTT*1", "CTT*4", ("error", "line-count")),
    ],
)
def test_faults(kind, text, old, new, expected):
    assert old in text
    findings = found(kind, text.replace(old, new)) - found(kind, text)
    assert expected in findings if expected else "error" not in {severity for severity, _ in findings}


def test_a_payment_that_its_invoices_do_not_explain():
    text = sets.PAYMENT.replace("ADX*-10*01\n", "").replace("BPR*C*1500.25", "BPR*C*1500.26")
    assert ("warning", "payment-total") in found("820", text)
    assert ("error", "amount-missing") in found("820", sets.PAYMENT.replace("BPR*C*1500.25", "BPR*C*"))


def test_lines_beyond_the_limit_are_told_once():
    lines = "\n".join(f"PO1*{n}*1*EA*1**VP*A{n}" for n in range(1, 40))
    text = interchange("850", f"BEG*00*SA*PO-1**20260302\n{lines}")
    (message,) = read(text.encode(), limits=Limits(lines=10)).interchanges[0].messages
    assert len(message.document.lines) == 10
    assert [item.code for item in message.findings].count("too-many-lines") == 1


def test_an_explosion_of_stores_ends(monkeypatch):
    monkeypatch.setattr("edi.mapping.x12.items.SCHEDULES_AT_MOST", 25)
    stores = "*".join(f"S{n}*1" for n in range(10))
    body = "BEG*00*SA*PO-1**20260302\nPO1*1*50*EA*1**VP*A\n" + "\n".join([f"SDQ*EA*92*{stores}"] * 5)
    (message,) = only(interchange("850", body)).messages
    assert len(message.document.lines[0].schedule) == 25
    assert [item.code for item in message.findings].count("too-many-schedules") == 1


# -- what cannot be written -------------------------------------------------------------------------------------------

LINE = OrderLineDocument(number="1", quantity=D(3), unit="EA", unit_price=D("1.25"), seller_sku="AP-1")
ORDER = OrderDocument(number="PO-1", issued_on=date(2026, 3, 2), lines=(LINE,))


def lost(document) -> list[str]:
    written = write([document], standard="x12", envelope=envelope("ZZ"))
    return [f"{item.severity}: {item.message}" for item in written.findings]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"allowances": (AllowanceDocument(True, D("1.005")),)}, "850 takes two decimals for an allowance; 1.005"),
        ({"allowances": (AllowanceDocument(True, D(1), base=D(9)),)}, "850 has no place for base ('9')"),
        ({"taxes": (TaxDocument("VAT", "AE", D(0)),)}, "850 has no place for the category of a tax ('AE')"),
        ({"references": (("gate", "3"),)}, "850 has no place for the kind of a reference ('gate')"),
        ({"lines": (replace(LINE, unit="QZZ"),)}, "The unit 'QZZ' is not known in X12 (355)"),
        ({"lines": (replace(LINE, price_base=D(7)),)}, "850 has prices for 1, 10, 100 and 1000 units; that for 7"),
        ({"lines": (replace(LINE, schedule=(ScheduleDocument(D(3)),)),)}, "850 has no place for a delivery without"),
        ({"seller": PartyDocument(name="N" * 61)}, "850 takes 60 characters for a name"),
    ],
)
def test_what_an_850_cannot_say_is_told(changes, part):
    (said,) = lost(replace(ORDER, **changes))
    assert said.startswith("warning: ")
    assert part in said


def test_a_number_is_never_cut():
    assert lost(replace(ORDER, number="P" * 23)) == [
        "error: 850 takes 22 characters for the order number; 'PPPPPPPPPPPPPPPPPPPPPPP' is longer and cannot be cut."
    ]
    assert lost(replace(ORDER, lines=(replace(LINE, seller_sku="S" * 49),)))[0].startswith("error: 850 takes 48")


def test_what_others_cannot_say():
    line = InvoiceLineDocument(number="1", quantity=D(1), note="Mind the gap")
    invoice = InvoiceDocument(number="I", lines=(line,), payment_means="58", accounts=("IT60X",))
    said = lost(replace(invoice, totals=TotalsDocument(total=D(1))))
    assert [text.split(" (")[0] for text in said] == [
        "warning: 810 has no place for payment_means",
        "warning: 810 has no place for accounts",
        "warning: 810 has no place for note",
    ]
    assert lost(invoice)[-1] == "error: The invoice states no total, which X12 must have (TDS01)."
    item = DespatchLineDocument(number="1", quantity=D(1), order_number="A", outstanding=D(2))
    assert "outstanding" in lost(DespatchDocument(number="D", lines=(item,)))[0]
    assert lost(ReceiptDocument(number="R")) == [
        "error: X12 has no transaction set here for this document (ReceiptDocument)."
    ]
    assert write([], standard="x12", envelope=envelope("ZZ")).rejected


def test_several_documents_are_one_interchange():
    documents = [ORDER, replace(ORDER, number="PO-2"), InvoiceDocument(number="I", totals=TotalsDocument(total=D(1)))]
    written = write(documents, standard="x12", envelope=envelope("ZZ", version="005010", message_reference="41"))
    reading = read(written.data)
    (one,) = reading.interchanges
    assert [(group.kind, group.reference, group.stated_count) for group in one.groups] == [
        ("PO", "99", 2),
        ("IN", "100", 1),
    ]
    assert [(message.kind, message.reference, message.version) for message in one.messages] == [
        ("850", "0041", "005010"),
        ("850", "0042", "005010"),
        ("810", "0043", "005010"),
    ]
    assert (one.version, reading.rejected) == ("00501", False)


def test_separators_in_the_data_are_avoided():
    document = replace(ORDER, notes=("a*b|c~d>e:f^g`h",))
    for version in ("004010", "005010"):
        data = write([document], standard="x12", envelope=envelope("ZZ", version=version)).data
        back = read(data)
        assert back.interchanges[0].messages[0].document.notes == document.notes
        assert not back.rejected
