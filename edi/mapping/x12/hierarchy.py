"""The tree of HL segments (ASC X12 735, 628, 734): which level stands in which, and whether it is a tree at all."""

from dataclasses import dataclass, field
from functools import partial

from edi.mapping.draft import Draft
from edi.syntax.findings import Findings
from edi.syntax.segments import Segment

DEPTH_AT_MOST = 20
_ORDER = {"S": 0, "E": 1, "O": 1, "T": 2, "P": 3, "I": 4, "F": 5, "K": 5}


@dataclass(slots=True, eq=False)
class Level:
    """One HL loop. `parent` is None at the top, and where the pointer leads nowhere."""

    id: str
    code: str
    segment: Segment
    pointer: str
    draft: Draft = field(default_factory=Draft)
    parent: "Level | None" = None
    values: dict[str, str] = field(default_factory=dict)

    def above(self, *codes: str) -> "Level | None":
        """The nearest level of one of `codes` that this one stands in. The pointers were checked before."""
        level = self.parent
        while level is not None and level.code not in codes:
            level = level.parent
        return level


def connect(levels: list[Level], findings: Findings) -> None:
    """Find the parent of each level, and judge the pointers: double numbers, unknown or later parents (so that there is
    no cycle), a depth beyond reason, numbers out of sequence. A level without a pointer belongs to the last one of a
    higher kind."""
    known: dict[str, Level] = {}
    depths: dict[int, int] = {}
    told = False
    all_ids = {level.id for level in levels}
    for position, level in enumerate(levels, start=1):
        level.parent = _parent(level, known, all_ids, levels[: position - 1] if not level.pointer else [], findings)
        depth = depths[id(level)] = depths[id(level.parent)] + 1 if level.parent else 1
        if depth > DEPTH_AT_MOST:
            level.parent, depths[id(level)] = None, 1
            text = f"HL {level.id!r} stands {depth} levels deep; at most {DEPTH_AT_MOST} are read."
            findings.error("hl-too-deep", text, partial(level.segment.place, 2), value=level.id, syntax_error="AK403:7")
        if level.id in known:
            text = f"HL number {level.id!r} is used twice."
            findings.error(
                "hl-duplicate", text, partial(level.segment.place, 1), value=level.id, syntax_error="AK403:7"
            )
        elif level.id != str(position) and level.id.lstrip("0") != str(position) and not told:
            told = True
            text = f"HL numbers should count from 1; number {position} is {level.id!r}."
            findings.warning(
                "hl-sequence", text, partial(level.segment.place, 1), value=level.id, syntax_error="AK403:7"
            )
        known.setdefault(level.id, level)


def _parent(
    level: Level, known: dict[str, Level], all_ids: set[str], before: list[Level], findings: Findings
) -> Level | None:
    if level.pointer:
        parent = known.get(level.pointer)
        if parent is None:
            later = level.pointer in all_ids
            code = "hl-cycle" if later else "hl-parent-unknown"
            why = "itself or one that comes later" if later else "a number that does not exist"
            text = f"HL {level.id!r} states as its parent {level.pointer!r}, {why}."
            place = partial(level.segment.place, 2)
            findings.error(code, text, place, value=level.pointer, syntax_error="AK403:7")
        return parent
    rank = _ORDER.get(level.code, 4)
    if rank == 0 or not before:
        return None
    text = (
        f"HL {level.id!r} ({level.code}) does not state its parent (HL02); it is taken to stand in the one before it."
    )
    findings.warning("hl-parent-missing", text, partial(level.segment.place, 2), syntax_error="AK403:2")
    for other in reversed(before):
        if _ORDER.get(other.code, 4) < rank:
            return other
    return None
