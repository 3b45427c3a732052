"""What sockets of one room missed, read from the database once for all that come back together.

After a restart everybody returns within seconds and asks for nearly the same messages. What was rendered for the first
is kept for the others for a short while; a message that changes is forgotten at once.
"""

import asyncio
import time

from channels.db import database_sync_to_async

from chat import frames

KEPT = 20.0  # seconds after the last question for which rendered messages are kept
MOST = 600  # messages kept in a room

Texts = dict[str, str]


class Past:
    """Rendered messages of one room by number, kept while somebody asks for them."""

    def __init__(self, room_id: int) -> None:
        self.room_id = room_id
        self.kept: dict[int, Texts] = {}
        self.until = 0.0
        self.changes = 0
        self.reading = asyncio.Lock()

    async def between(self, after: int, last: int) -> list[tuple[int, Texts]]:
        """Number and encoded frame of the messages from `after`+1 to `last`."""
        async with self.reading:
            self.until = time.monotonic() + KEPT
            missing = [number for number in range(after + 1, last + 1) if number not in self.kept]
            if not missing:
                return [(number, self.kept[number]) for number in range(after + 1, last + 1)]
            first, changes = missing[0] - 1, self.changes
            read = await database_sync_to_async(frames.messages_after)(self.room_id, first, last - first)
            found = {number: self.kept[number] for number in range(after + 1, first + 1)} | dict(read)
            if changes == self.changes:  # else one of them may have been read before it changed
                for number, texts in read:
                    self.kept.setdefault(number, texts)
                self._shorten()
            return [(number, texts) for number, texts in sorted(found.items()) if number <= last]

    def said(self, number: int, texts: Texts) -> None:
        """A new message was passed on."""
        if self.until > time.monotonic():
            self.kept[number] = texts
            self._shorten()
        elif self.kept:
            self.kept.clear()

    def changed(self, number: int | None = None) -> None:
        """A message changed, or for None any of them may have."""
        self.changes += 1
        if number is None:
            self.kept.clear()
        else:
            self.kept.pop(number, None)

    def rest(self) -> None:
        """Give the room back when nobody asked for a while."""
        if self.until < time.monotonic():
            self.kept.clear()

    def _shorten(self) -> None:
        while len(self.kept) > MOST:
            del self.kept[min(self.kept)]
