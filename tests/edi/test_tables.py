"""Tables into documents and back: dialects, headers in four languages, mappings, findings at row and column."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.mapping import Envelope, PartyRef, write
from edi.mapping.tables import FIELDS, ColumnMapping, preview, read_table, suggest, write_table
from edi.mapping.tables.suggesting import date_format_of, decimal_mark_of
from edi.mapping.tables.values import as_day, as_number, as_unit
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.tables import Dialect, read_csv
from orders.documents import LineAnswer, OrderResponseDocument

ITALIAN = (
    "Ordini della settimana\r\n\r\n"
    "Ordine n.;Data ordine;Codice articolo;Descrizione;Q.tà;U.M.;Prezzo unitario;Data consegna;Reparto\r\n"
    'BR-1;02/03/2026;AP-100;"Pompa ""grande""; 2,2 kW";10;pz;1.123,45;20/03/2026;A1\r\n'
    "BR-2;03/03/2026;AP-300;Valvola;4;nr;8,125;;\r\n"
    "BR-1;02/03/2026;AP-200;Guarnizioni;2,5;kg;8,5;;A2\r\n"
)
ENVELOPE = Envelope("1", PartyRef("A"), PartyRef("B"), datetime(2026, 3, 2))
BUYER, SELLER = PartyRef("8033661230013", "14"), PartyRef("V-100")


def documents(data, mapping=None, **more):
    reading = read_table(data, mapping or suggest(data), **more)
    return [message.document for message in reading.interchanges[0].messages]


def codes(reading):
    return [(each.code, each.place.line, each.place.column) for each in reading.all_findings]


def order(text, **more):
    data = text.encode()
    return read_table(data, ColumnMapping("order", **more) if more else suggest(data), sender=BUYER, receiver=SELLER)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_orders_are_grouped_by_their_number_whatever_the_encoding(encoding):
    first, second = documents(ITALIAN.encode(encoding))
    assert (first.number, second.number) == ("BR-1", "BR-2")
    assert first.issued_on == date(2026, 3, 2)
    assert [line.seller_sku for line in first.lines] == ["AP-100", "AP-200"]
    line = first.lines[0]
    assert line.description == 'Pompa "grande"; 2,2 kW'
    assert (line.quantity, line.unit, line.unit_price) == (Decimal(10), "C62", Decimal("1123.45"))
    assert line.delivery_date == date(2026, 3, 20)
    assert line.extras == (("column:Reparto", "A1"),)
    assert line.place == "row 4"
    assert {(each.field, each.literal, each.segment, each.element) for each in line.origin} >= {
        ("quantity", "10", 4, 5),
        ("unit_price", "1.123,45", 4, 7),
    }
    assert first.lines[1].unit == "KGM"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_told_from_the_rows(delimiter):
    rows = [["PO number", "SKU", "Description", "Qty"], ["1", "A", '"x, y; z"', "2"], ["1", "B", "plain", "3"]]
    data = "\n".join(delimiter.join(row) for row in rows).encode()
    (found,) = documents(data)
    assert [(line.seller_sku, line.quantity) for line in found.lines] == [("A", 2), ("B", 3)]
    assert found.lines[0].description == "x, y; z"


def test_the_line_that_excel_writes_about_the_delimiter_is_believed():
    table = read_csv(b"sep=|\r\nSKU|Qty\r\nA|1,5\r\n", Findings())
    assert table.dialect == Dialect("utf-8", "|", '"')
    assert [row.cells for row in table.rows] == [("SKU", "Qty"), ("A", "1,5")]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Purchase Order Number,Item,Quantity", "line.seller_sku"),
        ("Numero ordine,Cod. art.,Quantità", "line.seller_sku"),
        ("Bestellnummer,Artikel-Nr.,Menge", "line.seller_sku"),
        ("N° commande,Référence,Quantité", "line.seller_sku"),
        ("Bestellnr.,EAN,Stückzahl", "line.gtin"),
    ],
)
def test_headers_are_known_in_four_languages(header, field):
    found = suggest(f"{header}\n1,8024670010024,2\n".encode())
    assert list(found.columns) == ["number", field, "line.quantity"]


def test_who_sends_and_receives_stands_for_parties_that_no_column_names():
    reading = order("Order no;SKU;Qty\n1;A;2\n")
    document = reading.interchanges[0].messages[0].document
    assert [each.value for each in document.buyer.identifiers] == ["8033661230013"]
    assert [each.value for each in document.seller.identifiers] == ["V-100"]
    assert reading.interchanges[0].sender == BUYER


def test_what_is_wrong_in_a_cell_is_told_at_its_row_and_column():
    reading = order("Order no;Order date;SKU;Qty\n1;31/12/2026;A;two\n1;31/02/2026;B;2\n1;01/01/2026;;\n")
    found = codes(reading)
    assert ("invalid-number", 2, 4) in found
    assert ("invalid-date", 3, 2) in found
    assert ("value-missing", 4, 0) in found
    assert reading.rejected


def test_one_bad_order_does_not_refuse_the_next():
    reading = order("Order no;SKU;Qty\n1;A;x\n2;B;2\n")
    refused, sound = reading.interchanges[0].messages
    assert refused.rejected and refused.document is None
    assert not sound.rejected and sound.document.number == "2"


def test_a_row_that_contradicts_the_header_of_its_order_is_told_of():
    reading = order("Order no;Currency;SKU;Qty\n1;EUR;A;1\n1;USD;B;1\n1;USD;C;1\n")
    assert [code for code in codes(reading) if code[0] == "header-differs"] == [("header-differs", 3, 2)]


def test_a_mapping_survives_its_json_and_nonsense_becomes_the_default():
    mapping = ColumnMapping("order", {"number": "A"}, {"currency": "EUR"}, "DD.MM.YYYY", ",", {"Stk": "C62"}, 2)
    assert ColumnMapping.from_json(mapping.to_json()) == mapping
    for nonsense in (None, [], "x", {"columns": 3, "header_row": "2", "kind": None}, {"header_row": -1}):
        assert ColumnMapping.from_json(nonsense) == ColumnMapping()


def test_constants_stand_in_for_columns_and_units_of_ones_own_go_first():
    data = b"Teil;Menge;ME\nA;1,5;Geb\n"
    mapping = ColumnMapping(
        columns={"line.seller_sku": "Teil", "line.quantity": "Menge", "line.unit": "ME"},
        constants={"number": "B-7", "currency": "EUR", "issued_on": "2026-03-02"},
        decimal_mark=",",
        units={"Geb": "XBE"},
    )
    (found,) = documents(data, mapping)
    assert (found.number, found.currency, found.issued_on) == ("B-7", "EUR", date(2026, 3, 2))
    assert (found.lines[0].quantity, found.lines[0].unit) == (Decimal("1.5"), "XBE")


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (ColumnMapping(columns={"number": "SKU"}), "column-not-mapped"),
        (ColumnMapping(columns={"number": "No", "line.gtin": "SKU", "line.quantity": "Qty"}), "column-missing"),
        (ColumnMapping("invoice"), "mapping-unusable"),
        (ColumnMapping(decimal_mark=";"), "mapping-unusable"),
        (ColumnMapping(date_format="Y"), "mapping-unusable"),
    ],
)
def test_a_mapping_that_cannot_work_is_a_finding(mapping, code):
    reading = read_table(b"SKU;Qty\nA;1\n", mapping)
    assert code in {each.code for each in reading.all_findings}
    assert not reading.interchanges[0].messages


def test_columns_without_a_name_or_with_the_same_one_stay_apart():
    head = preview(b"Note;;Note\n1;2;3\n", ColumnMapping()).head
    assert head.names == ("Note", "#2", "Note (2)")


def test_the_answer_of_a_seller_is_read_line_by_line():
    data = (
        b"Your order;Item;Ordered;Confirmed quantity;Status;Delivery date\n"
        b"BR-1;A;10;10;;2026-04-01\nBR-1;B;4;3;;\nBR-1;C;2;0;;\nBR-1;D;2;2;abgelehnt;\n"
    )
    mapping = ColumnMapping(
        "response",
        {
            "order_number": "Your order",
            "line.seller_sku": "Item",
            "line.ordered_quantity": "Ordered",
            "line.quantity": "Confirmed quantity",
            "line.answer": "Status",
            "line.delivery_date": "Delivery date",
        },
    )
    (found,) = documents(data, mapping)
    assert isinstance(found, OrderResponseDocument)
    assert (found.order.number, found.answer) == ("BR-1", "accepted_with_changes")
    assert [(line.answer, line.quantity) for line in found.lines] == [
        (LineAnswer.ACCEPTED, 10),
        (LineAnswer.CHANGED, 3),
        (LineAnswer.REJECTED, 0),
        (LineAnswer.REJECTED, 0),
    ]
    assert found.lines[0].delivery_date == date(2026, 4, 1)


def test_a_catalogue_and_a_stock_report_are_read():
    (catalogue,) = documents(
        b"SKU,Description,List price,UOM,MOQ,Lead time\nAP-1,Pump,12.50,pcs,5,14\n",
        suggest(b"SKU,Description,List price,UOM,MOQ,Lead time\nAP-1,Pump,12.50,pcs,5,14\n", "catalogue"),
    )
    line = catalogue.lines[0]
    assert (line.prices[0].amount, line.unit, line.minimum, line.lead_days) == (Decimal("12.50"), "C62", 5, 14)
    data = b"Codice;Giacenza;Magazzino\nAP-1;1.200;Nord\n"
    mapping = ColumnMapping(
        "stock", {"line.seller_sku": "Codice", "line.quantity": "Giacenza", "line.location": "Magazzino"}, {}, "", ","
    )
    (stock,) = documents(data, mapping)
    assert (stock.lines[0].quantities[0].quantity, stock.lines[0].location) == (Decimal(1200), "Nord")


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1.234,50", ",", "1234.50"),
        ("1,234.50", ".", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("1 234,5", ",", "1234.5"),
        ("€ 12,50", ",", "12.50"),
        ("12.50 EUR", ".", "12.50"),
        ("-3", ".", "-3"),
        (".5", ".", "0.5"),
        ("1.23", ",", None),
        ("1,2,3", ".", None),
        ("1e5", ".", None),
        ("12a", ".", None),
        ("", ".", None),
        ("-", ".", None),
        ("9" * 61, ".", None),
        ("١٢", ".", None),
    ],
)
def test_numbers(text, mark, number):
    assert as_number(text, mark) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2026-03-02", "", date(2026, 3, 2)),
        ("2026-03-02T10:00:00Z", "", date(2026, 3, 2)),
        ("2/3/2026", "DD/MM/YYYY", date(2026, 3, 2)),
        ("2/3/2026", "MM/DD/YYYY", date(2026, 2, 3)),
        ("02.03.26", "DD.MM.YY", date(2026, 3, 2)),
        ("20260302", "YYYYMMDD", date(2026, 3, 2)),
        ("02032026 14:30", "DDMMYYYY", date(2026, 3, 2)),
        (Decimal(46083), "DD/MM/YYYY", date(2026, 3, 2)),
        ("31/02/2026", "DD/MM/YYYY", None),
        ("0/0/0000", "DD/MM/YYYY", None),
        ("tomorrow", "DD/MM/YYYY", None),
    ],
)
def test_days(text, form, day):
    assert as_day(text, form) == day


def test_units_as_people_write_them():
    written = {"Pz.": "C62", "Stück": "C62", "kg": "KGM", "m²": "MTK", "C62": "C62", "XYZ": "XYZ"}
    assert {text: as_unit(text, {}) for text in written} == written


def test_forms_are_told_from_the_values():
    assert date_format_of(["02/03/2026", "25/03/2026"], ".") == "DD/MM/YYYY"
    assert date_format_of(["03/25/2026"], ",") == "MM/DD/YYYY"
    assert date_format_of(["02.03.26"], ",") == "DD.MM.YY"
    assert date_format_of([]) == ""
    assert decimal_mark_of(["1.234,50", "3"]) == ","
    assert decimal_mark_of(["1,234.50"]) == "."
    assert decimal_mark_of(["8,125", "2,5"]) == ","


def test_what_was_written_is_read_again_as_it_was():
    mapping = suggest(ITALIAN.encode())
    before = documents(ITALIAN.encode(), mapping)
    findings = Findings()
    data = write_table(before, mapping, findings)
    assert data.startswith(b"\xef\xbb\xbf") and not len(findings)
    after = documents(data, mapping)
    assert [(each.number, len(each.lines)) for each in after] == [("BR-1", 2), ("BR-2", 1)]
    for old, new in zip(before, after, strict=True):
        assert [(line.quantity, line.unit_price, line.description) for line in new.lines] == [
            (line.quantity, line.unit_price, line.description) for line in old.lines
        ]


def test_without_a_mapping_every_field_has_a_column_that_is_known_again():
    before = documents(ITALIAN.encode())
    written = write(before, standard="table", envelope=ENVELOPE)
    assert not written.findings
    after = documents(written.data)
    assert [(each.number, each.issued_on, len(each.lines)) for each in after] == [
        ("BR-1", date(2026, 3, 2), 2),
        ("BR-2", date(2026, 3, 3), 1),
    ]
    assert after[0].lines[0].unit_price == Decimal("1123.45")


def test_what_has_no_column_is_told_of():
    findings = Findings()
    (found, _other) = documents(ITALIAN.encode())
    write_table([found], ColumnMapping("order", {"number": "No", "line.quantity": "Qty"}), findings)
    lost = {each.message for each in findings}
    assert "The table has no column for line unit price: '1123.45' is not written." in lost
    assert {each.code for each in findings} == {"not-expressible"}


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_that_is_written_acts_as_a_formula(text):
    data = b"Order no;SKU;Description;Qty\n1;A;x;-5\n"
    mapping = suggest(data)
    (found,) = documents(data, mapping)
    hostile = type(found)(
        number="1",
        lines=tuple(type(line)(number="1", description=text, quantity=line.quantity) for line in found.lines),
    )
    written = write_table([hostile], mapping, Findings()).decode("utf-8-sig")
    cells = written.splitlines()[-1] if "\t" not in text else written
    assert f"'{text}" in cells
    assert ";-5" in written


def test_a_document_of_another_kind_cannot_be_written():
    findings = Findings()
    (found,) = documents(b"Order no;SKU;Qty\n1;A;1\n")
    write_table([found], ColumnMapping("stock", {"line.quantity": "Qty"}), findings)
    assert [each.code for each in findings] == ["cannot-be-written"]


def test_letters_that_the_encoding_lacks_are_told_of():
    findings = Findings()
    (found,) = documents("Order no;SKU;Description;Qty\n1;A;Łódź;1\n".encode())
    mapping = ColumnMapping("order", {"number": "N", "line.description": "D"}, encoding="cp1252")
    data = write_table([found], mapping, findings)
    assert b"?" in data and "charset-replaced" in {each.code for each in findings}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"\n\n;;;\n", "empty-file"),
        (b'Order no;SKU;Qty\n1;"A;2\n3;4;5\n', "quote-not-closed"),
        (b"Order no;SKU;Qty\n1;" + b"A" * 40_000 + b";2\n", "element-too-long"),
        (b"Order no;SKU;Qty\n1;" + b"A" * 200_000 + b";2\n", "row-unreadable"),
        (b";".join(b"c" for _ in range(300)) + b"\n" + b";" * 299 + b"1\n", "too-many-columns"),
        (b"Order no;SKU;Qty\n", "no-lines"),
    ],
)
def test_damaged_and_hostile_files_are_findings(data, code):
    mapping = ColumnMapping(columns={"number": "Order no", "line.seller_sku": "SKU", "line.quantity": "Qty"})
    assert code in {each.code for each in read_table(data, mapping).all_findings}


def test_limits_hold():
    data = b"Order no;SKU;Qty\n" + b"".join(b"%d;A;x\n" % number for number in range(60))
    mapping = suggest(data)
    few = Limits(lines=20, size=10_000, findings=5)
    reading = read_table(data, mapping, limits=few)
    assert "too-many-lines" in {each.code for each in reading.all_findings}
    assert "file-too-large" in {each.code for each in read_table(data, mapping, limits=Limits(size=10)).all_findings}


@given(st.binary(max_size=400))
def test_no_bytes_crash_it(data):
    for kind in FIELDS:
        mapping = suggest(data, kind)
        read_table(data, mapping, sender=BUYER, receiver=SELLER)


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=6))
def test_no_text_crashes_it(rows):
    text = "Order no;Order date;SKU;Qty;Price\n" + "\n".join(";".join(row) for row in rows)
    read_table(text.encode("utf-8", "replace"), suggest(text.encode("utf-8", "replace")))
