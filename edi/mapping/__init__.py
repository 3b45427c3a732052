"""Bytes to documents and back. Everything here is pure: no database, no settings, no clock.

reading = read(data)                      # never raises, whatever the bytes
for interchange in reading.interchanges:
    answer = acknowledge(interchange, control_number="17", prepared_at=now)
    for message in interchange.applicable:
        message.document                  # one of orders.documents
write([order], standard="x12", envelope=envelope)      # Written(data, findings)
segments(data)                            # for the raw view
"""

from edi.mapping.acknowledging import acknowledge
from edi.mapping.model import Envelope, Group, Interchange, Message, PartyRef, RawSegment, Reading
from edi.mapping.raw_view import segments
from edi.mapping.reading import read
from edi.mapping.writing import Written, write, write_order, write_response
from edi.syntax.findings import Finding, Place, Severity
from edi.syntax.limits import Limits

__all__ = [
    "Envelope",
    "Finding",
    "Group",
    "Interchange",
    "Limits",
    "Message",
    "PartyRef",
    "Place",
    "RawSegment",
    "Reading",
    "Severity",
    "Written",
    "acknowledge",
    "read",
    "segments",
    "write",
    "write_order",
    "write_response",
]
