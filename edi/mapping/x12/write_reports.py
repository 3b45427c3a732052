"""846, 832, 824 and 864 from stock reports, catalogues, acknowledgements and texts."""

from edi.mapping import codes
from edi.mapping.texts import chunks
from edi.mapping.x12 import tables
from edi.mapping.x12.setwriter import SetWriter
from edi.syntax.numbers import plain
from orders.documents import (
    AcknowledgementDocument,
    CatalogueDocument,
    CatalogueLineDocument,
    NoticeError,
    NoticeVerdict,
    PriceDocument,
    StockDocument,
    TextDocument,
)

_LEVELS = {"interchange": "B", "group": "G", "message": "T", "document": "T"}


def write_846(w: SetWriter, report: StockDocument) -> None:
    """`report` as an inventory advice."""
    purpose = codes.BEG01_OF_FUNCTION.get(report.function, "00")
    number = w.key("the number of a report", report.number, 30)
    w.add("BIA", purpose, "SI", number, w.issued(report.issued_on))
    if report.currency:
        w.add("CUR", "SE", w.fit("the currency", report.currency, 3))
    w.date("007", report.as_of)
    w.references(report.references)
    for role, party in (("BY", report.buyer), ("SE", report.seller), ("WH", report.holder)):
        w.party(role, party)
    for line in report.lines:
        pairs, rest = w.item_numbers(line)
        w.add("LIN", w.key("a line number", line.number, 20), *pairs)
        w.description(line.description)
        w.references(rest)
        for item in line.quantities:
            code = tables.CODE_673.get(item.kind, item.kind)
            if len(code) != 2:
                w.lost("a kind of quantity", item.kind)
                continue
            w.add("QTY", code, plain(item.quantity), w.unit(item.unit))
            w.lose(item, "on")
        if line.location:
            w.add("N1", "LC", "", "92", w.fit("a location", line.location, 80))
        w.lose(line, "note")
    w.add("CTT", str(len(report.lines)))
    w.lose(report, "notes")


def write_832(w: SetWriter, catalogue: CatalogueDocument) -> None:
    """`catalogue` as a price catalog. A number beyond the fifteen characters of BCT02 goes to a REF."""
    held = dict(catalogue.references)
    short = catalogue.number if len(catalogue.number) <= 15 else ""
    purpose = codes.BEG01_OF_FUNCTION.get(catalogue.function, "00")
    w.add("BCT", "PC", short, held.get("version", ""), held.get("revision", ""), "", "", "", "", "", purpose)
    if not short:
        w.add("REF", "TN", catalogue.number)
    w.references(catalogue.references, without=("version", "revision"))
    w.date("097", catalogue.issued_on)
    w.date("092", catalogue.valid_from)
    w.date("093", catalogue.valid_until)
    if catalogue.currency:
        w.add("CUR", "SE", w.fit("the currency", catalogue.currency, 3))
    for role, party in (("BY", catalogue.buyer), ("SE", catalogue.seller)):
        w.party(role, party)
    for line in catalogue.lines:
        _catalogue_line(w, line)
    w.add("CTT", str(len(catalogue.lines)))
    w.lose(catalogue, "notes")


def _catalogue_line(w: SetWriter, line: CatalogueLineDocument) -> None:
    pairs, rest = w.item_numbers(line)
    w.add("LIN", w.key("a line number", line.number, 20), *pairs)
    if line.action in tables.CODE_875:
        w.add("G53", tables.CODE_875[line.action])
    w.date("007", line.available_from)
    w.date("036", line.available_until)
    w.references(rest)
    if line.minimum is not None:
        w.add("CTB", "OR", "", "57", plain(line.minimum))
    w.description(line.description)
    if line.pack_quantity is not None:
        w.add("PO4", plain(line.pack_quantity))
    if line.lead_days is not None:
        w.add("LDT", "AF", str(line.lead_days), "DA")
    for price in line.prices:
        _price(w, price)
    w.lose(line, "unit", "replaces", "note")


def _price(w: SetWriter, price: PriceDocument) -> None:
    kind = tables.CODE_236.get(price.kind, price.kind)
    amount, code = w.price(price.amount, price.base)
    least = plain(price.from_quantity) if price.from_quantity is not None else ""
    w.add("CTP", "", w.fit("a kind of price", kind, 3), amount, least, w.unit(price.unit), "", "", "", code)
    w.date("007", price.valid_from)
    w.date("036", price.valid_until)
    w.lose(price, "currency")


def write_824(w: SetWriter, notice: AcknowledgementDocument) -> None:
    """`notice` as application advice: an OTI for each verdict, a TED for each error."""
    w.add("BGN", codes.BEG01_OF_FUNCTION.get(notice.function, "00"), notice.number[:30], w.issued(notice.issued_on))
    for role, party in (("BY", notice.buyer), ("SE", notice.seller)):
        w.party(role, party)
    for verdict in notice.verdicts:
        _verdict(w, verdict)
        for error in verdict.errors:
            _error(w, error)
    w.lose(notice, "interchange", "notes", "references")


def _verdict(w: SetWriter, verdict: NoticeVerdict) -> None:
    code = _LEVELS.get(verdict.kind, "T") + tables.CODE_110.get(verdict.verdict, "R")
    by_control = verdict.kind == "message"
    reference = w.key("a reference", "" if by_control else verdict.reference, 30)
    control = verdict.reference if by_control else ""
    group = verdict.reference if verdict.kind == "group" else verdict.group
    head = (code, "TN", reference or control, "", "", "", "", w.fit("a group", group, 9), control[:9])
    w.add("OTI", *head, w.fit("the kind of a message", verdict.message_kind, 3))


def _error(w: SetWriter, error: NoticeError) -> None:
    """TED: a code of at most three characters (647), or ZZZ with the code before its sentence."""
    code, text = error.code, error.text
    if len(code) > 3:
        w.lost("the code of an error", code)
        code, text = "ZZZ", f"{code} {text}".strip()
    pieces = chunks(text, 60)
    w.add("TED", code or "ZZZ", pieces[0] if pieces else "", "", "", "", "", w.fit("a bad value", error.value, 99))
    for piece in chunks(" ".join(pieces[1:]), 80):
        w.add("NTE", "GEN", piece)
    w.lose(error, "where")


def write_864(w: SetWriter, text: TextDocument) -> None:
    """`text` as a message for people."""
    w.add("BMG", codes.BEG01_OF_FUNCTION.get(text.function, "00"), w.fit("the subject", text.subject, 80))
    w.date("097", text.issued_on)
    for role, party in (("TO", text.buyer), ("FR", text.seller)):
        w.party(role, party)
    for note in text.notes or ("",):
        w.add("MIT", w.key("the number of a text", text.number, 30) or "1")
        for line in chunks(note, 264) or ["-"]:
            w.add("MSG", line)
    w.lose(text, "references", "currency")
