"""Any bytes into a `Reading`: the standard is told from the bytes, then each interchange and message is read alone."""

from edi.mapping.edifact.reading import read_edifact
from edi.mapping.model import Interchange, Reading, Standard
from edi.mapping.ubl.reading import read_ubl
from edi.mapping.x12.reading import read_x12
from edi.syntax import edifact, x12
from edi.syntax.detect import detect
from edi.syntax.findings import Finding, Findings, Severity
from edi.syntax.limits import DEFAULT_LIMITS, Limits
from edi.syntax.source import Source


def read(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read EDIFACT, X12 or UBL; the standard is told from the bytes. Never raises: faults become findings."""
    if len(data) > limits.size:
        text = f"The file has {len(data)} bytes; at most {limits.size} are read."
        return Reading("unknown", findings=(Finding(Severity.ERROR, "file-too-large", text),))
    source = Source(data)
    findings = source.findings(limits)
    family, start = detect(source, findings)
    standard: Standard = "ubl" if family == "xml" else family
    interchanges: list[Interchange] = []
    if family == "edifact":
        pieces = edifact.interchanges(source, start, limits)
        interchanges = _each(pieces, read_edifact, findings, limits)
    elif family == "x12":
        pieces = x12.interchanges(source, start, limits)
        interchanges = _each(pieces, read_x12, findings, limits)
    elif family == "xml":
        interchanges = [read_ubl(source, start, limits)]
    _mark_duplicates(data, interchanges, findings)
    return Reading(standard, tuple(interchanges), findings.freeze())


def _each(pieces, read_one, findings: Findings, limits: Limits) -> list[Interchange]:
    done: list[Interchange] = []
    for raw in pieces:
        if len(done) >= limits.interchanges:
            text = f"The file holds more than {limits.interchanges} interchanges; the rest was not read."
            findings.error("too-many-interchanges", text, raw.source.place(raw.start))
            break
        done.append(read_one(raw))
    return done


def _mark_duplicates(data: bytes, interchanges: list[Interchange], findings: Findings) -> None:
    """The same control number twice in one file: a copy is only remarked, other content under it is an error."""
    seen: dict[tuple[str, str, str], Interchange] = {}
    for interchange in interchanges:
        key = (interchange.sender.id, interchange.receiver.id, interchange.control_number)
        first = seen.setdefault(key, interchange)
        if first is interchange or not interchange.control_number:
            continue
        same = data[first.start : first.end].split() == data[interchange.start : interchange.end].split()
        if same:
            text = f"Interchange {interchange.control_number} stands in the file twice; it counts once."
            findings.warning("duplicate-interchange", text, value=interchange.control_number)
        else:
            text = f"Control number {interchange.control_number} is used by two different interchanges of the file."
            findings.error("duplicate-control-number", text, value=interchange.control_number, syntax_error="26")
