import json
from datetime import date
from decimal import Decimal

import pytest

from orders.codec import clean, dump, load
from orders.documents import AllowanceDocument, Identifier, LineAnswer, OrderDocument, PartyDocument, Scheme
from orders.documents import OrderLineDocument as Line
from orders.revisions import differences
from tests.orders.factories import document, line

D = Decimal

WHOLE = OrderDocument(
    number="PO-1",
    issued_on=date(2026, 11, 14),
    currency="EUR",
    buyer=PartyDocument(identifiers=(Identifier("8012345000012", Scheme.GLN, "9"),), name="Brenta", country="IT"),
    ship_to=PartyDocument(name="Cantiere «Adige»"),
    references=(("deal", "D-0041271"), ("ZZZ", "x")),
    notes=("one\ntwo",),
    allowances=(AllowanceDocument(charge=False, percent=D("2.50")),),
    lines=(Line(number="1", quantity=D("1.000"), unit_price=D("0.00000000000000000125"), price_base=D(100)),),
    stated_total=D("1234567890123456789.12"),
    extras=(("segment 3", "raw"),),
)


def test_a_document_comes_back_from_json_without_losing_a_digit():
    again = load(OrderDocument, json.loads(json.dumps(dump(WHOLE))))
    assert again == WHOLE
    assert str(again.lines[0].quantity) == "1.000"


def test_enums_are_dumped_by_value():
    assert dump(LineAnswer.CHANGED) == "changed"


def test_data_of_another_shape_raises():
    with pytest.raises(ValueError):
        load(Line, {"number": "1", "quantity": "1", "delivery_date": "soon"})


def test_clean_takes_out_what_no_database_keeps():
    dirty = document(line(description="a\x00b\x1bc\td\ud800"), notes=("x\x00", "line\nbreak"))
    tidy = clean(dirty)
    assert tidy.lines[0].description == "abc\td"
    assert tidy.notes == ("x", "line\nbreak")
    assert clean(WHOLE) == WHOLE


def test_differences_name_line_and_field():
    before = document(line("1", "2"), line("2", "5", description="Valve"), terms="30 days")
    after = document(line("1", "3", price="99.50"), line("3", "1", description="Drive"), terms="60 days")
    assert differences(before, after) == [
        ["", "terms", "30 days", "60 days"],
        ["2", "line", "5 × Valve", ""],
        ["1", "quantity", "2", "3"],
        ["1", "unit_price", "100", "99.50"],
        ["3", "line", "", "1 × Drive"],
    ]
    assert differences(before, before) == []


def test_differences_of_hostile_size_are_cut():
    before, after = document(line(description="a" * 10_000)), document(line(description="b" * 10_000))
    assert [len(part) for part in differences(before, after)[0]] == [1, 11, 200, 200]
