"""Message structures as data: a compact notation, and a walk that says where a message leaves its structure.

The notation is that of the directories' branching diagrams, read left to right: `BGM!` is mandatory, `DTM*35` may come
35 times, `SG1*10(RFF! DTM*5)` is a segment group that its first segment triggers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edi.syntax.findings import Findings
from edi.syntax.segments import Segment

_TOKEN = re.compile(r"(?P<name>[A-Z][A-Z0-9]*)(?P<mandatory>!)?(?:\*(?P<most>\d+|M))?(?P<open>\()?|(?P<close>\))")
_PLENTY = 1_000_000  # "M", many: the directory sets no limit
_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Node:
    """A position: a segment, or a group when it has `children` (the first of which triggers it)."""

    name: str
    mandatory: bool
    most: int
    children: tuple["Node", ...] = ()
    positions: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False)

    @property
    def trigger(self) -> str:
        """The tag that opens this position."""
        return self.children[0].trigger if self.children else self.name


@dataclass(frozen=True, slots=True)
class Guide:
    """The structure of one message. `exact` guides judge strictly; others are neighbours lent to another release."""

    kind: str
    version: str
    root: Node
    tags: frozenset[str]
    exact: bool = True


def parse_guide(kind: str, version: str, notation: str) -> Guide:
    """A guide from its notation. Raises ValueError when the notation is not well formed."""
    tokens = _TOKEN.finditer(notation)
    root = _group("message", True, 1, tokens)
    return Guide(kind, version, root, frozenset(_tags(root)))


def _group(name: str, mandatory: bool, most: int, tokens: Iterator[re.Match[str]]) -> Node:
    children: list[Node] = []
    for token in tokens:
        if token["close"]:
            break
        times = _PLENTY if token["most"] == "M" else int(token["most"] or 1)
        if token["open"]:
            children.append(_group(token["name"], bool(token["mandatory"]), times, tokens))
        else:
            children.append(Node(token["name"], bool(token["mandatory"]), times))
    if not children:
        raise ValueError(f"group {name} is empty")
    positions: dict[str, tuple[int, ...]] = {}
    for index, child in enumerate(children):
        positions[child.trigger] = (*positions.get(child.trigger, ()), index)
    return Node(name, mandatory, most, tuple(children), positions)


def _tags(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.children:
            yield from _tags(child)
        else:
            yield child.name


@dataclass(slots=True)
class _Frame:
    """How far the walk has come in one occurrence of a group."""

    node: Node
    index: int = 0
    count: int = 0  # occurrences of the child at `index` so far


@dataclass(frozen=True, slots=True)
class SyntaxCodes:
    """The standard's own codes for faults of structure."""

    missing: str
    misplaced: str
    unknown: str
    too_many: str
    too_many_groups: str


EDIFACT_CODES = SyntaxCodes("13", "15", "15", "35", "36")
X12_CODES = SyntaxCodes("AK304:3", "AK304:2", "AK304:1", "AK304:5", "AK304:4")


class Walk:
    """Follows one message through its guide. A tag is looked for forward in the innermost open group, then in the
    groups around it (ISO 9735 section 8, "collision" of groups), never backward."""

    def __init__(self, guide: Guide, codes: SyntaxCodes, findings: Findings) -> None:
        self.guide = guide
        self.codes = codes
        self.findings = findings
        self.frames = [_Frame(guide.root)]

    def run(self, segments: Sequence[Segment]) -> None:
        """Check all `segments`, header and trailer included."""
        for segment in segments:
            if not self._advance(segment):
                self._misplaced(segment)
        if segments and segments[-1].tag == self.guide.root.children[-1].name:
            while self.frames:
                self._close(segments[-1])

    def _advance(self, segment: Segment) -> bool:
        for depth in range(len(self.frames) - 1, -1, -1):
            target = self._position(self.frames[depth], segment.tag)
            if target is not None:
                while len(self.frames) - 1 > depth:
                    self._close(segment)
                self._enter(self.frames[depth], target, segment)
                return True
        return False

    @staticmethod
    def _position(frame: _Frame, tag: str) -> int | None:
        for index in frame.node.positions.get(tag, ()):
            if index > frame.index or (index == frame.index and (index > 0 or not frame.count)):
                return index
        return None

    def _enter(self, frame: _Frame, target: int, segment: Segment) -> None:
        if target == frame.index:
            frame.count += 1
        else:
            self._report_missing(frame, target, segment)
            frame.index, frame.count = target, 1
        child = frame.node.children[target]
        if frame.count == child.most + 1:
            self._too_many(child, segment)
        if child.children:
            self.frames.append(_Frame(child, 0, 1))

    def _close(self, segment: Segment) -> None:
        frame = self.frames.pop()
        self._report_missing(frame, len(frame.node.children), segment)

    def _report_missing(self, frame: _Frame, until: int, segment: Segment) -> None:
        first = frame.index + 1 if frame.count else frame.index
        for child in frame.node.children[first:until]:
            if child.mandatory:
                where = f" in group {frame.node.name}" if frame.node is not self.guide.root else ""
                text = f"Segment {child.trigger} is missing{where}; it must stand before {segment.tag}."
                add = self.findings.error if self.guide.exact else self.findings.warning
                add("missing-segment", text, segment.place, value=child.trigger, syntax_error=self.codes.missing)

    def _too_many(self, child: Node, segment: Segment) -> None:
        what = f"Group {child.name} ({child.trigger})" if child.children else f"Segment {child.name}"
        text = f"{what} may come at most {child.most} times here."
        code = self.codes.too_many_groups if child.children else self.codes.too_many
        self.findings.warning("too-many-segments", text, segment.place, value=segment.text, syntax_error=code)

    def _misplaced(self, segment: Segment) -> None:
        kind = self.guide.kind
        if segment.tag in self.guide.tags:
            code, syntax_error = "segment-out-of-place", self.codes.misplaced
            text = f"Segment {segment.tag} does not belong at this point of {kind}; it was read where it stands."
        else:
            code, syntax_error = "segment-not-allowed", self.codes.unknown
            text = f"Segment {segment.tag[:10]!r} is not part of {kind} {self.guide.version}; it was kept but not used."
        # An extra segment does no harm; one whose tag no directory could hold says that the sender is broken.
        add = self.findings.warning if _TAG.match(segment.tag) else self.findings.error
        add(code, text, segment.place, value=segment.text, syntax_error=syntax_error)
