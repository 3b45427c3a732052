"""What EDIFACT cannot say is told, never dropped in silence; several documents make one interchange."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from edi.mapping import read, write
from orders.documents import (
    DespatchDocument,
    Identifier,
    OrderDocument,
    OrderLineDocument,
    PartyDocument,
    RemittanceDocument,
    Scheme,
)
from tests.edi.fixtures import BUYER_GLN, SELLER_GLN, envelope

BUYER = PartyDocument((Identifier(BUYER_GLN, Scheme.GLN),), "Brenta Impianti")
SELLER = PartyDocument((Identifier(SELLER_GLN, Scheme.GLN),), "Aurora Pumps")
LINE = OrderLineDocument(number="1", quantity=Decimal(3), unit="PCE", seller_sku="AP-1", unit_price=Decimal("9.5"))
ORDER = OrderDocument(
    number="BR-1", issued_on=date(2026, 3, 2), currency="EUR", buyer=BUYER, seller=SELLER, lines=(LINE,)
)


def written(*documents, **changes):
    return write(documents, standard="edifact", envelope=replace(envelope("14"), **changes))


def told(*documents) -> list[tuple[str, str, str]]:
    return [(item.severity, item.code, item.message) for item in written(*documents).findings]


def rows(*documents, **changes) -> list[str]:
    return [row.strip() for row in written(*documents, **changes).data.decode("latin-1").split("'")]


def test_an_order_segment_by_segment():
    assert rows(ORDER)[2:-1] == [
        "UNH+1+ORDERS:D:96A:UN:EAN008",
        "BGM+220+BR-1+9",
        "DTM+137:20260302:102",
        f"NAD+BY+{BUYER_GLN}::9++Brenta Impianti",
        f"NAD+SU+{SELLER_GLN}::9++Aurora Pumps",
        "CUX+2:EUR:9",
        "LIN+1",
        "PIA+5+AP-1:SA",
        "QTY+21:3:PCE",
        "PRI+AAA:9.5",
        "UNS+S",
        "CNT+2:1",
        "UNT+13+1",
        "UNZ+1+" + envelope("14").control_number,
    ]


def test_directory_d01b():
    order = replace(ORDER, lines=(replace(LINE, gtin="8024670010024"),))
    got = rows(order, version="D.01B")
    assert "UNH+1+ORDERS:D:01B:UN:EAN010" in got
    assert "LIN+1++8024670010024:SRV" in got


def test_several_documents_are_one_interchange():
    data = written(ORDER, replace(ORDER, number="BR-2"), DespatchDocument(number="ASN-1", buyer=BUYER), version="").data
    (interchange,) = read(data).interchanges
    assert [(message.reference, message.kind) for message in interchange.messages] == [
        ("1", "ORDERS"),
        ("2", "ORDERS"),
        ("3", "DESADV"),
    ]
    assert interchange.details["application"] == ""
    assert interchange.findings == ()


def test_a_document_that_has_no_message_is_refused():
    payment = RemittanceDocument(number="PAY-1", amount=Decimal(5))
    result = written(payment)
    assert (result.rejected, result.data) == (True, b"")
    assert [item.code for item in result.findings] == ["cannot-be-written"]
    assert "remittance" in result.findings[0].message


def test_what_has_no_place_is_named_with_its_value():
    assert told(replace(ORDER, kind="drop_ship")) == [
        ("warning", "not-expressible", "ORDERS has no place for kind of order (drop_ship); it was left out.")
    ]
    despatch = DespatchDocument(number="ASN-1", buyer=BUYER, notes=("Mind the step",))
    assert told(despatch) == [
        ("warning", "not-expressible", "DESADV has no place for notes (Mind the step); it was left out.")
    ]
    second = replace(BUYER, identifiers=(*BUYER.identifiers, Identifier("123456789", Scheme.DUNS)))
    assert told(replace(ORDER, buyer=second)) == [
        ("warning", "not-expressible", "ORDERS has no place for second identifier of BY (123456789); it was left out.")
    ]


def test_texts_that_do_not_fit_are_told():
    long = " ".join(["pump"] * 60)
    assert [item[1] for item in told(replace(ORDER, buyer=replace(BUYER, name=long)))] == ["not-expressible"]
    assert [item[1] for item in told(replace(ORDER, buyer=replace(BUYER, postcode="1234567890")))] == [
        "not-expressible"
    ]


def test_a_number_is_never_cut():
    result = written(replace(ORDER, number="N" * 36))
    assert result.rejected
    assert [item.code for item in result.findings] == ["cannot-be-written"]
    assert written(replace(ORDER, lines=(replace(LINE, number="1234567"),))).rejected


def test_what_was_only_kept_is_told_as_a_note():
    assert [item[:2] for item in told(replace(ORDER, extras=(("TDT", "TDT+20"),)))] == [("note", "extras-left-out")]
