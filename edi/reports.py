"""What an acknowledgement of the other side says: CONTRL, TA1 and 997, ApplicationResponse. Pure, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from edi.syntax import edifact, x12
from edi.syntax.findings import Findings
from edi.syntax.limits import DEFAULT_LIMITS
from edi.syntax.segments import Segment
from edi.syntax.source import Source
from edi.syntax.xml import parse_xml

ACCEPTED, WITH_ERRORS, REJECTED = "accepted", "accepted_with_errors", "rejected"
# CONTRL 0083: 4 this level and all lower rejected, 7 acknowledged, 8 received only.
UCI_ACTION = {"4": REJECTED, "7": ACCEPTED}
# 997 AK901: accepted, accepted with errors, partly accepted, rejected (and the security variants M, W, X).
AK9_STATUS = {
    "A": ACCEPTED,
    "E": WITH_ERRORS,
    "P": WITH_ERRORS,
    "R": REJECTED,
    "M": REJECTED,
    "W": REJECTED,
    "X": REJECTED,
}
TA1_STATUS = {"A": ACCEPTED, "E": WITH_ERRORS, "R": REJECTED}
# UBL ResponseCode as Peppol uses it: AB received, AP accepted, CA conditionally, RE rejected.
UBL_RESPONSE = {"AB": ACCEPTED, "AP": ACCEPTED, "CA": WITH_ERRORS, "RE": REJECTED}
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one of our documents, named by its control number (X12: of the interchange or the group)."""

    control_number: str
    verdict: str


def reports_in(standard: str, raw: bytes) -> list[Report]:
    """Every verdict in one interchange of acknowledgements; a mere receipt (0083 = 8) is none."""
    readers = {"edifact": _contrl, "x12": _x12, "ubl": _application_response}
    reader = readers.get(standard)
    return list(reader(Source(raw))) if reader else []


def _contrl(source: Source) -> Iterator[Report]:
    open_report: Report | None = None
    for segment in _segments(edifact, source):
        if segment.tag == "UCI":
            if open_report:
                yield open_report
            verdict = UCI_ACTION.get(segment.get(4))
            open_report = Report(segment.get(1), verdict) if verdict else None
        elif segment.tag == "UCM" and segment.get(3) == "4" and open_report and open_report.verdict == ACCEPTED:
            open_report = Report(open_report.control_number, WITH_ERRORS)
    if open_report:
        yield open_report


def _x12(source: Source) -> Iterator[Report]:
    group = ""
    for segment in _segments(x12, source):
        if segment.tag == "TA1" and segment.whole(4) in TA1_STATUS:
            yield Report(segment.whole(1), TA1_STATUS[segment.whole(4)])
        elif segment.tag == "AK1":
            group = segment.whole(2)
        elif segment.tag == "AK9" and segment.whole(1) in AK9_STATUS:
            yield Report(group, AK9_STATUS[segment.whole(1)])


def _segments(syntax: ModuleType, source: Source) -> Iterator[Segment]:
    for interchange in syntax.interchanges(source, 0, DEFAULT_LIMITS):
        yield from syntax.SegmentReader(interchange)


def _application_response(source: Source) -> Iterator[Report]:
    document = parse_xml(source, 0, Findings())
    if document is None:
        return
    for response in document.root.iter(f"{CAC}DocumentResponse"):
        code = response.findtext(f"{CAC}Response/{CBC}ResponseCode", "").strip()
        number = response.findtext(f"{CAC}DocumentReference/{CBC}ID", "").strip()
        if number and code in UBL_RESPONSE:
            yield Report(number, UBL_RESPONSE[code])
