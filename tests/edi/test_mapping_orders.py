"""ORDERS, 850 and UBL Order become the same kind of document, field by field."""

from datetime import date
from decimal import Decimal

import pytest

from edi.mapping import write_order
from orders.documents import AllowanceDocument, Identifier, Scheme
from tests.edi.fixtures import (
    BUYER_GLN,
    DOCK_GLN,
    GOOD,
    ORDERS_D96A,
    PURCHASE_ORDER,
    SELLER_GLN,
    UBL_ORDER,
    codes,
    envelope,
    errors,
    finding,
    only,
    recount,
    without,
)


def document(text: str):
    """The one order of `text`."""
    (message,) = only(text).messages
    return message.document


def test_orders_d96a():
    order = document(ORDERS_D96A)
    assert (order.number, order.issued_on, order.currency) == ("BR-2026-0815", date(2026, 3, 2), "EUR")
    assert (order.function, order.kind, order.delivery_date) == ("original", "order", date(2026, 3, 20))
    assert order.notes == ("Ring at gate 3: ask for Ms. O'Hara",)
    assert order.references == (("contract", "FRAME-7"), ("promotion", "D-2026-00042-7"))
    assert (order.incoterm, order.terms) == ("CPT", "")
    assert order.allowances == (AllowanceDocument(False, None, Decimal(2), "Spring campaign"),)
    assert order.stated_total == Decimal("1424.19")
    assert order.stated_line_count == 2
    assert order.extras == ()


def test_parties_of_orders():
    order = document(ORDERS_D96A)
    assert order.buyer.name == "Brenta Impianti S.r.l."
    assert order.buyer.identifiers == (
        Identifier(BUYER_GLN, Scheme.GLN, "9"),
        Identifier("IT01234567890", Scheme.VAT, "VA"),
    )
    assert (order.buyer.street, order.buyer.city, order.buyer.postcode) == ("Via Roma 1", "Padova", "35100")
    assert (order.buyer.country, order.buyer.contact) == ("IT", "Anna Rossi")
    assert (order.buyer.email, order.buyer.phone) == ("anna.rossi@brenta.example", "+390491234567")
    assert order.seller.identifiers[0].value == SELLER_GLN
    assert order.ship_to.identifiers[0].value == DOCK_GLN
    assert order.bill_to is None


def test_lines_of_orders():
    first, second = document(ORDERS_D96A).lines
    assert (first.number, first.quantity, first.unit) == ("1", Decimal(10), "PCE")
    assert (first.seller_sku, first.buyer_sku) == ("AP-100", "4711-A")
    assert (first.description, first.unit_price) == ("Centrifugal pump 2.2 kW", Decimal("123.45"))
    assert (first.stated_amount, first.price_base) == (Decimal("1234.5"), Decimal(1))
    assert first.place == "segment 20"
    assert (second.unit_price, second.price_base) == (Decimal("87.5"), Decimal(100))
    assert (second.delivery_date, second.note) == (date(2026, 4, 1), "Pack in tens")


def test_850():
    order = document(PURCHASE_ORDER)
    assert (order.number, order.issued_on, order.currency) == ("BR-2026-0817", date(2026, 3, 2), "USD")
    assert order.references == (("contract", "FRAME-7"), ("promotion", "D-2026-00042-7"))
    assert order.allowances == (AllowanceDocument(True, Decimal("12.50"), None, "Freight", code="G830"),)
    assert (order.terms, order.delivery_date) == ("Net 30 days", date(2026, 3, 20))
    assert order.buyer.identifiers == (Identifier(BUYER_GLN, Scheme.GLN, "UL"),)
    assert (order.buyer.city, order.buyer.region, order.buyer.contact) == ("Padova", "PD", "Anna Rossi")
    assert (order.buyer.phone, order.buyer.email) == ("390491234567", "anna.rossi@brenta.example")
    assert order.seller.identifiers == (Identifier("V-100", Scheme.BUYER, "92"),)
    assert order.ship_to.name == "Brenta warehouse"
    assert order.stated_total == Decimal("1453.25")
    first, second = order.lines
    assert (first.quantity, first.unit, first.unit_price) == (Decimal(10), "EA", Decimal("123.45"))
    assert (first.seller_sku, first.buyer_sku) == ("AP-100", "4711-A")
    assert (second.price_base, second.delivery_date) == (Decimal(100), date(2026, 4, 1))
    assert second.description == "Seal kit"
    assert not order.extras


def test_ubl_order():
    order = document(UBL_ORDER)
    assert (order.number, order.issued_on, order.currency) == ("BR-2026-0818", date(2026, 3, 2), "EUR")
    assert order.references == (("contract", "FRAME-7"),)
    assert order.buyer.identifiers == (
        Identifier(BUYER_GLN, Scheme.GLN, "0088"),
        Identifier("IT01234567890", Scheme.VAT, "VAT"),
    )
    assert order.seller.identifiers == (Identifier("IT09876543210", Scheme.VAT, "0211"),)
    assert order.seller.name == "Aurora Pumps"
    assert (order.delivery_date, order.stated_total) == (date(2026, 3, 20), Decimal("1453.25"))
    first, second = order.lines
    assert (first.number, first.quantity, first.unit, first.unit_price) == ("1", Decimal(10), "C62", Decimal("123.45"))
    assert (first.seller_sku, first.buyer_sku, first.description) == ("AP-100", "4711-A", "Centrifugal pump 2.2 kW")
    assert (second.price_base, second.note, second.stated_amount) == (Decimal(100), "Pack in tens", Decimal("218.75"))
    assert second.place == "/Order/cac:OrderLine[2]/cac:LineItem"
    assert order.extras == (("AnticipatedMonetaryTotal/PayableAmount", "1453.25"),)


@pytest.mark.parametrize("name", GOOD)
def test_sound_orders_have_no_findings(name):
    assert codes(GOOD[name]) == set()
    assert len(only(GOOD[name]).applicable) == 1


def test_what_is_not_mapped_is_kept():
    order = document(recount(ORDERS_D96A.replace("QTY+21:10:PCE'", "QTY+21:10:PCE'\nQTY+59:12:PCE'")))
    assert order.lines[0].extras == (("QTY", "QTY+59:12:PCE"),)
    order = document(recount(PURCHASE_ORDER.replace("CTT*2", "PO4*4*4*EA~\nCTT*2")))
    assert order.lines[1].extras == (("PO4", "PO4*4*4*EA"),)


def test_details_of_other_groups_do_not_leak_into_the_line():
    text = ORDERS_D96A.replace(
        "UNS+S'", "LOC+7+A'\nQTY+11:200'\nALC+A'\nQTY+1:5'\nSCC+1'\nQTY+21:50'\nDTM+2:20260501:102'\nUNS+S'"
    )
    line = document(recount(text)).lines[1]
    assert line.quantity == Decimal(250)
    assert line.delivery_date == date(2026, 4, 1)
    text = PURCHASE_ORDER.replace("CTT*2", "SLN*1**I*3*EA*9.99~\nPID*F****Part of a kit~\nN1*MA*Somewhere else~\nCTT*2")
    order = document(recount(text))
    assert order.lines[1].description == "Seal kit"
    assert order.ship_to.name == "Brenta warehouse"


def test_a_schedule_stands_in_for_a_missing_quantity():
    text = ORDERS_D96A.replace("QTY+21:250:PCE'\n", "").replace(
        "UNS+S'", "SCC+1'\nQTY+113:100:PCE'\nSCC+1'\nQTY+113:150:PCE'\nUNS+S'"
    )
    assert document(recount(text)).lines[1].quantity == Decimal(250)


def test_net_price_is_preferred_to_gross():
    text = ORDERS_D96A.replace("PRI+AAA:123.45'", "PRI+AAB:150'\nPRI+AAA:123.45'")
    assert document(recount(text)).lines[0].unit_price == Decimal("123.45")
    text = ORDERS_D96A.replace("PRI+AAA:123.45'", "PRI+AAA:123.45'\nPRI+AAB:150'")
    assert document(recount(text)).lines[0].unit_price == Decimal("123.45")


@pytest.mark.parametrize(("code", "function"), [("1", "cancel"), ("4", "change"), ("5", "replace"), ("7", "duplicate")])
def test_functions(code, function):
    assert document(ORDERS_D96A.replace("0815+9", f"0815+{code}")).function == function
    assert document(PURCHASE_ORDER.replace("BEG*00", f"BEG*0{code}")).function == function


def test_kinds():
    assert document(ORDERS_D96A.replace("BGM+220", "BGM+221")).kind == "blanket"
    assert document(PURCHASE_ORDER.replace("BEG*00*SA", "BEG*00*DS")).kind == "drop_ship"
    assert (
        document(UBL_ORDER.replace("<cbc:Note>", "<cbc:OrderTypeCode>227</cbc:OrderTypeCode><cbc:Note>", 1)).kind
        == "other"
    )


def test_manufacturer_number_stands_in_for_the_sellers():
    line = document(PURCHASE_ORDER.replace("*VN*AP-200", "*MG*AP-200")).lines[1]
    assert line.seller_sku == "AP-200"
    assert ("MG", "AP-200") in line.references


def test_line_numbers_by_position():
    text = PURCHASE_ORDER.replace("PO1*2*", "PO1**")
    assert [line.number for line in document(text).lines] == ["1", "2"]
    assert finding(text, "line-number-assigned").severity == "note"
    assert [line.number for line in document(ORDERS_D96A.replace("LIN+2+", "LIN++")).lines] == ["1", "2"]


def test_periods_and_weeks_as_delivery_dates():
    text = ORDERS_D96A.replace("DTM+2:20260401:102", "DTM+2:2026040120260408:718")
    assert document(text).lines[1].delivery_date == date(2026, 4, 1)
    text = ORDERS_D96A.replace("DTM+2:20260401:102", "DTM+2:202614:616")
    assert document(text).lines[1].delivery_date == date(2026, 3, 30)
    assert document(ORDERS_D96A.replace("20260302:102", "202603021455:203")).issued_on == date(2026, 3, 2)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    ("code", "severity", "changes"),
    [
        ("line-count", "error", {"orders": ("CNT+2:2", "CNT+2:3"), "850": ("CTT*2*260", "CTT*3*260")}),
        (
            "duplicate-line-number",
            "error",
            {"orders": ("LIN+2", "LIN+1"), "850": ("PO1*2", "PO1*1"), "ubl": ("<cbc:ID>2<", "<cbc:ID>1<")},
        ),
        (
            "quantity-not-positive",
            "error",
            {"orders": ("21:250", "21:0"), "850": ("*2*250*", "*2*-1*"), "ubl": (">250<", ">-1<")},
        ),
        (
            "price-negative",
            "error",
            {"orders": (":87.5", ":-87.5"), "850": ("*87.5*", "*-87.5*"), "ubl": ('EUR">87.5', 'EUR">-87.5')},
        ),
        (
            "gtin-check-digit",
            "warning",
            {
                "orders": ("8024670010024", "8024670010025"),
                "850": ("8024670010024", "8024670010025"),
                "ubl": ("8024670010024", "8024670010025"),
            },
        ),
        (
            "gln-check-digit",
            "warning",
            {
                "orders": ("BY+8033661230013", "BY+8033661230014"),
                "850": ("UL*8033661230013", "UL*8033661230014"),
                "ubl": (">8033661230013", ">8033661230014"),
            },
        ),
        (
            "currency-code",
            "warning",
            {"orders": ("2:EUR", "2:EU"), "850": ("BY*USD", "BY*US"), "ubl": ("Code>EUR", "Code>EURO")},
        ),
        (
            "total-mismatch",
            "warning",
            {"orders": ("86:1424", "86:1524"), "850": ("TT*1453", "TT*1553"), "ubl": ('EUR">1453.25', 'EUR">1553.25')},
        ),
        ("line-amount-mismatch", "warning", {"orders": ("203:1234.5", "203:1235.5"), "ubl": ("1234.50<", "1235.50<")}),
        ("quantity-total", "warning", {"850": ("CTT*2*260", "CTT*2*261")}),
        (
            "delivery-before-order",
            "warning",
            {
                "orders": ("2:20260401", "2:20250401"),
                "850": ("002*20260401", "002*20250401"),
                "ubl": ("2026-03-20", "2026-01-20"),
            },
        ),
        (
            "party-missing",
            "warning",
            {"orders": ("NAD+SU+8024670010017::9++Aurora Pumps", "NAD+SU"), "850": ("N1*SU", "N1*ZZ")},
        ),
        ("missing-element", "error", {"ubl": ("<cbc:IssueDate>2026-03-02</cbc:IssueDate>", "")}),
        ("invalid-date", "error", {"ubl": (">2026-03-02<", ">02/03/2026<")}),
        ("invalid-number", "error", {"ubl": (">250<", ">many<")}),
    ],
)
def test_business_checks(name, code, severity, changes):
    change = changes.get(name) or changes.get(name.split("-", maxsplit=1)[0])
    if change is None:
        pytest.skip("not in this standard")
    assert change[0] in GOOD[name]
    fault = finding(GOOD[name].replace(*change), code)
    assert fault.severity == severity
    assert fault.place.line > 1


def test_missing_quantities():
    assert "quantity-missing" in errors(recount(ORDERS_D96A.replace("QTY+21:250:PCE'\n", "")))
    assert "quantity-missing" in errors(PURCHASE_ORDER.replace("PO1*2*250*", "PO1*2**"))
    without_quantity = UBL_ORDER.replace('<cbc:Quantity unitCode="C62">250</cbc:Quantity>', "")
    assert finding(without_quantity, "quantity-missing").severity == "warning"
    assert document(without_quantity).lines[1].quantity == Decimal(1)


def test_an_order_without_lines_or_number():
    assert "no-lines" in errors(without(ORDERS_D96A, "LIN", "PIA", "IMD", "QTY", "PRI"))
    assert "order-number-missing" in errors(ORDERS_D96A.replace("BGM+220+BR-2026-0815", "BGM+220+"))
    assert "order-number-missing" in errors(UBL_ORDER.replace("BR-2026-0818", ""))


def test_a_revoked_nso_order_may_have_no_lines():
    reference = (
        "<cac:OrderDocumentReference><cbc:ID>2200#2026-01-20#ABCDEF#Cancelled</cbc:ID></cac:OrderDocumentReference>"
    )
    text = UBL_ORDER.replace("<cac:Contract>", reference + "<cac:Contract>")
    assert document(text).function == "cancel"
    head, tail = text.index("<cac:OrderLine>"), text.index("</Order>")
    assert finding(text[:head] + text[tail:], "no-lines").severity == "warning"


def test_amounts_are_rounded_half_up_and_tolerated():
    for amount, told in (("1234.5", False), ("1234.52", False), ("1234.53", True)):
        text = ORDERS_D96A.replace("MOA+203:1234.5", f"MOA+203:{amount}")
        assert ("line-amount-mismatch" in codes(text)) is told


def test_hostile_text_is_kept_as_text():
    for value in ("=cmd|calc", "<script>alert(1)</script>", "\u202egnp.exe", "Robert'); DROP TABLE--"):
        order = document(UBL_ORDER.replace("Seal kit", value.replace("<", "&lt;")))
        assert order.lines[1].description == value
        for standard in ("edifact", "x12", "ubl"):
            data = write_order(order, standard=standard, envelope=envelope())
            assert b"<script>" not in data or standard != "ubl"
