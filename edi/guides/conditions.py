"""Conditions between the elements of one segment, as data: the syntax notes of X12 and the dependency notes of UNTDID.

Written as the X12 dictionary does, a letter and positions of two digits: P0304. A component is written 02.1:
`R0102.1` asks for element 1 or component 1 of element 2.

    P  all or none            (UNTDID D2)      R  at least one             (UNTDID D3)
    E  one or none            (UNTDID D4)      O  exactly one              (UNTDID D1)
    C  if the first, then all the others (D5)  L  if the first, then at least one of the others (D6)
    N  if the first, then none of the others (D7)
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edi.syntax.segments import Segment

Position = tuple[int, int]  # element, component; component 0 stands for the whole element
_POSITION = re.compile(r"(\d\d)(?:\.(\d+))?")
_CONDITION = re.compile(r"[PREOCLN](?:\d\d(?:\.\d+)?){2,}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. When `values` is given it only holds for segments whose first position has one of them, and the
    other positions are then all asked for (kind "V"; a connection's rules write it so)."""

    kind: str
    positions: tuple[Position, ...]
    values: frozenset[str] = frozenset()
    strict: bool = False  # a connection's own rule: what breaks it is an error

    @property
    def whole_elements_only(self) -> bool:
        """Whether it can be judged from the presence of elements alone."""
        return not self.values and all(component == 0 for _, component in self.positions)


def parse_condition(notation: str) -> Condition:
    """A condition from its notation. Raises ValueError with a sentence when it is not one."""
    if not _CONDITION.match(notation):
        raise ValueError(
            f"{notation!r} is not a condition; write a letter of PREOCLN and two or more positions, as P0304."
        )
    found = [(int(element), int(part or 0)) for element, part in _POSITION.findall(notation)]
    return Condition(notation[0], tuple(found))


def holds(condition: Condition, present: Sequence[bool]) -> bool:
    """Whether a condition without values holds; `present` tells it of each of its positions, in order."""
    return _RULES[condition.kind](present[0], sum(present[1:]), len(present) - 1)


# By kind: (first is there, how many of the others are, how many others there are) → holds.
_RULES: dict[str, Callable[[bool, int, int], bool]] = {
    "P": lambda first, others, count: first + others in (0, count + 1),
    "R": lambda first, others, count: first + others >= 1,
    "E": lambda first, others, count: first + others <= 1,
    "O": lambda first, others, count: first + others == 1,
    "C": lambda first, others, count: not first or others == count,
    "L": lambda first, others, count: not first or others >= 1,
    "N": lambda first, others, count: not first or others == 0,
}


def broken(condition: Condition, segment: Segment) -> bool:
    """Whether `segment` breaks `condition`."""
    values = [_value(segment, *position) for position in condition.positions]
    if condition.values:
        return values[0] in condition.values and not all(values[1:])
    return not holds(condition, [bool(value) for value in values])


def _value(segment: Segment, element: int, component: int) -> str:
    if component:
        return segment.get(element, component)
    whole = segment.whole(element)
    return whole.strip(segment.separators.component + " ") and whole


def sentence(condition: Condition, tag: str) -> str:
    """What `condition` asks for, for a person."""
    first, *others = (f"{tag}{element:02}{f'.{part}' if part else ''}" for element, part in condition.positions)
    rest = " and ".join(others)
    either = " or ".join(others)
    if condition.values:
        return f"When {first} is {' or '.join(sorted(condition.values))}, {rest} must be given."
    return {
        "P": f"{first} and {rest} must be given together or not at all.",
        "R": f"At least one of {first} or {either} must be given.",
        "E": f"Only one of {first} or {either} may be given.",
        "O": f"Exactly one of {first} or {either} must be given.",
        "C": f"When {first} is given, {rest} must be given.",
        "L": f"When {first} is given, {either} must be given.",
        "N": f"When {first} is given, {rest} must not be given.",
    }[condition.kind]
