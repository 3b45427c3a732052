"""A transaction set from a few readable lines, for tests that judge its structure and elements."""

from edi.guides.structure import X12_CODES, Walk
from edi.guides.x12_releases import find_x12
from edi.syntax.findings import Finding, Findings
from edi.syntax.segments import Segment, Separators
from edi.syntax.source import Source

MARKS = {
    "004010": Separators(component=">", element="*", terminator="~"),
    "005010": Separators(component=":", element="*", terminator="~", repetition="^"),
}


def segments_of(text: str, marks: Separators) -> list[Segment]:
    """The segments of `text`, one a line; the places are those of the text."""
    source = Source(text.encode())
    found: list[Segment] = []
    offset = 0
    for index, line in enumerate(text.split("\n"), 1):
        end = offset + len(line)
        elements = line.split("*")
        found.append(Segment(source, marks, elements, elements[0], index, offset, end))
        offset = end + 1
    return found


def judged(kind: str, body: str, version: str = "004010") -> list[Finding]:
    """What the guide of `kind` finds in a set whose `body` stands between ST and SE, one segment a line."""
    lines = [line.strip() for line in body.strip().split("\n")]
    text = "\n".join([f"ST*{kind}*0001", *lines, f"SE*{len(lines) + 2}*0001"])
    guide = find_x12(kind, version)
    assert guide is not None
    findings = Findings()
    marks = MARKS.get(version[:6], MARKS["004010"])
    Walk(guide, X12_CODES, findings).run(segments_of(text, marks))
    return list(findings)


def told(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    """(severity, code, the standard's code, segment and element) of each finding."""
    return [
        (
            str(item.severity),
            item.code,
            item.syntax_error,
            f"{item.place.tag}{item.place.element:02}" if item.place.element else item.place.tag,
        )
        for item in findings
    ]
