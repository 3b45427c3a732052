"""A client that behaves as the page does: posts with client ids until it is answered, comes back, resumes by number."""

import asyncio
import contextlib
import json
import random
import re
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

TOKEN = "b" * 32
MESSAGE = re.compile(rb'"on":"message","topic":"room\.\d+","id":(\d+)')
WORDS = re.compile(r"\[(\w+-\d+)\]")
SHOWN = re.compile(r'<article[^>]*\bid="m-(\d+)".*?</article>', re.DOTALL)
SILENT = 45  # seconds without a word after which the line is dead


@dataclass
class Browser:
    """One tab in one room. `log` is what its person reads: number and mark of each message, in the order of arrival.

    Who was away for long sees the newest page first, as the page of a room does, and hears on; `gaps` are the numbers
    in between, which its person scrolls up to later (`scroll_up`).
    """

    name: str
    session: str
    room: int
    port: int
    log: list[tuple[int, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    joined: asyncio.Event = field(default_factory=asyncio.Event)
    reconnections: int = 0
    reloads: int = 0
    retries: int = 0
    closings: dict[str, int] = field(default_factory=dict)
    line: object = None
    gaps: list[tuple[int, int]] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The number of the last message read."""
        return self.log[-1][0] if self.log else 0

    async def listen(self) -> None:
        """Stay connected for ever, as the page does: back-off with jitter."""
        attempts = 0
        while True:
            try:
                if await self._one_line():
                    attempts = 0
            except (OSError, WebSocketException, TimeoutError) as error:
                self.closings[_why(error)] = self.closings.get(_why(error), 0) + 1
            self.joined.clear()
            self.reconnections += 1
            await asyncio.sleep(min(20, 0.4 * 2**attempts) * (0.5 + random.random()))
            attempts += 1

    async def _one_line(self) -> bool:
        url, origin = f"ws://127.0.0.1:{self.port}/ws/", f"http://127.0.0.1:{self.port}"
        cookie = {"Cookie": f"sessionid={self.session}"}
        options = {"additional_headers": cookie, "origin": origin, "compression": None, "open_timeout": 60}
        async with connect(url, max_queue=None, ping_interval=None, **options) as self.line:
            await self.line.send(json.dumps({"do": "join", "topic": f"room.{self.room}", "after": self.last}))
            beat = asyncio.create_task(self._beat(self.line))
            try:
                while True:
                    async with asyncio.timeout(SILENT):
                        await self._take(await self.line.recv(decode=False))
            finally:
                beat.cancel()
        return True

    async def _beat(self, line) -> None:
        while True:
            await asyncio.sleep(20)
            with contextlib.suppress(WebSocketException, OSError):
                await line.send('{"do":"ping"}')

    async def _take(self, text: bytes) -> None:
        if found := MESSAGE.search(text, 0, 200):
            self._read(int(found[1]), json.loads(text)["html"])
        elif b'"on":"joined"' in text:
            frame = json.loads(text)
            if frame.get("behind"):
                await self._reload(frame["last"])
            self.joined.set()
        elif b'"on":"refused"' in text or b'"on":"cut"' in text or b'"on":"gone"' in text:
            self.faults.append(text.decode())

    def _read(self, number: int, html: str) -> None:
        """A message came: the page passes over what it has, and never gets one before its turn."""
        if number <= self.last:
            self.faults.append(f"message {number} came again after {self.last}")
        elif number != self.last + 1:
            self.faults.append(f"message {number} came after {self.last}")
        else:
            self.log.append((number, WORDS.search(html)[1]))

    async def _reload(self, last: int) -> None:
        """Load the newest page of the room, as the page does when it was away for too long."""
        self.reloads += 1
        before, found = self.last, await self._page(last)
        newest = sorted((number, mark) for number, mark in found.items() if before < number <= last)
        if newest[0][0] > before + 1:
            self.gaps.append((before, newest[0][0] - 1))
        self.log += newest

    async def scroll_up(self) -> None:
        """Read what lies in the gaps, page by page backwards."""
        while self.gaps:
            after, last = self.gaps.pop()
            pages: dict[int, str] = {}
            while last > after:
                found = await self._page(last)
                pages |= {number: mark for number, mark in found.items() if after < number <= last}
                last = min(found) - 1
            self.log = sorted([*self.log, *pages.items()])

    async def _page(self, last: int) -> dict[int, str]:
        page = await self._get(f"/rooms/{self.room}/earlier/?before={last + 1}")
        return {int(number): WORDS.search(match)[1] for number, match in _shown(page)}

    async def _get(self, path: str) -> str:
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
                status, body = await self.request("GET", path)
                if status == 200:
                    return body
            self.retries += 1
            await asyncio.sleep(random.uniform(0.2, 1.5))

    async def post(self, mark: str, words: str) -> None:
        """Say `words` with a mark; sent again with the same client id until the portal answers."""
        body = f"client_id={mark}&body={quote_plus(f'[{mark}] {words}')}"
        while True:
            try:
                status, answer = await self.request("POST", f"/rooms/{self.room}/post/", body)
            except (OSError, asyncio.IncompleteReadError, ValueError, TimeoutError):
                status, answer = 0, ""
            if status == 200:
                return
            if status not in (0, 429) and status < 500:
                self.faults.append(f"post answered {status} {answer[:200]}")
                return
            self.retries += 1
            await asyncio.sleep(random.uniform(2, 6) if status == 429 else random.uniform(0.3, 2))

    async def request(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """One request on a connection of its own."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
            "Accept: application/json\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        )
        async with asyncio.timeout(60):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(head.encode())
                answer = await reader.read()
            finally:
                writer.close()
        top, _blank, rest = answer.partition(b"\r\n\r\n")
        if not rest and b" 204" not in top[:20]:
            raise ValueError("no answer")
        return int(top.split(b" ", 2)[1]), rest.decode("utf-8", "replace")

    async def drop(self) -> None:
        """The network goes away without a word."""
        if self.line is not None:
            self.line.transport.abort()


def _shown(page: str):
    for match in SHOWN.finditer(page):
        yield match[1], match[0]


def _why(error: BaseException) -> str:
    received = getattr(error, "rcvd", None)
    return f"closed {received.code}" if received else type(error).__name__
