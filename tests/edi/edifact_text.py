"""EDIFACT text into segments and the findings of a guide, without an envelope around it."""

from edi.guides.edifact_messages import guide_for
from edi.guides.guide import Guide
from edi.guides.structure import EDIFACT_CODES, Walk
from edi.syntax.findings import Finding, Findings
from edi.syntax.segments import Context, Segment, Separators, split_released
from edi.syntax.source import Source

MARKS = Separators(":", "+", "'", "?")


def segments(text: str, marks: Separators = MARKS) -> list[Segment]:
    """The segments of `text`, one or more a line, each ended by its terminator."""
    context = Context(Source(text.encode("latin-1")), marks)
    found: list[Segment] = []
    offset = 0
    for piece in split_released(text, marks.terminator, marks.release):
        start = offset + len(piece) - len(piece.lstrip())
        end = offset + len(piece)
        if piece.strip():
            tag = split_released(piece.strip(), marks.element, marks.release)[0]
            found.append(Segment(context, piece.strip(), tag, len(found) + 1, start, end))
        offset = end + 1
    return found


def guide(kind: str = "ORDERS", version: str = "D.96A") -> Guide:
    """The guide of a message; fails when there is none."""
    found = guide_for(kind, version)
    assert found is not None
    return found


def judged(text: str, guide: Guide, times: int = 1) -> list[Finding]:
    """What the guide says of a message; `times` messages one after the other, the last of which counts: from some
    dozens on, sound segments are recognised by their patterns."""
    findings = Findings()
    for _ in range(times):
        findings = Findings()
        Walk(guide, EDIFACT_CODES, findings).run(segments(text))
    return list(findings)


def told(text: str, guide: Guide, times: int = 1) -> list[tuple[str, str, str]]:
    """(severity, code, code of 0085) of each finding."""
    return [(str(each.severity), each.code, each.syntax_error) for each in judged(text, guide, times)]
