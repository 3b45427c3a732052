"""Files for the commands: by name or from the standard input; a bar shows how far a long one has been read."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from edi.syntax.limits import Limits

# A file on one's own disk may be as large as it is; what could fill the memory stays limited.
LIMITS = Limits(size=10**13, interchanges=10**9, messages=10**9)
_WIDTH = 40
_STEP = 1_000_000


class Watched:
    """A file that shows on the terminal how much of it has been read."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._done = 0
        self._shown = -1

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""
        data = self._file.read(size)
        self._done += len(data)
        step = self._done // _STEP
        if self._size > _STEP and step != self._shown:
            self._shown = step
            part = min(self._done / self._size, 1)
            bar = "█" * int(part * _WIDTH)
            sys.stderr.write(f"\r  {bar:░<{_WIDTH}} {part:4.0%}")
            sys.stderr.flush()
        return data

    def clear(self) -> None:
        """Take the bar away."""
        if self._shown >= 0:
            sys.stderr.write("\r" + " " * (_WIDTH + 10) + "\r")


def whole(name: str) -> bytes:
    """All bytes of a file. Raises OSError when it cannot be read."""
    with opened(name) as file:
        return b"".join(iter(lambda: file.read(_STEP), b""))


@contextmanager
def opened(name: str) -> Iterator[BinaryIO | Watched]:
    """The file of this name; "-" is the standard input. Raises OSError when it cannot be read."""
    if name == "-":
        yield sys.stdin.buffer
        return
    path = Path(name)
    with path.open("rb") as file:
        if not sys.stderr.isatty():
            yield file
            return
        watched = Watched(file, path.stat().st_size)
        try:
            yield watched
        finally:
            watched.clear()
