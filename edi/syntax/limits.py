"""How much a reader takes before it stops. Every limit ends in a finding, never in an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps for one file. Lengths are in bytes as received."""

    size: int = 20_000_000
    segment: int = 65_536
    element: int = 4_096
    interchanges: int = 1_000
    messages: int = 50_000  # of one interchange
    segments: int = 1_000_000  # of one message, some two hundred bytes of memory each
    lines: int = 200_000  # order lines of one document, as ORDERS SG25 allows
    findings: int = 500  # kept per interchange and per message


DEFAULT_LIMITS = Limits()
