"""What crosses the border of the portal, with whom, and what was found."""

from edi.models.connection import Connection, Standard
from edi.models.interchange import EXCEPTION, Case, Interchange, Transmission
from edi.models.message import Message, RecordedFinding

__all__ = [
    "EXCEPTION",
    "Case",
    "Connection",
    "Interchange",
    "Message",
    "RecordedFinding",
    "Standard",
    "Transmission",
]
