"""One room of 200 sockets: what a delivery costs the server, and how late it is, beside a tutorial's consumer.

Each server runs in a process of its own on this machine, over its own SQLite file. Many authors post over HTTP, one
after the other; each socket must hear each message once, in order. The same posts to nobody are measured first and
their processor time is taken off. The tutorial's consumer stores nothing and is posted to by a socket.
"""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from bench import Row

ROOT = Path(__file__).resolve().parent.parent
MAKE = "import json; from bench import chat_fanout as b; print(json.dumps(b.prepare(60)))"
SOCKETS = 200
MESSAGES = 60
Poster = Callable[[int, list[str], int, int], list[float]]
SERVERS = {
    "Daphne": ["-m", "daphne", "-b", "127.0.0.1", "-v", "0", "-p"],
    "uvicorn": ["-m", "uvicorn", "--lifespan", "off", "--ws-per-message-deflate", "false", "--no-access-log", "--port"],
}  # fmt: skip


def prepare(authors: int) -> tuple[int, list[str]]:
    """A room of two organisations; a session for each author."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from chat.actions import open_room
    from tests.chat.factories import acting, member_of
    from tests.chat.sockets import session_for
    from tests.factories import PartnershipFactory

    edge = PartnershipFactory()
    members = [member_of((edge.vendor, edge.partner)[n % 2], "chat.post") for n in range(authors)]
    room = open_room(
        actor=acting(members[0]), kind="partnership", title="Bench", organisations=[edge.vendor, edge.partner]
    )
    return room.pk, [session_for(member).session_key for member in members]


@contextlib.contextmanager
def serving(command: list[str], env: dict[str, str], port: int):
    """The portal in a process of its own; yields its pid when it answers."""
    from http.client import HTTPConnection

    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                connection = HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def processor_seconds(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def listen(port: int, session: str, room: int, ready: asyncio.Semaphore) -> list[tuple[int, float]]:
    """Join and hear the messages: their numbers and when they came."""
    from websockets.asyncio.client import connect

    headers = {"Cookie": f"sessionid={session}"}
    heard: list[tuple[int, float]] = []
    url, origin = f"ws://127.0.0.1:{port}/ws/", f"http://127.0.0.1:{port}"
    async with connect(url, additional_headers=headers, origin=origin, compression=None, open_timeout=60) as line:
        await line.send(json.dumps({"do": "join", "topic": f"room.{room}", "after": MESSAGES}))
        while len(heard) < MESSAGES:
            text = await line.recv(decode=False)
            if b'"on":"joined"' in text:
                ready.release()
            elif b'"on":"message"' in text:
                heard.append((json.loads(text)["id"], time.perf_counter()))
    return heard


def post_by_http(port: int, sessions: list[str], room: int, already: int) -> list[float]:
    """Post one message after the other, each by the next author; when each was sent."""
    from http.client import HTTPConnection

    sent, connection, token = [], HTTPConnection("127.0.0.1", port, timeout=30), "b" * 32
    for number in range(MESSAGES):
        headers = {
            "Cookie": f"sessionid={sessions[number % len(sessions)]}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        sent.append(time.perf_counter())
        connection.request("POST", f"/rooms/{room}/post/", body=f"body=Message+{number}+" + "x" * 150, headers=headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, body[:300]
    return sent


def post_by_socket(port: int, sessions: list[str], room: int, already: int) -> list[float]:
    """The same for the tutorial's consumer: through a socket, at the pace at which the sender hears itself."""
    from websockets.sync.client import connect

    sent, origin = [], f"http://127.0.0.1:{port}"
    with connect(f"ws://127.0.0.1:{port}/ws/", origin=origin, compression=None) as line:
        line.recv()
        for number in range(already + 1, already + MESSAGES + 1):
            sent.append(time.perf_counter())
            line.send(json.dumps({"id": number, "html": "x" * 900}))
            line.recv()
    return sent


@dataclass(frozen=True, slots=True)
class Found:
    """What one server did: processor time of a delivery in µs, lateness from post to hearing in ms."""

    cpu_us: float
    p95_ms: float
    per_second: float


async def measure(pid: int, port: int, room: int, sessions: list[str], post: Poster) -> Found:
    """Post to nobody, then to all sockets; the difference is what delivering costs."""
    before = processor_seconds(pid)
    await asyncio.to_thread(post, port, sessions, room, 0)
    alone = processor_seconds(pid) - before
    ready = asyncio.Semaphore(0)
    chosen = [sessions[n % len(sessions)] for n in range(SOCKETS)]
    listeners = [asyncio.create_task(listen(port, each, room, ready)) for each in chosen]
    for _ in range(SOCKETS):
        await ready.acquire()
    before = processor_seconds(pid)
    sent = await asyncio.to_thread(post, port, sessions, room, MESSAGES)
    heard = await asyncio.gather(*listeners)
    expected = list(range(MESSAGES + 1, 2 * MESSAGES + 1))
    assert all([number for number, _at in each] == expected for each in heard), "lost, twice, or out of order"
    busy = processor_seconds(pid) - before - alone
    late = [at - sent[number - MESSAGES - 1] for each in heard for number, at in each]
    wall = max(at for each in heard for _number, at in each) - sent[0]
    total = SOCKETS * MESSAGES
    return Found(busy / total * 1e6, quantiles(late, n=100)[94] * 1e3, total / wall)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def served(command: list[str], application: str, post: Poster) -> Found:
    """One server from nothing to its figures."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"DATA_DIR": folder, "DEMO": "1", "SECRET_KEY": "bench", "DJANGO_SETTINGS_MODULE": "portal.settings"}
        env = {**os.environ, **env, "LOG_LEVEL": "ERROR"}
        made = subprocess.run(
            [sys.executable, "-c", MAKE], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        room, sessions = json.loads(made.stdout.splitlines()[-1])
        port = free_port()
        with serving([*command, str(port), application], env, port) as pid:
            return asyncio.run(measure(pid, port, room, sessions, post))


def run() -> list[Row]:
    """Processor time of a delivery and lateness, with Daphne and uvicorn, beside the tutorial's consumer on Daphne."""
    naive = served(SERVERS["Daphne"], "bench.chat_naive:application", post_by_socket)
    rows = []
    for name, command in SERVERS.items():
        ours = served(command, "portal.asgi:application", post_by_http)
        cost = (f"{ours.cpu_us:.0f} µs", f"{naive.cpu_us:.0f} µs", "tutorial, Daphne", naive.cpu_us / ours.cpu_us)
        late = (f"{ours.p95_ms:.0f} ms", f"{naive.p95_ms:.0f} ms", "tutorial, not stored", ours.p95_ms / naive.p95_ms)
        rows += [Row(f"{name}, CPU a delivery", *cost), Row(f"{name}, post to heard, p95", *late)]
    return rows
