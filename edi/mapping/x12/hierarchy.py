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
    _Connector(levels, findings).run()


class _Connector:
    def __init__(self, levels: list[Level], findings: Findings) -> None:
        self.levels = levels
        self.findings = findings
        self.ids = {level.id for level in levels}
        self.known: dict[str, Level] = {}
        self.depths: dict[int, int] = {}
        self.told: set[str] = set()
        self.last: dict[int, tuple[int, Level]] = {}  # the last level of each rank, and its position

    def run(self) -> None:
        """Each level in turn: a parent stands before what is in it."""
        for position, level in enumerate(self.levels, start=1):
            level.parent = self._pointed(level) if level.pointer else self._implied(level, position)
            self._check_depth(level)
            self._check_number(level, position)
            self.known.setdefault(level.id, level)
            self.last[_ORDER.get(level.code, 4)] = (position, level)

    def _pointed(self, level: Level) -> Level | None:
        parent = self.known.get(level.pointer)
        if parent is None:
            later = level.pointer in self.ids
            code = "hl-cycle" if later else "hl-parent-unknown"
            why = "which is itself or comes later" if later else "which does not exist"
            text = f"HL {level.id!r} states {level.pointer!r} as its parent, {why}."
            place = partial(level.segment.place, 2)
            self.findings.error(code, text, place, value=level.pointer, syntax_error="AK403:7")
        return parent

    def _implied(self, level: Level, position: int) -> Level | None:
        """The last level before that is of a higher kind. That it has to be guessed is told once."""
        rank = _ORDER.get(level.code, 4)
        if rank == 0 or position == 1:
            return None
        if "parent" not in self.told:
            self.told.add("parent")
            text = f"HL {level.id!r} does not state its parent (HL02); it is taken to stand in the one before it."
            self.findings.warning("hl-parent-missing", text, partial(level.segment.place, 2), syntax_error="AK403:2")
        above = [held for kind, held in self.last.items() if kind < rank]
        return max(above, key=lambda held: held[0])[1] if above else None

    def _check_depth(self, level: Level) -> None:
        depth = self.depths[id(level.parent)] + 1 if level.parent else 1
        if depth > DEPTH_AT_MOST:
            level.parent, depth = None, 1
            text = f"HL {level.id!r} stands more than {DEPTH_AT_MOST} levels deep."
            place = partial(level.segment.place, 2)
            self.findings.error("hl-too-deep", text, place, value=level.id, syntax_error="AK403:7")
        self.depths[id(level)] = depth

    def _check_number(self, level: Level, position: int) -> None:
        place = partial(level.segment.place, 1)
        if level.id in self.known:
            text = f"HL number {level.id!r} is used twice."
            self.findings.error("hl-duplicate", text, place, value=level.id, syntax_error="AK403:7")
        elif level.id.lstrip("0") != str(position) and "sequence" not in self.told:
            self.told.add("sequence")
            text = f"HL numbers should count from 1; number {position} is {level.id!r}."
            self.findings.warning("hl-sequence", text, place, value=level.id, syntax_error="AK403:7")
