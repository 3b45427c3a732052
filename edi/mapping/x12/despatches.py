"""856, ship notice or manifest, into a DespatchDocument: shipment, orders, packages and items by their HL tree."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from edi.mapping import codes
from edi.mapping.draft import Draft
from edi.mapping.x12 import tables
from edi.mapping.x12.hierarchy import Level, connect
from edi.mapping.x12.items import item_numbers, subline, values_of
from edi.mapping.x12.orders import function_of, joined
from edi.mapping.x12.parties import PartyDraft
from edi.mapping.x12.parts import PARTS, date, reference
from edi.mapping.x12.setreader import SetReader
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.numbers import parse_count, parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import DespatchDocument, DespatchLineDocument, PackageDocument

_LEVELS = frozenset("SOTPI")
_SERIALS_AT_MOST = 10_000  # of one line


class ShipNoticeReader(SetReader):
    """Reads one 856. `level` is the HL loop that stands open, None before the first."""

    speaker: ClassVar = "seller"
    roles: ClassVar = {
        "BY": ("buyer", 0),
        "OB": ("buyer", 1),
        "BT": ("buyer", 2),
        "SE": ("seller", 0),
        "SU": ("seller", 1),
        "VN": ("seller", 2),
        "SF": ("ship_from", 0),
        "SH": ("ship_from", 1),
        "ST": ("ship_to", 0),
        "CA": ("carrier", 0),
    }
    dates: ClassVar = {
        "011": ("shipped_on", 0),
        "370": ("shipped_on", 1),
        "017": ("delivery_date", 0),
        "067": ("delivery_date", 1),
        "002": ("delivery_date", 2),
    }
    line_dates: ClassVar = {"036": ("best_before", 0), "361": ("best_before", 1)}
    references: ClassVar = {"CN": "tracking", "2I": "tracking"}
    resumes: ClassVar = frozenset({"HL", "CTT", "SE"})

    def __init__(self, findings: Findings, limits: Limits) -> None:
        super().__init__(findings, limits)
        self.levels: list[Level] = []
        self.level: Level | None = None
        self.too_many = False

    # -- the whole ------------------------------------------------------------------------------------------------

    def document(self) -> DespatchDocument:
        """The despatch: packages and lines in the order of the file, each with what it stands in."""
        connect(self.levels, self.findings)
        packages = tuple(self._package(level) for level in self.levels if level.code in "TP")
        orders = [level for level in self.levels if level.code == "O"]
        lines = [self._line(level) for level in self.levels if level.code == "I"]
        if len({line.number for line in lines}) < len(lines):  # each order counts its lines anew: HL01 tells them apart
            numbers = [level.id for level in self.levels if level.code == "I"]
            lines = [replace(line, number=number) for line, number in zip(lines, numbers, strict=True)]
        values = joined(self.head)
        numbers_of = {level.values.get("order", "") for level in orders} - {""}
        if len(numbers_of) == 1:
            values["order_number"] = next(iter(numbers_of))
        self._count(values, len(lines))
        return self.head.freeze(DespatchDocument, packages=packages, lines=tuple(lines))

    def _count(self, values: dict[str, Any], lines: int) -> None:
        """CTT01 counts the HL segments; some senders count the items."""
        stated = values.pop("stated_line_count", None)
        if stated is not None:
            values["stated_line_count"] = lines if stated == len(self.levels) else stated

    def _package(self, level: Level) -> PackageDocument:
        parent = level.above("T", "P")
        values = level.draft.values
        for path, text in level.draft.extras:
            self.head.keep(f"HL {level.id}/{path}", text)
        return PackageDocument(id=level.id, parent=parent.id if parent else "", **values)

    def _line(self, level: Level) -> DespatchLineDocument:
        draft = level.draft
        values = draft.values
        order, package = level.above("O"), level.above("T", "P")
        notes = values.pop("notes", None)
        if notes:
            values["note"] = "\n".join(notes)
        if order:
            values.setdefault("order_number", order.values.get("order", ""))
        if package:
            values["package"] = package.id
        if "quantity" not in values:
            text = f"Item HL {level.id} has no quantity shipped (SN102)."
            self.findings.error("quantity-missing", text, level.segment.place, syntax_error="AK403:1")
            values["quantity"] = Decimal(0)
        number = values.pop("number", "") or values.get("order_line", "") or level.id
        return draft.freeze(DespatchLineDocument, number=number, place=f"segment {level.segment.index}")

    # -- levels ---------------------------------------------------------------------------------------------------

    def _hl(self, segment: Segment) -> bool:
        self.subline = False
        code = segment.whole(3)
        if len(self.levels) >= self.limits.lines:
            if not self.too_many:
                self.too_many = True
                text = f"The document has more than {self.limits.lines} lines; the rest was not read."
                self.findings.error("too-many-lines", text, segment.place, syntax_error="AK304:4")
            self.level, self.here = None, Draft()
            return True
        level = self.level = Level(segment.whole(1), code, segment, segment.whole(2))
        self.levels.append(level)
        self.here = level.draft if code in "TPI" and code else self.head
        if code not in _LEVELS:
            text = f"HL03 states level {code[:20]!r}, which is not known here; its segments were kept as they are."
            place = partial(segment.place, 3)
            self.findings.warning("hl-level", text, place, value=code, syntax_error="AK403:7")
        return True

    @property
    def at(self) -> str:
        """The kind of level that stands open: S, O, T, P, I, another code, or empty."""
        return self.level.code if self.level else ""

    def _ctt(self, segment: Segment) -> bool:
        self.leave_lines()
        self.level = None
        count = parse_count(segment.whole(1))
        if count is not None:
            self.head.set("stated_line_count", count, segment, 1)
        self.hash_total = parse_decimal(segment.whole(2))
        return True

    # -- segments -------------------------------------------------------------------------------------------------

    def _bsn(self, segment: Segment) -> bool:
        function_of(self, segment)
        self.text("number", segment, 2)
        day = parse_x12_date(segment.whole(3))
        return day is None or self.head.set("issued_on", day, segment, 3)

    def _prf(self, segment: Segment) -> bool:
        """The order that follows (O), or that an item is of (I)."""
        number = segment.whole(1)
        if self.level is None or not number:
            return False
        if self.at == "I":
            return self.here.set("order_number", number, segment, 1)
        self.level.values["order"] = number
        self.head.mark("order_number", segment, 1)
        return True

    def _td1(self, segment: Segment) -> bool:
        """Packaging, count and weight, of the shipment or of a package."""
        weight = parse_decimal(segment.whole(7))
        if self.at in ("T", "P") and self.level:
            return self._package_of(segment)
        if self.at != "S" or weight is None or not self.here.set("gross_weight", weight, segment, 7):
            return False
        if segment.whole(8):
            self.head.set("weight_unit", self.unit(segment.whole(8), segment, 8), segment, 8)
        return not segment.whole(2)

    def _package_of(self, segment: Segment) -> bool:
        here = self.here
        kind, count, weight = segment.whole(1), parse_count(segment.whole(2)), parse_decimal(segment.whole(7))
        if kind:
            here.set("kind", tables.KIND_OF_103.get(kind[:3], kind), segment, 1)
        if count not in (None, 1):  # a package is one of its kind, unless it says otherwise
            here.set("count", count, segment, 2)
        if weight is not None and here.set("gross_weight", weight, segment, 7) and segment.whole(8):
            here.set("weight_unit", self.unit(segment.whole(8), segment, 8), segment, 8)
        return True

    def _td5(self, segment: Segment) -> bool:
        """The carrier: TD503 is its code (TD502 = 2: SCAC), TD505 its name or the routing."""
        if self.at not in ("S", "O", "") or any(draft.role == "CA" for draft in self.parties):
            return False
        carrier = PartyDraft("CA")
        carrier.set("name", segment, 5)
        carrier.identify(codes.Scheme.OTHER, segment.whole(2), segment, 3)
        carrier.texts.append(("TD5", segment.text))
        self.parties.append(carrier)
        return True

    def _man(self, segment: Segment) -> bool:
        """MAN GM (or SSCC-18 with its identifier 00): the SSCC; MAN CP: the carrier's number."""
        qualifier, value = segment.whole(1), segment.whole(2)
        if qualifier in ("GM", "UC", "AA", "SM") and self.at in ("T", "P", "I"):
            digits = value.removeprefix("(00)")
            sscc = digits[2:] if len(digits) == 20 and digits.startswith("00") else digits
            if self.at == "I":
                return False
            return len(sscc) == 18 and self.here.set("sscc", sscc, segment, 2)
        if qualifier == "CP" and value and self.at == "S":
            return self.head.set("tracking", value, segment, 2)
        return False

    def _lin(self, segment: Segment) -> bool:
        if self.at != "I":
            return False
        self.text("order_line", segment, 1)
        item_numbers(self.here, segment, values_of(segment), 2)
        return True

    def _sn1(self, segment: Segment) -> bool:
        """SN1: shipped (02, 03), ordered (05)."""
        if self.at != "I":
            return False
        self.text("number", segment, 1)
        self.number("quantity", segment, 2)
        if segment.whole(3):
            self.here.set("unit", self.unit(segment.whole(3), segment, 3), segment, 3)
        self.number("ordered", segment, 5)
        return not segment.whole(4)

    def _pid(self, segment: Segment) -> bool:
        text = segment.whole(5)
        if self.at != "I" or not text or segment.whole(1) not in ("F", "X", ""):
            return False
        held = self.here.values.get("description")
        self.here.values["description"] = f"{held} {text}" if held else text
        self.here.mark("description", segment, 5)
        return True

    def _ref(self, segment: Segment) -> bool:
        """REF LT is the batch and SE a serial number of an item."""
        qualifier, value = segment.whole(1), segment.whole(2)
        if self.at == "I" and value and qualifier in ("LT", "BT"):
            return self.here.set("batch", value, segment, 2)
        if self.at == "I" and value and qualifier == "SE":
            if len(self.here.values.get("serials", ())) >= _SERIALS_AT_MOST:
                return False
            self.here.add("serials", value)
            self.here.mark("serials", segment, 2)
            return True
        if self.at in ("T", "P"):
            return False
        return reference(self, segment)

    def _dtm(self, segment: Segment) -> bool:
        return self.at not in ("T", "P") and date(self, segment)

    def _msg(self, segment: Segment) -> bool:
        return self.at not in ("T", "P") and PARTS[segment.tag](self, segment)

    handlers: ClassVar = PARTS | {
        "BSN": _bsn,
        "HL": _hl,
        "PRF": _prf,
        "TD1": _td1,
        "TD5": _td5,
        "MAN": _man,
        "LIN": _lin,
        "SN1": _sn1,
        "SLN": subline,
        "PID": _pid,
        "REF": _ref,
        "DTM": _dtm,
        "MSG": _msg,
        "NTE": _msg,
        "N9": _msg,
        "CTT": _ctt,
    }
