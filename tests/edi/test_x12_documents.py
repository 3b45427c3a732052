"""Each X12 set becomes the document that a person reads in it, field by field; nothing that was sent is lost."""

from datetime import date
from decimal import Decimal

from edi.mapping import acknowledge, read
from orders.documents import (
    AllowanceDocument,
    Identifier,
    LineAnswer,
    LineChange,
    NoticeError,
    NoticeVerdict,
    PackageDocument,
    PriceDocument,
    QuantityDocument,
    RemittanceLineDocument,
    ScheduleDocument,
    Scheme,
    TaxDocument,
)
from tests.edi import x12_sets as sets
from tests.edi.fixtures import NOW, only
from tests.edi.x12_sets import document, interchange

D = Decimal


def test_850_head():
    order = document("850", sets.ORDER)
    assert (order.number, order.kind, order.function, order.issued_on) == (
        "PO-1",
        "blanket",
        "original",
        date(2026, 3, 2),
    )
    assert order.references == (("release", "R7"), ("contract", "FRAME-9"), ("DP", "099"), ("IA", "12345"))
    assert (order.currency, order.delivery_date, order.incoterm) == ("USD", date(2026, 3, 20), "DAP Padova")
    assert order.terms == "2% within 10 days, net 30 days"
    assert order.allowances == (AllowanceDocument(False, None, D("2.5"), "Spring", code="C310"),)
    assert order.notes == ("Ring at gate 3\nAsk for Anna",)
    assert (order.buyer.street, order.buyer.contact, order.buyer.phone) == (
        "Via Roma 1, Scala B",
        "Anna Rossi",
        "390491234567",
    )
    assert order.ship_to.identifiers == (
        Identifier("DOCK-3", Scheme.BUYER, "92"),
        Identifier("IT01234567890", Scheme.VAT, "VX"),
    )
    assert (order.stated_total, order.stated_line_count) == (D(1110), 2)
    assert order.extras == (
        ("PER", "PER*BD*Anna Rossi*TE*390491234567*FX*390491234568"),
        ("DTM", "DTM*010*20260310"),
        ("N1 Z7/N1", "N1*Z7*Mark for*92*M-1"),
    )


def test_850_lines():
    first, second = document("850", sets.ORDER).lines
    assert (first.number, first.quantity, first.unit, first.unit_price) == ("1", D(120), "CS", D("9.25"))
    assert (first.gtin, first.seller_sku, first.buyer_sku) == ("036000291452", "AP-100", "4711")
    assert (first.description, first.references) == ("Centrifugal pump, 2.2 kW", (("SZ", "XL"),))
    assert first.allowances == (AllowanceDocument(True, D("12.50"), None, "Freight", code="D240"),)
    assert first.schedule == (
        ScheduleDocument(D(50), None, "001", "CS"),
        ScheduleDocument(D(70), None, "002", "CS"),
    )
    assert first.tax == TaxDocument("VAT", "S", D(22))
    assert first.extras == (("CTP", "CTP*RS*RTL*12.99"), ("PO4", "PO4*12*1*EA"))
    assert (second.unit, second.price_base, second.delivery_date) == ("LBR", D(100), date(2026, 4, 1))
    assert second.schedule[1] == ScheduleDocument(D(6), date(2026, 5, 1), "", "LBR")
    assert second.extras == (("SLN", "SLN*1**I*2*EA"), ("PID", "PID*F****Part of the kit"))


def test_every_value_knows_where_it_stood():
    order = document("850", sets.ORDER)
    places = {origin.field: origin for origin in order.origin}
    assert (places["number"].literal, places["number"].tag, places["number"].element) == ("PO-1", "BEG", 3)
    assert (places["buyer.city"].literal, places["buyer.city"].segment) == ("Padova", 19)
    line = {origin.field: origin for origin in order.lines[0].origin}
    assert (line["unit"].literal, line["unit"].segment, line["unit"].element) == ("CA", 23, 3)
    assert (line["seller_sku"].literal, line["seller_sku"].element) == ("AP-100", 9)
    assert order.lines[0].place == "segment 23"


def test_855():
    response = document("855", sets.RESPONSE)
    assert (response.order.number, response.order.issued_on) == ("PO-1", date(2026, 3, 2))
    assert (response.answer, response.seller_order_number, response.issued_on) == (
        "accepted_with_changes",
        "SO-9",
        date(2026, 3, 3),
    )
    split, dearer, refused, other, silent = response.lines
    assert (split.answer, split.quantity, split.delivery_date) == (LineAnswer.BACKORDERED, D(120), date(2026, 3, 20))
    assert split.schedule == (
        ScheduleDocument(D(100), date(2026, 3, 20), "", "EA"),
        ScheduleDocument(D(20), date(2026, 4, 20), "", "EA"),
    )
    assert (dearer.answer, dearer.unit_price, dearer.ordered.unit_price) == (LineAnswer.CHANGED, D("3.6"), None)
    assert dearer.reason == "New price list"
    assert (refused.answer, refused.quantity, refused.unit_price) == (LineAnswer.REJECTED, D(0), None)
    assert (other.answer, other.substitute) == (LineAnswer.CHANGED, "AP-401")
    assert (silent.answer, silent.quantity) == (LineAnswer.ACCEPTED, D(7))


def test_860():
    change = document("860", sets.CHANGE)
    assert (change.number, change.sequence, change.function, change.issued_on) == ("2", "2", "change", date(2026, 3, 5))
    assert (change.order.number, change.order.issued_on) == ("PO-1", date(2026, 3, 2))
    assert change.references == (("seller_order", "SO-9"),)
    assert [(line.change, line.line.number, line.line.quantity) for line in change.lines] == [
        (LineChange.CHANGED, "1", D(60)),
        (LineChange.DELETED, "2", D(0)),
        (LineChange.ADDED, "3", D(4)),
        (LineChange.UNCHANGED, "4", D(9)),
    ]
    assert (change.lines[0].line.delivery_date, change.lines[2].line.description) == (date(2026, 4, 1), "Gasket")


def test_865():
    answer = document("865", sets.CHANGE_RESPONSE)
    assert (answer.order.number, answer.change, answer.answer) == ("PO-1", "2", "accepted")
    assert (answer.seller_order_number, answer.issued_on) == ("SO-9", date(2026, 3, 6))
    (line,) = answer.lines
    assert (line.quantity, line.delivery_date, line.ordered.references) == (
        D(60),
        date(2026, 4, 1),
        (("change", "QD"),),
    )


def test_856():
    despatch = document("856", sets.DESPATCH)
    assert (despatch.number, despatch.issued_on, despatch.order_number) == ("ASN-1", date(2026, 3, 18), "")
    assert (despatch.gross_weight, despatch.weight_unit, despatch.tracking) == (D("412.5"), "KGM", "1Z999")
    assert (despatch.shipped_on, despatch.delivery_date) == (date(2026, 3, 18), date(2026, 3, 20))
    assert (despatch.carrier.name, despatch.carrier.identifiers[0].value) == ("United Parcel", "UPSN")
    assert (despatch.ship_from.name, despatch.ship_to.name) == ("Aurora Pumps", "Brenta dock")
    assert despatch.references == (("BM", "BOL-7"),)
    assert despatch.packages == (
        PackageDocument("3", "", "", "340123450000000017"),
        PackageDocument("4", "3", "CT", "340123450000000024", None, D(20), "KGM"),
    )
    assert despatch.stated_line_count == 2
    first, second = despatch.lines
    assert (first.order_number, first.order_line, first.package) == ("PO-1", "1", "4")
    assert (first.quantity, first.unit, first.ordered) == (D(100), "EA", D(120))
    assert (first.batch, first.serials, first.best_before) == ("LOT-3", ("S-1", "S-2"), date(2028, 1, 1))
    assert (second.order_number, second.order_line, second.package, second.unit) == ("PO-2", "1", "", "CS")
    assert (first.number, second.number) == ("5", "7")  # LIN01 counts anew in each order


def test_810():
    invoice = document("810", sets.INVOICE)
    assert (invoice.number, invoice.kind, invoice.issued_on) == ("INV-1", "invoice", date(2026, 3, 21))
    assert (invoice.order_number, invoice.despatch_number, invoice.due_date) == ("PO-1", "ASN-1", date(2026, 4, 20))
    assert (invoice.terms, invoice.delivered_on, invoice.notes) == (
        "2% within 10 days, net 30 days",
        date(2026, 3, 20),
        ("Thank you",),
    )
    assert (invoice.buyer.name, invoice.seller.name, invoice.seller.contact) == ("Brenta", "Aurora Pumps", "Nina")
    assert (invoice.bill_to, invoice.payee) == (None, None)
    assert (invoice.totals.total, invoice.totals.payable) == (D("1230.00"), D("1230.00"))
    assert invoice.taxes == (TaxDocument("VAT", "S", D(22), D(1000), D(220)),)
    assert invoice.allowances == (AllowanceDocument(True, D("10.00"), None, "Freight", code="D240"),)
    first, second = invoice.lines
    assert (first.quantity, first.unit_price, first.order_number, first.order_line) == (D(100), D("9.25"), "PO-1", "7")
    assert first.allowances == (AllowanceDocument(False, D("25.00"), None, "Rebate", code="C310"),)
    assert (first.tax.rate, second.unit) == (D(22), "CS")


def test_a_credit_memo_is_positive():
    text = sets.INVOICE.replace("*DI*00", "*CR*00").replace("*100*EA*9.25", "*-100*EA*9.25").replace("*5*CA", "*-5*CA")
    invoice = document("810", text.replace("TDS*123000", "TDS*-123000"))
    assert (invoice.kind, invoice.totals.total) == ("credit_note", D("1230.00"))
    assert [line.quantity for line in invoice.lines] == [D(100), D(5)]


def test_846():
    report = document("846", sets.STOCK)
    assert (report.number, report.issued_on, report.as_of) == ("STOCK-1", date(2026, 3, 2), date(2026, 3, 1))
    assert report.holder.identifiers == (Identifier("W-1", Scheme.BUYER, "92"),)
    first, second = report.lines
    assert first.quantities == (
        QuantityDocument("on_hand", D(40), "EA"),
        QuantityDocument("available", D("35.5"), "EA"),
        QuantityDocument("ZZ", D(1), ""),
    )
    assert (first.gtin, first.description, second.location) == ("8024670010024", "Centrifugal pump", "SHELF-9")


def test_832():
    catalogue = document("832", sets.CATALOGUE)
    assert (catalogue.number, catalogue.currency, catalogue.issued_on) == ("LIST-26", "EUR", date(2026, 1, 5))
    assert (catalogue.valid_from, catalogue.valid_until) == (date(2026, 2, 1), date(2026, 12, 31))
    (line,) = catalogue.lines
    assert (line.action, line.available_from, line.minimum) == ("add", date(2026, 2, 1), D(6))
    assert (line.pack_quantity, line.lead_days) == (D(12), 14)
    assert line.prices == (
        PriceDocument(D(65), "net", D(1), "CS", "", D(1), date(2026, 2, 1)),
        PriceDocument(D("99.9"), "retail", D(100), "EA", "", D(100)),
    )


def test_820():
    payment = document("820", sets.PAYMENT)
    assert (payment.number, payment.amount, payment.method, payment.paid_on) == (
        "PAY-9",
        D("1500.25"),
        "ACH",
        date(2026, 4, 1),
    )
    assert (payment.buyer.name, payment.seller.name) == ("Brenta", "Aurora")
    assert payment.lines == (
        RemittanceLineDocument("INV-1", D(1230), D(1250), D(20), date(2026, 3, 21), "Pricing error"),
        RemittanceLineDocument("INV-2", D("270.25")),
    )


def test_824():
    advice = document("824", sets.ADVICE)
    assert (advice.number, advice.issued_on) == ("ADV-1", date(2026, 3, 5))
    error = NoticeError("007", "Item is not known Ask for the new list", "PO1, segment 12, element 7", "AP-999")
    assert advice.verdicts == (
        NoticeVerdict("document", "PO-1", "rejected", "77", "850", (error,)),
        NoticeVerdict("document", "PO-2", "accepted"),
    )


def test_864():
    text = document("864", sets.TEXT)
    assert (text.number, text.subject, text.issued_on) == ("T-1", "Closed in August", date(2026, 3, 2))
    assert text.notes == ("We are closed from 10 to 21 August.\nOrders are taken all the same.",)
    assert text.extras == (("MIT", "MIT*T-1*Holidays"),)


def test_997():
    notice = document("997", sets.FUNCTIONAL)
    errors = (
        NoticeError("AK304:8", "", "PO1 segment 12"),
        NoticeError("AK403:6", "", "PO1 segment 12, element 4.1", "ten"),
        NoticeError("AK502:5"),
    )
    assert notice.verdicts == (
        NoticeVerdict("group", "77", "partly", "77", "PO"),
        NoticeVerdict("message", "0001", "accepted", "77", "850"),
        NoticeVerdict("message", "0002", "rejected", "77", "850", errors),
    )


def test_999():
    group, message = document("999", sets.IMPLEMENTATION).verdicts
    assert (group.verdict, group.errors) == ("rejected", (NoticeError("AK905:5"),))
    assert [error.code for error in message.errors] == ["IK304:I4", "IK403:6", "IK502:I5"]
    assert message.errors[0].text == "PO101>3"


def test_ta1():
    text = interchange("850", sets.ORDER).replace("GS*", "TA1*000000042*260301*0900*R*021~\nGS*", 1)
    notice = only(text).messages[0].document
    assert (notice.interchange, notice.verdicts) == (
        "000000042",
        (NoticeVerdict("interchange", "000000042", "rejected", errors=(NoticeError("021"),)),),
    )


def test_what_we_acknowledge_reads_as_what_we_meant():
    damaged = interchange("850", sets.ORDER.replace("PO1*2*10*", "PO1*2*ten*"))
    answer = acknowledge(only(damaged), control_number="9", prepared_at=NOW)
    ta1, functional = (message.document for message in read(answer).interchanges[0].messages)
    assert ta1.verdicts[0].verdict == "accepted"
    assert [(one.reference, one.verdict) for one in functional.verdicts] == [("77", "rejected"), ("0001", "rejected")]
    assert ("AK403:6", "PO1 segment 29, element 2", "ten") in [
        (error.code, error.where, error.value) for error in functional.verdicts[1].errors
    ]
