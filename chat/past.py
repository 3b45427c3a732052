"""What sockets of one room missed, read from the database once for all that come back together.

After a restart everybody returns within seconds and asks for nearly the same messages. What was rendered for the first
is kept for the others for a short while; a message that changes is forgotten at once.
"""

import asyncio
import time

from channels.db import database_sync_to_async

from chat import frames

KEPT = 20.0  # seconds after the last question for which rendered messages are kept
MOST = 2000  # messages kept in a room: what is said while many catch up must not push out what they ask for
LOT = 50  # messages to ask for at once: a busy process has them before anybody's patience ends

Texts = dict[str, str]


class Past:
    """Rendered messages of one room by number, kept while somebody asks for them."""

    def __init__(self, room_id: int) -> None:
        self.room_id = room_id
        self.kept: dict[int, Texts] = {}
        self.until = 0.0
        self.changes = 0
        self.reading = asyncio.Lock()
        self.tasks: set[asyncio.Task] = set()

    async def between(self, after: int, last: int) -> list[tuple[int, Texts]]:
        """Number and encoded frame of the messages from `after`+1 to `last`.

        What is being read is read to its end and kept, also when who asked for it has gone meanwhile: on a busy
        machine those who come back would else begin anew each time, and never arrive.
        """
        task = asyncio.create_task(self._read(after, last))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return await asyncio.shield(task)

    async def _read(self, after: int, last: int) -> list[tuple[int, Texts]]:
        async with self.reading:
            self.until = time.monotonic() + KEPT
            # Taken now: while the database is read, what is said may push it out of what is kept.
            known = {number: self.kept[number] for number in range(after + 1, last + 1) if number in self.kept}
            missing = [number for number in range(after + 1, last + 1) if number not in known]
            if missing:
                first, changes = missing[0] - 1, self.changes
                read = await database_sync_to_async(frames.messages_after)(self.room_id, first, last - first)
                found = {number: texts for number, texts in read if number <= last}
                if changes == self.changes:  # else one of them may have been read before it changed
                    self.kept = {**found, **self.kept}
                    self._shorten()
                known |= found
            return sorted(known.items())

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
