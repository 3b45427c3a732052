"""A transaction set from a few readable lines, for tests that judge its structure and elements."""

from edi.guides.structure import X12_CODES, Walk
from edi.guides.x12_releases import find_x12
from edi.syntax import x12
from edi.syntax.envelopes import RawMessage
from edi.syntax.findings import Finding, Findings
from edi.syntax.limits import DEFAULT_LIMITS
from edi.syntax.source import Source
from edi.syntax.x12_envelope import open_interchange

_HEAD = "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SELLER         *260302*1200*{}*{}*000000001*0*P*>~"


def judged(kind: str, body: str, version: str = "004010") -> list[Finding]:
    """What the guide of `kind` finds in a set whose `body` stands between ST and SE, one segment a line."""
    lines = [line.strip() for line in body.strip().split("\n")]
    isa = _HEAD.format(*(("^", "00501") if version >= "005" else ("U", "00401")))
    text = "~".join([f"ST*{kind}*0001", *lines, f"SE*{len(lines) + 2}*0001", "GE*1*1", "IEA*1*000000001", ""])
    source = Source(f"{isa}GS*PO*BUYER*SELLER*20260302*1200*1*X*{version}~{text}".encode())
    sets: list[RawMessage] = []
    for raw in x12.interchanges(source, 0, DEFAULT_LIMITS):
        open_interchange(raw, sets.append)
    guide = find_x12(kind, version)
    assert guide is not None
    findings = Findings()
    [one] = sets
    Walk(guide, X12_CODES, findings).run(one.segments)
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
