"""What crosses the border of the portal, with whom, and what was found."""

from edi.models.connection import Connection, Standard
from edi.models.interchange import EXCEPTION, Case, Interchange, Transmission
from edi.models.message import Message, RecordedFinding
from edi.models.transport import AS2Message, DeliveryAttempt, TableMapping, Transport

__all__ = [
    "EXCEPTION",
    "AS2Message",
    "Case",
    "Connection",
    "DeliveryAttempt",
    "Interchange",
    "Message",
    "RecordedFinding",
    "Standard",
    "TableMapping",
    "Transmission",
    "Transport",
]
