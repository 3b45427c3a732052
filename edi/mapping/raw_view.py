"""A file cut into segments, or XML into lines, to show it with findings at their place."""

from edi.mapping.model import RawSegment
from edi.syntax import edifact, x12
from edi.syntax.detect import detect
from edi.syntax.findings import Findings
from edi.syntax.limits import DEFAULT_LIMITS
from edi.syntax.reader import BlockReader
from edi.syntax.segments import Segment
from edi.syntax.source import Source


def segments(data: bytes, *, most: int = 20_000) -> list[RawSegment]:
    """Every segment of `data` in order (`index` counts anew in each interchange, as places in findings do); for XML and
    unknown text every line. At most `most`. Never raises."""
    source = Source(data[: DEFAULT_LIMITS.size])
    family, start = detect(source, Findings(1))
    if family not in ("edifact", "x12"):
        return _lines(source, most)
    rows: list[RawSegment] = []
    pieces = (edifact if family == "edifact" else x12).interchanges(source, start, DEFAULT_LIMITS)
    for raw in pieces:
        reader: BlockReader = edifact.SegmentReader(raw) if family == "edifact" else x12.SegmentReader(raw)
        for segment in reader:
            if isinstance(reader, edifact.SegmentReader) and segment.tag == "UNB":
                reader.declare(segment)
            rows.append(_row(source, segment))
            if len(rows) >= most:
                return rows
    return rows


def _row(source: Source, segment: Segment) -> RawSegment:
    line, _ = source.line_and_column(segment.offset)
    return RawSegment(segment.index, segment.offset, segment.end, segment.tag, segment.text, line)


def _lines(source: Source, most: int) -> list[RawSegment]:
    rows: list[RawSegment] = []
    position = 0
    for number, raw in enumerate(source.data.split(b"\n", most)[:most], start=1):
        line = raw.rstrip(b"\r").decode("utf-8", "replace")
        rows.append(RawSegment(number, position, position + len(raw), "", line, number))
        position += len(raw) + 1
    return rows
