"""Who takes the frames that are not the socket's own: `do: "call.join"` goes to what was plugged in as "call".

A plug lives in a module of its own and is plugged in by `AppConfig.ready`. It reaches the socket through what `Line`
shows: `actor`, `member`, `listen`, `say`, `refuse`. Whatever lasts must not depend on `closed`: a process that dies
calls nothing.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from partners.actors import Actor


class Line(Protocol):
    """What a plug may ask of a socket."""

    actor: Actor
    member: int

    async def listen(self, group: str) -> None:
        """Hear a group of the plug until the socket ends."""

    async def unlisten(self, group: str) -> None:
        """Hear it no longer."""

    def say(self, on: str, **frame: Any) -> None:
        """Send one frame down, in the reader's language. Never blocks."""

    def refuse(self, topic: str, reason: Any) -> None:
        """Answer a frame with a sentence that says why not."""


class Plug:
    """One family of frames. `frame`: octets of an upward frame; `burst`, `per_second`: how many at once and lasting."""

    frame = 4096
    burst = 60
    per_second = 10

    async def receive(self, line: Line, frame: Mapping[str, Any]) -> None:
        """An upward frame of the family, within the limits and of somebody signed in; nothing else was checked."""
        raise NotImplementedError

    def hear(self, line: Line, group: str, event: Mapping[str, Any]) -> None:
        """An event `realtime.control(group, do="<prefix>.…")` that reached this socket. Must not block."""

    async def rechecked(self, line: Line) -> None:
        """Roles, seats or partnerships may have changed: ask again what the line may hear. `line.actor` is new."""

    async def closed(self, line: Line) -> None:
        """The socket ended. Called once, only where the plug received a frame before."""


_plugs: dict[str, Plug] = {}


def plug_in(prefix: str, plug: Plug) -> None:
    """Give every frame `<prefix>.…`, upward and downward, to a plug."""
    _plugs[prefix] = plug


def plug_for(do: str) -> tuple[str, Plug] | None:
    """The plug of a frame's `do`, with its prefix."""
    prefix, dot, _rest = do.partition(".")
    found = _plugs.get(prefix) if dot else None
    return (prefix, found) if found else None


def longest_frame(own: int) -> int:
    """Octets of the longest upward frame that anybody takes."""
    return max([own, *(plug.frame for plug in _plugs.values())])
