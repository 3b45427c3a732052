"""Bytes to documents and back. Everything here is pure: no database, no settings, no clock.

reading = read(data)                      # never raises, whatever the bytes
for interchange in reading.interchanges:
    answer = acknowledge(interchange, control_number="17", prepared_at=now)
    for message in interchange.applicable:
        message.document                  # one of orders.documents
write([order], standard="x12", envelope=envelope)      # Written(data, findings)
for event in stream(file): ...            # a file of any size, message by message
segments(data)                            # for the raw view
"""

from edi.mapping.acknowledging import acknowledge
from edi.mapping.model import Envelope, Group, Interchange, Message, PartyRef, RawSegment, Reading
from edi.mapping.raw_view import segments
from edi.mapping.reading import Closed, Event, Opened, read, stream
from edi.mapping.writing import Written, write, write_order, write_response
from edi.syntax.findings import Finding, Place, Severity
from edi.syntax.limits import Limits

__all__ = [
    "Closed",
    "Envelope",
    "Event",
    "Finding",
    "Group",
    "Interchange",
    "Limits",
    "Message",
    "Opened",
    "PartyRef",
    "Place",
    "RawSegment",
    "Reading",
    "Severity",
    "Written",
    "acknowledge",
    "read",
    "segments",
    "stream",
    "write",
    "write_order",
    "write_response",
]
