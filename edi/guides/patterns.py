"""One regular expression for a sound segment: what matches it needs no further look.

It is narrower than the rule, never wider: what it does not match is judged element by element. Every quantifier is
possessive, so that matching is linear in the length of the segment, whatever a hostile sender writes.
"""

import re

from edi.guides.conditions import Condition, holds
from edi.guides.elements import Element, SegmentRule
from edi.guides.guide import Guide, Node
from edi.syntax.segments import Segment, Separators

_DATE = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])"
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"
_MOST_PRESENCES = 512
_WORTH_A_PATTERN = 24
_MOST_MARKS = 16


class Checker:
    """Tells sound segments of one rule from the others."""

    __slots__ = ("_by_presence", "_others", "_presences", "conditional", "match", "rule")

    def __init__(self, rule: SegmentRule, marks: Separators, loose_components: bool) -> None:
        self.rule = rule
        self.match = re.compile(_segment(rule, marks, loose_components), re.DOTALL).fullmatch
        self._by_presence = tuple(each for each in rule.conditions if each.whole_elements_only)
        self._others = tuple(each for each in rule.conditions if not each.whole_elements_only)
        self._presences: set[tuple[bool, ...]] = set()
        self.conditional = bool(rule.conditions)

    def keeps_conditions(self, segment: Segment) -> bool:
        """Whether the conditions certainly hold; which elements are there is worked out once for each pattern."""
        if self._others:
            return False
        presence = tuple(map(bool, segment.elements))
        if presence in self._presences:
            return True
        if not all(_holds(each, presence) for each in self._by_presence):
            return False
        if len(self._presences) < _MOST_PRESENCES:
            self._presences.add(presence)
        return True


def _holds(condition: Condition, presence: tuple[bool, ...]) -> bool:
    return holds(condition, [element < len(presence) and presence[element] for element, _ in condition.positions])


class Patterns:
    """The checkers of a guide for one set of service characters. One is made when a rule has been asked for a while:
    a pattern costs as much as judging some dozens of segments."""

    __slots__ = ("_by_rule", "_marks", "_seen", "by_node")

    def __init__(self, marks: Separators) -> None:
        self.by_node: dict[Node, Checker] = {}
        self._by_rule: dict[int, Checker] = {}
        self._seen: dict[int, int] = {}
        self._marks = marks

    def asked(self, node: Node, rule: SegmentRule, loose_components: bool) -> None:
        """Count one more segment at `node` that had to be judged at length, and make the checker when it is worth it.
        Guides keep their rules, so that the identity of a rule is a sound key."""
        seen = self._seen[id(rule)] = self._seen.get(id(rule), 0) + 1
        if seen < _WORTH_A_PATTERN:
            return
        known = self._by_rule.get(id(rule))
        if known is None:
            known = self._by_rule[id(rule)] = Checker(rule, self._marks, loose_components)
        self.by_node[node] = known


def patterns_for(guide: Guide, marks: Separators) -> Patterns:
    """The patterns of `guide` for one interchange's service characters; a few sets of them are kept."""
    kept = guide.compiled.patterns
    found = kept.get(marks)
    if found is None:  # other threads may read with the same guide: what they put or clear does no harm
        if len(kept) >= _MOST_MARKS:
            kept.clear()
        found = kept[marks] = Patterns(marks)
    return found


def _segment(rule: SegmentRule, marks: Separators, loose: bool) -> str:
    separator = re.escape(marks.element)
    # An element of component separators alone is there for `bool` and empty for a condition: left to be judged.
    guard = f"(?!{re.escape(marks.component)})" if rule.conditions else ""
    stop = "".join(re.escape(mark) for mark in {marks.element, marks.release, marks.repetition} - {""})
    tail = f"{separator}*+"
    needed = False
    for element in reversed(rule.elements):
        body = guard + _element(element, stop, re.escape(marks.component), loose)
        needed = needed or element.mandatory
        tail = f"{separator}{body}{tail}" if needed else f"(?:{separator}{body}{tail})?"
    return f"[A-Z0-9]{{2,3}}+{tail}"


def _element(element: Element, stop: str, component: str, loose: bool) -> str:
    if not element.components:
        return _value(element, stop if loose else stop + component)
    tail = f"{component}*+"
    parts = element.components
    for index in range(len(parts) - 1, -1, -1):
        body = _value(parts[index], stop + component)
        lead = component if index else ""
        needed = parts[index].mandatory or any(part.mandatory for part in parts[index + 1 :])
        tail = f"{lead}{body}{tail}" if needed or not index else f"(?:{lead}{body}{tail})?"
    if element.forbidden:
        return ""
    if not element.mandatory:
        return f"(?:{tail})?" if parts[0].mandatory or any(part.mandatory for part in parts) else tail
    return f"(?={component}*+[^{stop}{component}\\s]){tail}"


def _value(element: Element, stop: str) -> str:
    """A value that is certainly sound. An optional one may be empty."""
    if element.forbidden:
        return ""
    body = _codes(element, stop) if element.codes else _free(element, stop)
    return body if element.mandatory else f"(?:{body})?"


def _codes(element: Element, stop: str) -> str:
    values = [re.escape(code) for code in element.codes if code]
    return f"(?>{'|'.join(sorted(values, key=len, reverse=True))})(?![^{stop}])"


def _free(element: Element, stop: str) -> str:
    least, most = max(element.shortest, 1), element.longest
    if element.type == "dt":
        return _DATE
    if element.type == "tm":
        return _TIME
    if element.type in {"n", "r"}:
        return _number(least, most or 35, "." if element.type == "r" else ".,")
    if element.type.startswith("n"):
        return f"-?[0-9]{{{least},{most or 35}}}+"
    rest = f"[^{stop}]{{{least - 1},{most - 1 if most else ''}}}+"
    if element.type == "a":
        return f"[A-Za-z]{{{least},{most or ''}}}+"
    return f"[^{stop}\\s]{rest}"


def _number(least: int, most: int, marks: str) -> str:
    """A number, with a decimal mark only where the length may vary: which digits stand before it is not told apart."""
    whole = f"[0-9]{{{least},{most}}}+(?![.,])"
    if least > 1 or most < 2:
        return f"-?{whole}"
    after = most // 2
    return f"-?(?:{whole}|[0-9]{{1,{most - after}}}+[{marks}][0-9]{{1,{after}}}+)"
