"""The walk of a message through its guide: where each segment stands, and what is wrong with it and its elements.

A position and the tag that comes next decide where the next segment stands: that is worked out once for each pair and
kept with the guide, so that a step costs one look-up. Only repeats are counted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edi.guides.elements import EDIFACT_CODES as _EDIFACT_ELEMENTS
from edi.guides.elements import X12_CODES as _X12_ELEMENTS
from edi.guides.elements import ElementCodes
from edi.guides.guide import Guide, Node, parse_guide
from edi.guides.judging import Judge
from edi.guides.patterns import Checker, Patterns, patterns_for
from edi.guides.requirements import MESSAGE, Requirement
from edi.syntax.findings import NOWHERE, Findings, PlaceLike, Severity
from edi.syntax.segments import Segment

__all__ = ["EDIFACT_CODES", "X12_CODES", "Guide", "Node", "SyntaxCodes", "Walk", "parse_guide"]

_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class SyntaxCodes:
    """The standard's own codes for faults of structure, and of elements."""

    missing: str
    misplaced: str
    unknown: str
    too_many: str
    too_many_groups: str
    elements: ElementCodes


EDIFACT_CODES = SyntaxCodes("13", "15", "15", "35", "36", _EDIFACT_ELEMENTS)
X12_CODES = SyntaxCodes("AK304:3", "AK304:2", "AK304:1", "AK304:5", "AK304:4", _X12_ELEMENTS)


class State:
    """A position of the guide that the walk has reached: the segment, and the groups open around it."""

    __slots__ = ("guide", "node", "path", "steps")

    def __init__(self, guide: Guide, node: Node, path: tuple[tuple[Node, int], ...]) -> None:
        self.guide = guide
        self.node = node
        self.path = path
        self.steps: dict[str, Step | None] = {}

    def step(self, tag: str) -> "Step | None":
        """Where `tag` leads from here. It is looked for forward in the innermost open group, then in the groups
        around it (ISO 9735 section 8, "collision" of groups), never backward; None when there is no such place."""
        if tag not in self.guide.tags:
            return None
        step = self._find(tag)
        self.steps[tag] = step
        return step

    def _find(self, tag: str) -> "Step | None":
        for depth in range(len(self.path) - 1, -1, -1):
            group, index = self.path[depth]
            for target in group.positions.get(tag, ()):
                if target > index or target == index > 0:
                    return None if self._is_late(tag, depth, target) else self._step(depth, target)
        return None

    def _is_late(self, tag: str, depth: int, target: int) -> bool:
        """Whether `tag` rather comes too late for an open loop than opens what follows a mandatory segment that has not
        come: a TXI behind the PID of an invoice line is not the TXI behind TDS. EDIFACT tells the two apart by UNS."""
        group, index = self.path[depth]
        if self.guide.standard != "x12" or not any(child.mandatory for child in group.children[index + 1 : target]):
            return False
        return any(0 < place <= reached for each, reached in self.path[depth:] for place in each.positions.get(tag, ()))

    def _step(self, depth: int, target: int) -> "Step":
        missing = [
            (child, group.name)
            for group, index in reversed(self.path[depth + 1 :])
            for child in group.children[index + 1 :]
            if child.mandatory
        ]
        group, index = self.path[depth]
        missing += [(child, group.name) for child in group.children[index + 1 : target] if child.mandatory]
        node = counted = group.children[target]
        path = (*self.path[:depth], (group, target))
        if node.children:
            path = (*path, (node, 0))
            node = node.children[0]
        states = self.guide.compiled.states
        state = states.get(node.serial) or states.setdefault(node.serial, State(self.guide, node, path))
        return Step(state, node, counted, target == index, tuple(missing), bool(missing) or not counted.most)


@dataclass(frozen=True, slots=True)
class Step:
    """From one position to the next. `counted` is the segment or group that begins or, with `again`, repeats;
    `missing` are mandatory ones passed over, with the group they belong to."""

    state: State
    node: Node
    counted: Node
    again: bool
    missing: tuple[tuple[Node, str], ...]
    remarkable: bool


class Walk:
    """Follows one message through its guide and judges its structure and, when the guide has a dictionary, its
    elements."""

    def __init__(self, guide: Guide, codes: SyntaxCodes, findings: Findings) -> None:
        self.guide = guide
        self.codes = codes
        self.findings = findings
        self._state = start(guide)
        self._counts: dict[Node, int] = {}
        self._judge = Judge(codes.elements, findings, lent=not guide.exact)
        self._patterns: Patterns | None = None
        self._open_requirements = list(guide.requirements)

    def run(self, segments: Sequence[Segment]) -> None:
        """Check all `segments`, header and trailer included."""
        for _ in self._steps(segments):
            pass
        self.finish(segments[-1] if segments else None)

    def advance(self, segment: Segment) -> Node | None:
        """Judge the next segment; its position, or None when it has no place here (told, and not moved)."""
        return next(self._steps((segment,)))

    def _steps(self, segments: Sequence[Segment]) -> Iterator[Node | None]:
        """The position of each segment as it is judged. One loop, as there is a turn for every thirty bytes."""
        state, counts = self._state, self._counts
        checker_of = self._prepare(segments[0]).get if segments else None
        for segment in segments:
            step = state.steps.get(segment.tag) or state.step(segment.tag)
            if step is None or checker_of is None:
                self._misplaced(segment)
                yield None
                continue
            self._state = state = step.state
            if step.again or step.remarkable or step.counted in counts:
                self._count(step, segment)
            node = step.node
            checker = checker_of(node)
            if (
                checker is None
                or not checker.match(segment.content)
                or (checker.conditional and not checker.keeps_conditions(segment))
            ):
                self._judge_elements(segment, node, checker)
            if self._open_requirements:
                self._met(segment, node)
            yield node

    def _count(self, step: Step, segment: Segment) -> None:
        """Repeats are counted, and begin anew where what is counted is entered again."""
        counts = self._counts
        if step.again:
            count = counts[step.counted] = counts.get(step.counted, 1) + 1
            if count == step.counted.most + 1 > 1:
                self._too_many(step.counted, segment)
        elif step.counted in counts:
            counts[step.counted] = 1
        if step.remarkable:
            self._remark(step, segment)

    def finish(self, last: Segment | None) -> None:
        """Tell what the message as a whole lacks; `last` is its last segment."""
        at: PlaceLike = last.place if last else NOWHERE
        for requirement in self._open_requirements:
            self.findings.error("required-segment", requirement.sentence, at, syntax_error=self.codes.missing)

    # -- elements -------------------------------------------------------------------------------------------------

    def _prepare(self, segment: Segment) -> dict[Node, Checker]:
        if self._patterns is None:
            self._patterns = patterns_for(self.guide, segment.separators)
        return self._patterns.by_node

    def _judge_elements(self, segment: Segment, node: Node, checker: Checker | None) -> None:
        rule = checker.rule if checker else self.guide.rule(node)
        if rule is None:
            return
        self._judge.segment(segment, rule)
        if checker is None and self._patterns is not None:
            self._patterns.asked(node, rule, self.codes.elements.loose_components)

    def _met(self, segment: Segment, node: Node) -> None:
        self._open_requirements = [each for each in self._open_requirements if not _meets(segment, node, each)]

    # -- structure ------------------------------------------------------------------------------------------------

    def _remark(self, step: Step, segment: Segment) -> None:
        if not step.counted.most and not step.again:
            self._too_many(step.counted, segment)
        for child, group in step.missing:
            add = self.findings.error if self.guide.exact or child.strict else self.findings.warning
            where = f" in group {group}" if group else ""
            text = f"Segment {child.trigger} is missing{where}; it must stand before {segment.tag}."
            add("missing-segment", text, segment.place, value=child.trigger, syntax_error=self.codes.missing)

    def _too_many(self, child: Node, segment: Segment) -> None:
        what = f"Group {child.name} ({child.trigger})" if child.children else f"Segment {child.name}"
        code = self.codes.too_many_groups if child.children else self.codes.too_many
        if child.most:
            slug, text = "too-many-segments", f"{what} may come at most {child.most} times here."
        else:
            slug, text = "segment-forbidden", f"{what} must not be sent by the rules of this connection."
        severity = Severity.ERROR if child.strict else Severity.WARNING
        self.findings.add(severity, slug, text, segment.place, value=segment.text, syntax_error=code)

    def _misplaced(self, segment: Segment) -> None:
        kind = self.guide.kind
        if segment.tag in self.guide.tags:
            code, syntax_error = "segment-out-of-place", self.codes.misplaced
            text = f"Segment {segment.tag} does not belong at this point of {kind}; it was read where it stands."
        else:
            code, syntax_error = "segment-not-allowed", self.codes.unknown
            text = f"Segment {segment.tag[:10]!r} is not part of {kind} {self.guide.version}; it was kept but not used."
        # An extra segment does no harm; one whose tag no directory could hold says that the sender is broken.
        severity = Severity.WARNING if _TAG.match(segment.tag) else Severity.ERROR
        self.findings.add(severity, code, text, segment.place, value=segment.text, syntax_error=syntax_error)
        rule = self.guide.dictionary().get(segment.tag)
        if rule:
            self._judge.segment(segment, rule)


def start(guide: Guide) -> State:
    """Before the first segment of a message."""
    states = guide.compiled.states
    return states.get(-1) or states.setdefault(-1, State(guide, guide.root, ((guide.root, -1),)))


def _meets(segment: Segment, node: Node, requirement: Requirement) -> bool:
    if node.name != requirement.tag or requirement.group not in ("", node.group or MESSAGE):
        return False
    if not requirement.element:
        return True
    value = segment.get(requirement.element, requirement.component or 1)
    return value in requirement.values if requirement.values else bool(value)
