"""What every way of transport can do, and which there are. Each is a module of its own and may be deleted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol

from core.outbound import OutboundFault
from edi.models.transport import Transport

TransportFault = OutboundFault  # what an address that was typed does wrong is told alike, whoever called it

MODULES = {
    "http": "edi.transports.http",
    "as2": "edi.transports.as2.way",
    "sftp": "edi.transports.sftp",
    "folder": "edi.transports.folder",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A document that was handed over. `delivered` is False where the partner's receipt is still to come; `answer` is
    what came back with it, to be taken in."""

    text: str
    delivered: bool = True
    answer: bytes = b""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document that was found. `done` takes it away at the other end, once it is kept here."""

    name: str
    data: bytes
    done: Callable[[], None] = field(compare=False)


class Way(Protocol):
    """The module of a way."""

    def send(self, transport: Transport, data: bytes, filename: str, content_type: str, reference: int) -> Sent:
        """Hand over a document (`reference` is the key of its interchange). Raises TransportFault."""
        ...

    def fetch(self, transport: Transport) -> Iterator[Fetched]:
        """What lies there to be taken in. Raises TransportFault."""
        ...

    def check(self, transport: Transport) -> str:
        """Whether it would work, without changing anything there, as a sentence. Raises TransportFault."""
        ...


def way_of(kind: str) -> Way | None:
    """The module of a way; None where it was deleted or lacks its library."""
    try:
        return import_module(MODULES[kind])
    except (KeyError, ImportError):
        return None
