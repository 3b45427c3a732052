"""The judgement of one segment against its rule, element by element.

The ordinary case, a sound segment, is recognised by one regular expression (see patterns.py); only a segment that it
does not match is taken apart here, to tell what is wrong.
"""

import re
from collections.abc import Callable
from functools import partial

from edi.guides.conditions import Condition, broken, sentence
from edi.guides.elements import Element, ElementCodes, SegmentRule
from edi.syntax.findings import Findings, Severity
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment, split_released

_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?\Z", re.ASCII)
_MOST_REMARKS = 20  # of one kind about one element, in one message
_NUMBERS = ("n", "r")
_DATES = ("dt", "tm")
# By type: whether a value is wrong.
_WRONG: dict[str, Callable[[str], bool]] = {
    "n": lambda value: parse_decimal(value) is None,
    "r": lambda value: parse_decimal(value) is None or "," in value,  # X12.6: "1,000" may be a thousand
    "dt": lambda value: parse_x12_date(value) is None,
    "tm": lambda value: not _TIME.match(value),
    "a": lambda value: not value.replace(" ", "").isalpha(),
}
# By type: which of ElementCodes, how bad, our code, what it must be.
_FAULTS = {
    "n": ("wrong_type", Severity.ERROR, "invalid-number", "be a number"),
    "r": ("wrong_type", Severity.ERROR, "invalid-number", "be a number"),
    "dt": ("bad_date", Severity.ERROR, "invalid-date", "be a date CCYYMMDD"),
    "tm": ("bad_time", Severity.WARNING, "invalid-time", "be a time HHMM"),
    "a": ("wrong_type", Severity.WARNING, "invalid-letters", "have letters only"),
}


class Judge:
    """Judges segments of one message one by one. With `lent` rules of a neighbouring release, what is missing or of
    another form is only a warning."""

    __slots__ = ("_remarks", "codes", "findings", "lent")

    def __init__(self, codes: ElementCodes, findings: Findings, *, lent: bool = False) -> None:
        self.codes = codes
        self.findings = findings
        self.lent = lent
        self._remarks: dict[tuple[str, str, int, int], int] = {}

    def tell(
        self,
        severity: Severity,
        code: str,
        text: str,
        segment: Segment,
        position: tuple[int, int],
        *,
        value: str = "",
        syntax_error: str = "",
    ) -> None:
        """Keep a finding about one element or component. A remark that every line of a long message would get is kept
        some times, not always: what is wrong must not drown in it."""
        if severity != Severity.ERROR:
            key = (code, segment.tag, *position)
            times = self._remarks[key] = self._remarks.get(key, 0) + 1
            if times > _MOST_REMARKS:
                return
        at = partial(segment.place, *position)
        self.findings.add(severity, code, text, at, value=value, syntax_error=syntax_error)

    def segment(self, segment: Segment, rule: SegmentRule) -> None:
        """Tell everything that is wrong with the elements of `segment`."""
        for position, element in enumerate(rule.elements, 1):
            raw = segment.elements[position] if position < len(segment.elements) else ""
            _Part(self, segment, rule, position).element(element, raw)
        if any(raw.strip() for raw in segment.elements[len(rule.elements) + 1 :]):
            text = f"{segment.tag} has at most {len(rule.elements)} elements; what follows was kept but not used."
            position = len(rule.elements) + 1
            value, standard = segment.elements[position], self.codes.too_many
            self.tell(
                Severity.WARNING, "too-many-elements", text, segment, (position, 0), value=value, syntax_error=standard
            )
        for condition in rule.conditions:
            if broken(condition, segment):
                self._condition(segment, condition)

    def _condition(self, segment: Segment, condition: Condition) -> None:
        code = self.codes.exclusion if condition.kind in "EN" else self.codes.condition
        severity = Severity.ERROR if condition.strict else Severity.WARNING
        text = sentence(condition, segment.tag)
        self.tell(severity, "condition", text, segment, condition.positions[-1], syntax_error=code)


class _Part:
    """The judgement of one element of one segment."""

    __slots__ = ("_judge", "codes", "lent", "position", "rule", "segment")

    def __init__(self, judge: Judge, segment: Segment, rule: SegmentRule, position: int) -> None:
        self._judge = judge
        self.codes = judge.codes
        self.lent = judge.lent
        self.segment = segment
        self.rule = rule
        self.position = position

    def element(self, element: Element, raw: str) -> None:
        marks = self.segment.separators
        if marks.repetition and marks.repetition in raw:
            repeats = split_released(raw, marks.repetition, marks.release)
            if self.codes.too_many_repeats and len(repeats) > element.repeats:
                text = f"{self._label(element)} may come at most {element.repeats} times here."
                self._add(Severity.WARNING, "too-many-repeats", text, raw, self.codes.too_many_repeats)
            for one in repeats:
                self._one(element, one)
        else:
            self._one(element, raw)

    def _one(self, element: Element, raw: str) -> None:
        marks = self.segment.separators
        if not element.components and (self.codes.loose_components or marks.component not in raw):
            value = raw.strip() if not marks.release else _plain(raw, marks.release)
            self._value(element, value, 0)
            return
        parts = [_plain(part, marks.release) for part in split_released(raw, marks.component, marks.release)]
        self._composite(element, parts)

    def _composite(self, element: Element, parts: list[str]) -> None:
        known = element.components or (element,)
        if not any(parts):
            if element.mandatory:
                self._missing(element, 0)
            return
        if element.forbidden:
            self._forbidden(element, 0, parts[0])
            return
        for number, component in enumerate(known, 1):
            self._value(component, parts[number - 1] if number <= len(parts) else "", number)
        if any(parts[len(known) :]):
            text = f"{self._label(element)} has at most {len(known)} components; what follows was not used."
            surplus = next(part for part in parts[len(known) :] if part)
            self._add(Severity.WARNING, "too-many-components", text, surplus, self.codes.too_many_parts, len(known) + 1)

    def _value(self, element: Element, value: str, component: int) -> None:
        if not value:
            if element.mandatory:
                self._missing(element, component)
        elif element.forbidden:
            self._forbidden(element, component, value)
        else:
            self._form(element, value, component)
            if element.codes and value not in element.codes:
                self._unknown_code(element, value, component)

    def _missing(self, element: Element, component: int) -> None:
        severity = Severity.WARNING if self.lent and not element.strict else Severity.ERROR
        text = f"{self._label(element, component)} is mandatory and missing."
        self._add(severity, "missing-element", text, "", self.codes.missing, component)

    def _forbidden(self, element: Element, component: int, value: str) -> None:
        text = f"{self._label(element, component)} must stay empty by the rules of this connection."
        self._add(Severity.ERROR, "element-forbidden", text, value, self.codes.exclusion, component)

    def _unknown_code(self, element: Element, value: str, component: int) -> None:
        label = self._label(element, component)
        if element.closed:
            text = f"{label} has the code {value[:40]!r}, which is not one of those allowed here."
            self._add(Severity.ERROR, "code-not-allowed", text, value, self.codes.bad_code, component)
        else:
            text = f"{label} has the code {value[:40]!r}, which is not one of those known."
            self._add(self.codes.unknown_code, "unknown-code", text, value, self.codes.bad_code, component)

    def _form(self, element: Element, value: str, component: int) -> None:
        kind = element.type.rstrip("0123456789")
        if kind in _WRONG and _WRONG[kind](value):
            standard, severity, code, what = _FAULTS[kind]
            text = f"{self._label(element, component)} must {what}, but is {value[:40]!r}."
            self._add(severity, code, text, value, getattr(self.codes, standard), component)
        elif kind not in _DATES:
            if kind != element.type and not value.lstrip("-").isdigit():
                text = f"{self._label(element, component)} has a decimal mark, but its decimals are implied: {value!r}."
                self._add(Severity.WARNING, "decimal-mark", text, value, self.codes.wrong_type, component)
            self._length(element, value, component)

    def _length(self, element: Element, value: str, component: int) -> None:
        """ISO 9735 section 10, X12.6 3.5.1: sign and decimal mark do not count in the length of a number."""
        length = len(value)
        if element.type[:1] in _NUMBERS and not value.isdigit():
            length = sum(letter.isdigit() for letter in value)
        severity = Severity.ERROR if element.strict else Severity.WARNING
        if element.longest and length > element.longest:
            text = f"{self._label(element, component)} may have {element.longest} characters, but has {length}."
            self._add(severity, "element-too-long", text, value, self.codes.too_long, component)
        elif length < element.shortest:
            text = f"{self._label(element, component)} must have {element.shortest} characters, but has {length}."
            self._add(severity, "element-too-short", text, value, self.codes.too_short, component)

    def _label(self, element: Element, component: int = 0) -> str:
        """ "NAD02.1 (party identifier)": the position as people of the trade say it, and its name."""
        part = f".{component}" if component and self._is_composite() else ""
        name = f" ({element.name})" if element.name else ""
        return f"{self.segment.tag}{self.position:02}{part}{name}"

    def _is_composite(self) -> bool:
        return bool(self.rule.elements[self.position - 1].components)

    def _add(self, severity: Severity, code: str, text: str, value: str, syntax_error: str, component: int = 0) -> None:
        position = (self.position, component)
        self._judge.tell(severity, code, text, self.segment, position, value=value, syntax_error=syntax_error)


def _plain(part: str, release: str) -> str:
    """A value without its release characters and the blanks around it."""
    if release and release in part:
        part = release.join(piece.replace(release, "") for piece in part.split(release + release))
    return part.strip()
