"""Messages as EANCOM senders write them become documents, value by value, each with the place it came from."""

from datetime import date
from decimal import Decimal

from orders.documents import (
    AllowanceDocument,
    Identifier,
    LineAnswer,
    LineChange,
    NoticeError,
    NoticeVerdict,
    Origin,
    PackageDocument,
    PriceDocument,
    QuantityDocument,
    ScheduleDocument,
    Scheme,
    TaxDocument,
    TotalsDocument,
)
from tests.edi.fixtures import only

BUYER, SELLER = (
    "NAD+BY+8033661230013::9++Brenta Impianti'",
    "NAD+SU+8024670010017::9++Aurora Pumps'RFF+VA:IT09876543210'",
)


def read_one(kind: str, body: str, version: str = "D:96A:UN:EAN008"):
    """The document of one message with these segments, which must be without any finding."""
    count = body.count("'") - body.count("?'") + 2
    text = f"UNA:+.? 'UNB+UNOC:3+8024670010017:14+8033661230013:14+260302:1415+1'UNH+M1+{kind}:{version}'{body}"
    interchange = only(f"{text}UNT+{count}+M1'UNZ+1+1'")
    assert interchange.all_findings == ()
    (message,) = interchange.messages
    return message.document


def test_an_order_with_schedule_split_taxes_and_terms():
    order = read_one(
        "ORDERS",
        f"BGM+221+BR-1+9'DTM+137:20260302:102'DTM+64:20260320:102'RFF+CT:FRAME-7'{BUYER}{SELLER}"
        "TAX+7+VAT+++:::22+S'CUX+2:EUR:9'PAT+1+ZZZ:::30 days net'TOD+3++CPT:::Padova'"
        "LIN+1++8024670010024:EN'PIA+1+AP-1:SA+77:IN+M-9:MF'IMD+F++:::Pump'QTY+21:30:PCE'MOA+203:285'PRI+AAB:10'"
        "PRI+AAA:9.5'LOC+7+8033661230020::9'QTY+11:10:PCE'TAX+7+VAT+++:::10+S'ALC+A++++DI:::Loyalty'PCD+1:5'"
        "SCC+1'QTY+113:20:PCE'DTM+2:20260401:102'UNS+S'MOA+79:285'CNT+2:1'",
    )
    assert (order.kind, order.terms, order.incoterm) == ("blanket", "30 days net", "CPT Padova")
    assert (order.delivery_date, order.stated_total) == (date(2026, 3, 20), Decimal(285))
    assert order.taxes == (TaxDocument("VAT", "S", Decimal(22)),)
    (line,) = order.lines
    assert (line.gtin, line.seller_sku, line.buyer_sku) == ("8024670010024", "AP-1", "77")
    assert line.references == (("MF", "M-9"),)
    assert line.unit_price == Decimal("9.5")
    assert line.extras == (("PRI", "PRI+AAB:10"),)
    assert line.tax == TaxDocument("VAT", "S", Decimal(10))
    assert line.allowances == (AllowanceDocument(False, None, Decimal(5), "Loyalty", code="DI"),)
    assert line.schedule == (
        ScheduleDocument(Decimal(10), None, "8033661230020", "PCE"),
        ScheduleDocument(Decimal(20), date(2026, 4, 1), "", "PCE"),
    )
    assert Origin("incoterm", "CPT", 13, "TOD", 3, 1) in order.origin
    assert Origin("unit_price", "9.5", 20, "PRI", 1, 2) in line.origin


def test_a_change():
    change = read_one(
        "ORDCHG",
        f"BGM+230+CH-1+4'DTM+137:20260303:102'FTX+CHG+++Dock is closed'RFF+ON:BR-1::2'{BUYER}{SELLER}"
        "LIN+1+3++'QTY+21:5:PCE'RFF+ON:BR-1:10'LIN+2+2'LIN+3+1+8024670010024:EN'QTY+21:7:PCE'UNS+S'CNT+2:3'",
    )
    assert (change.number, change.order.number, change.function, change.reason) == (
        "CH-1",
        "BR-1",
        "change",
        "Dock is closed",
    )
    assert [(one.change, one.line.number, one.line.quantity) for one in change.lines] == [
        (LineChange.CHANGED, "10", Decimal(5)),
        (LineChange.DELETED, "2", Decimal(0)),
        (LineChange.ADDED, "3", Decimal(7)),
    ]
    assert (change.sequence, change.buyer.name, change.order.buyer.name) == ("2", "Brenta Impianti", "Brenta Impianti")


def test_a_response():
    response = read_one(
        "ORDRSP",
        f"BGM+231+SO-1+4'DTM+137:20260303:102'RFF+ON:BR-1'RFF+VN:SO-1'{BUYER}{SELLER}CUX+2:EUR:9'"
        "LIN+1+5+8024670010024:EN'QTY+21:10:PCE'PRI+AAA:9.5'LIN+2+7'PIA+5+AP-2:SA'QTY+21:4:PCE'FTX+AAI+++Ended'"
        "LIN+3+3'PIA+5+AP-3:SA'PIA+3+AP-33:SA'QTY+21:10:PCE'QTY+113:6:PCE'QTY+83:4:PCE'DTM+67:20260401:102'"
        "LIN+4+6'PIA+5+AP-4:SA'QTY+21:10:PCE'QVR+-3:21+CP'UNS+S'CNT+2:4'",
    )
    assert (response.answer, response.order.number, response.seller_order_number) == (
        "accepted_with_changes",
        "BR-1",
        "SO-1",
    )
    assert [(line.ordered.number, line.answer, line.quantity, line.reason) for line in response.lines] == [
        ("1", LineAnswer.ACCEPTED, Decimal(10), ""),
        ("2", LineAnswer.REJECTED, Decimal(0), "Ended"),
        ("3", LineAnswer.BACKORDERED, Decimal(6), ""),
        ("4", LineAnswer.CHANGED, Decimal(7), ""),
    ]
    assert response.lines[0].unit_price == Decimal("9.5")
    assert (response.lines[2].substitute, response.lines[2].delivery_date) == ("AP-33", date(2026, 4, 1))
    assert response.lines[3].extras == (("QVR", "QVR+-3:21+CP"),)


def test_a_despatch_on_two_pallets():
    despatch = read_one(
        "DESADV",
        "BGM+351+ASN-1+9'DTM+137:20260304:102'DTM+11:20260304:102'DTM+17:20260305:102'MEA+PD+AAD+KGM:120.5'"
        f"RFF+ON:BR-1'RFF+AAS:CMR-5'{BUYER}{SELLER}NAD+DP+8033661230020::9'TDT+20++30+31+:::Corriere Veloce'"
        "CPS+1'PAC+2++201'CPS+2+1'PAC+1++201'MEA+PD+AAB+KGM:60'PCI+33E'GIN+BJ+340123450000000017'"
        "LIN+1++8024670010024:EN'QTY+12:10:PCE'QTY+21:12:PCE'DTM+361:20270101:102'RFF+ON:BR-1:1'"
        "CPS+3+1'PAC+1++201'PCI+33E'GIN+BJ+340123450000000024'"
        "LIN+2++8024670010031:EN'PIA+1+LOT-9:NB'QTY+12:5:PCE'GIN+BN+S-1+S-2:S-4'RFF+ON:BR-1:2'CNT+2:2'",
    )
    assert (despatch.order_number, despatch.tracking, despatch.carrier.name) == ("BR-1", "CMR-5", "Corriere Veloce")
    assert (despatch.gross_weight, despatch.weight_unit) == (Decimal("120.5"), "KGM")
    assert despatch.packages == (
        PackageDocument("1", "", "201", "", 2),
        PackageDocument("2", "1", "201", "340123450000000017", 1, Decimal(60), "KGM"),
        PackageDocument("3", "1", "201", "340123450000000024", 1),
    )
    first, second = despatch.lines
    assert (first.package, first.quantity, first.ordered, first.best_before) == ("2", 10, 12, date(2027, 1, 1))
    assert (first.order_number, first.order_line) == ("BR-1", "1")
    assert (second.package, second.batch, second.serials) == ("3", "LOT-9", ("S-1", "S-2-S-4"))


def test_a_receipt():
    receipt = read_one(
        "RECADV",
        f"BGM+632+REC-1+9'DTM+137:20260306:102'DTM+50:20260305:102'RFF+AAK:ASN-1'{BUYER}{SELLER}CPS+1'"
        "LIN+1++8024670010024:EN'QTY+194:8:PCE'QTY+195:2:PCE'QVR+++:::Wet'RFF+ON:BR-1:1'CNT+2:1'",
    )
    assert (receipt.despatch_number, receipt.received_on) == ("ASN-1", date(2026, 3, 5))
    (line,) = receipt.lines
    assert (line.received, line.rejected, line.short, line.reason) == (Decimal(8), Decimal(2), None, "Wet")
    assert (line.order_number, line.order_line, line.extras) == ("BR-1", "1", ())


INVOICE = (
    "BGM+380+INV-1+9'DTM+137:20260306:102'DTM+35:20260305:102'PAI+::42'RFF+ON:BR-1'RFF+DQ:ASN-1'"
    + BUYER
    + "NAD+SU+8024670010017::9++Aurora Pumps'FII+RB+IT60X0542811101000000123456'RFF+VA:IT09876543210'CUX+2:EUR:4'"
    "PAT+3'DTM+13:20260405:102'ALC+C++++FC:::Freight'MOA+8:10'TAX+7+VAT+++:::22+S'"
    "LIN+1++8024670010024:EN'QTY+47:10:PCE'MOA+203:95'PRI+AAA:9.5'RFF+ON:BR-1:1'TAX+7+VAT+++:::22+S'"
    "LIN+2'PIA+5+AP-2:SA'QTY+47:4:PCE'MOA+203:20'PRI+AAA:500:::100:PCE'UNS+S'CNT+2:2'"
    "MOA+79:115'MOA+125:125'MOA+124:27.5'MOA+77:152.5'MOA+9:152.5'TAX+7+VAT+++:::22+S'MOA+125:125'MOA+124:27.5'"
)


def test_an_invoice():
    invoice = read_one("INVOIC", INVOICE)
    assert (invoice.kind, invoice.order_number, invoice.despatch_number) == ("invoice", "BR-1", "ASN-1")
    assert (invoice.due_date, invoice.delivered_on, invoice.payment_means) == (
        date(2026, 4, 5),
        date(2026, 3, 5),
        "42",
    )
    assert invoice.accounts == ("IT60X0542811101000000123456",)
    assert invoice.seller.identifiers[1] == Identifier("IT09876543210", Scheme.VAT, "VA")
    vat = TaxDocument("VAT", "S", Decimal(22))
    assert invoice.allowances == (AllowanceDocument(True, Decimal(10), None, "Freight", code="FC", tax=vat),)
    assert invoice.totals == TotalsDocument(
        lines=Decimal(115),
        taxable=Decimal(125),
        tax=Decimal("27.5"),
        total=Decimal("152.5"),
        payable=Decimal("152.5"),
    )
    assert invoice.taxes == (TaxDocument("VAT", "S", Decimal(22), Decimal(125), Decimal("27.5")),)
    first, second = invoice.lines
    assert (first.quantity, first.amount, first.tax, first.order_line) == (Decimal(10), Decimal(95), vat, "1")
    assert (second.unit_price, second.price_base, second.amount) == (Decimal(500), Decimal(100), Decimal(20))
    assert invoice.extras == ()
    assert [one[1:6] for one in invoice.origin if one.field == "totals.payable"] == [("152.5", 36, "MOA", 1, 2)]


def test_kinds_of_invoice():
    for code, kind in (("381", "credit_note"), ("383", "debit_note"), ("384", "corrected"), ("386", "prepayment")):
        assert read_one("INVOIC", INVOICE.replace("BGM+380", f"BGM+{code}")).kind == kind


def test_an_invoice_whose_figures_do_not_agree():
    def told(old: str, new: str) -> list[tuple[str, str, str]]:
        body = INVOICE.replace(old, new)
        text = f"UNB+UNOC:3+A:14+B:14+260302:1415+1'UNH+M1+INVOIC:D:96A:UN'{body}"
        findings = only(f"{text}UNT+{body.count(chr(39)) + 2}+M1'UNZ+1+1'").all_findings
        return [(item.severity, item.code, item.place.tag) for item in findings]

    assert told("MOA+79:115'", "MOA+79:116'") == [("warning", "lines-total-mismatch", "MOA")]
    assert told("MOA+77:152.5'", "MOA+77:152.6'") == [
        ("warning", "total-mismatch", "MOA"),
        ("warning", "payable-mismatch", "MOA"),
    ]
    assert told("MOA+203:95'", "MOA+203:90'")[0] == ("warning", "line-amount-mismatch", "MOA")
    assert told("DTM+13:20260405", "DTM+13:20260205") == [("warning", "due-before-issue", "DTM")]
    assert told("CNT+2:2'", "CNT+2:3'") == [("error", "line-count", "CNT")]
    assert told("MOA+124:27.5'MOA+77", "MOA+124:27.51'MOA+77") == []  # half a minor unit for each figure


def test_a_catalogue():
    catalogue = read_one(
        "PRICAT",
        f"BGM+9+CAT-1+9'DTM+137:20260302:102'DTM+194:20260401:102'DTM+206:20261231:102'{BUYER}{SELLER}CUX+2:EUR:8'PGI+11'"
        "LIN+1+1+8024670010024:EN'PIA+4+OLD-1:SA'IMD+F++:::Pump'QTY+53:10:PCE'QTY+59:4:PCE'DTM+169:5:804'"
        "PRI+AAA:9.5:::1:PCE'RNG+4+PCE:100'DTM+194:20260501:102'PRI+AAE:15::SRP'",
    )
    assert (catalogue.valid_from, catalogue.valid_until) == (date(2026, 4, 1), date(2026, 12, 31))
    (line,) = catalogue.lines
    assert (line.action, line.replaces, line.minimum, line.pack_quantity, line.lead_days) == ("add", "OLD-1", 10, 4, 5)
    assert line.prices == (
        PriceDocument(Decimal("9.5"), unit="PCE", from_quantity=Decimal(100), valid_from=date(2026, 5, 1)),
        PriceDocument(Decimal(15), "retail"),
    )


def test_stock_and_sales():
    stock = read_one(
        "INVRPT",
        f"BGM+35+STK-1+9'DTM+137:20260302:102'DTM+366:20260301:102'{BUYER}{SELLER}NAD+GM+8033661230020::9'"
        "LIN+1++8024670010024:EN'LOC+18+A-7'QTY+145:250:PCE'QTY+21:40:PCE'",
    )
    assert (stock.as_of, stock.holder.identifiers[0].value) == (date(2026, 3, 1), "8033661230020")
    assert stock.lines[0].location == "A-7"
    assert stock.lines[0].quantities == (
        QuantityDocument("on_hand", Decimal(250), "PCE"),
        QuantityDocument("ordered", Decimal(40), "PCE"),
    )
    sales = read_one(
        "SLSRPT",
        "BGM+73E+SL-1+9'DTM+137:20260302:102'DTM+90:20260201:102'DTM+91:20260228:102'NAD+BY+8033661230013::9'"
        "NAD+SU+8024670010017::9'LOC+162+8033661230020::9'DTM+356:20260203:102'LIN+1++8024670010024:EN'MOA+203:19'"
        "PRI+AAA:9.5'QTY+153:2:PCE'LOC+162+8033661230013::9'LIN+2++8024670010024:EN'QTY+153:1:PCE'",
    )
    assert (sales.period_from, sales.period_until) == (date(2026, 2, 1), date(2026, 2, 28))
    assert [(line.location, line.sold_on, line.quantity, line.amount) for line in sales.lines] == [
        ("8033661230020", date(2026, 2, 3), Decimal(2), Decimal(19)),
        ("8033661230013", None, Decimal(1), None),
    ]


def test_notices():
    contrl = read_one(
        "CONTRL",
        "UCI+4711+8033661230013:14+8024670010017:14+7'UCM+M1+ORDERS:D:96A:UN:EAN008+4'UCS+22'UCD+37+2:2'UCS+32+13'"
        "UCM+M2+ORDERS:D:96A:UN:EAN008+7'",
        "D:3:UN",
    )
    assert contrl.interchange == "4711"
    assert contrl.verdicts == (
        NoticeVerdict("interchange", "4711", "accepted"),
        NoticeVerdict(
            "message",
            "M1",
            "rejected",
            message_kind="ORDERS",
            errors=(NoticeError("37", where="segment 22 element 2 component 2"), NoticeError("13", where="segment 32")),
        ),
        NoticeVerdict("message", "M2", "accepted", message_kind="ORDERS"),
    )
    aperak = read_one(
        "APERAK",
        "BGM+313+AP-1++RE'DTM+137:20260302:102'RFF+ACW:BR-1'ERC+12'FTX+AAO+++Not our item'RFF+LI:7'",
    )
    assert aperak.verdicts == (
        NoticeVerdict("document", "BR-1", "rejected", errors=(NoticeError("12", "Not our item", "7"),)),
    )
