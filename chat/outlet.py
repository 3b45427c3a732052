"""Frames on their way down one socket: written at once where the line takes them, queued where it does not."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class Outlet:
    """Writes texts in order. `most` may wait; what came after that is for the caller to judge."""

    def __init__(self, send: Send, most: int) -> None:
        self.send, self.most = send, most
        self.waiting: deque[str] = deque()
        self.begun: _Begun | None = None
        self.wake: asyncio.Future[None] | None = None
        self.idle = False

    def put(self, text: str) -> bool:
        """Write or queue a text; False when too many wait. Never blocks.

        A send that does not have to wait ends within its first step: that saves waking a task for each frame of each
        socket, which is a third of what a delivery costs.
        """
        if not self.idle:
            if len(self.waiting) >= self.most:
                return False
            self.waiting.append(text)
            return True
        sending = self.send({"type": "websocket.send", "text": text})
        try:
            first = sending.send(None)
        except StopIteration:
            return True
        except OSError:
            return True  # the other side is gone: `disconnect` follows
        self.begun, self.idle = _Begun(sending, first), False
        if self.wake is not None and not self.wake.done():
            self.wake.set_result(None)
        return True

    async def write(self) -> None:
        """Write what had to wait, until cancelled or the line is gone."""
        try:
            while True:
                if self.begun is not None:
                    begun, self.begun = self.begun, None
                    await begun
                while self.waiting:
                    await self.send({"type": "websocket.send", "text": self.waiting.popleft()})
                self.wake, self.idle = asyncio.get_running_loop().create_future(), True
                await self.wake
        except OSError:
            return  # the other side is gone: `disconnect` follows
        finally:
            self.idle = False


class _Begun:
    """The rest of a coroutine that was started and had to wait for `first`."""

    def __init__(self, sending: Coroutine[Any, Any, None], first: Any) -> None:
        self.sending, self.first = sending, first

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self.first
        step: Any
        value: Any
        while True:
            try:
                got = yield waits_for
            except BaseException as error:
                step, value = self.sending.throw, error
            else:
                step, value = self.sending.send, got
            try:
                waits_for = step(value)
            except StopIteration:
                return
