"""Where the talk is measured: PostgreSQL and Redis of its own, portals in processes of their own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SERVERS = {
    "Daphne": ["-m", "daphne", "-b", "127.0.0.1", "-v", "0", "-p"],
    "uvicorn": ["-m", "uvicorn", "--lifespan", "off", "--ws-per-message-deflate", "false", "--ws-ping-timeout",
                "60", "--no-access-log", "--log-level", "warning", "--backlog", "4096", "--port"],
}  # fmt: skip
SERVICES = """source tools/services.sh; services_start
echo $SERVICES_DATABASE_URL $SERVICES_REDIS_URL $SERVICES_DIR; read _; services_stop"""
OTHER = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FILE", "EMAIL_URL", "DEMO", "BASE_URL")


@dataclass
class Web:
    """One process of the portal on a port of its own, which can be killed and come back."""

    command: list[str]
    env: dict[str, str]
    port: int
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.env)
        for _ in range(600):
            with contextlib.suppress(OSError):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("the portal does not answer")

    def start_bare(self) -> None:
        """Start what answers no HTTP, and wait until it listens."""
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.env)
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise RuntimeError("the bare server does not answer")

    def kill(self) -> None:
        """As an operator's worst day: SIGKILL."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def pid(self) -> int:
        """Its process number."""
        assert self.process
        return self.process.pid


@dataclass
class Stage:
    """An environment with its services, in which portals are started."""

    env: dict[str, str]
    folder: str
    redis_url: str = ""
    webs: list[Web] = field(default_factory=list)

    def serve(self, server: str = "uvicorn", application: str = "portal.asgi:application") -> Web:
        """A portal that answers."""
        port = free_port()
        web = Web([sys.executable, *SERVERS[server], str(port), application], self.env, port)
        self.webs.append(web)
        web.start()
        return web

    def stop_webs(self) -> None:
        """End every portal."""
        for web in self.webs:
            web.stop()
        self.webs.clear()

    def call(self, function: str, *args: object) -> object:
        """Run `bench.chat.people.<function>` in a Django process of this stage; what it returns."""
        code = f"import json; from bench.chat import people; print(json.dumps(people.{function}(*{args!r})))"
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return json.loads(done.stdout.splitlines()[-1])

    def restart_redis(self, away: float = 0.5) -> None:
        """Kill Redis without a word, and start an empty one at the same address."""
        self.kill_redis()
        time.sleep(away)
        self.start_redis()

    def kill_redis(self) -> None:
        """SIGKILL."""
        os.kill(int(Path(self.folder, "redis.pid").read_text()), signal.SIGKILL)

    def start_redis(self) -> None:
        """An empty Redis at the address of the stage."""
        port, pid_file = self.redis_url.rpartition(":")[2].partition("/")[0], Path(self.folder, "redis.pid")
        args = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "yes"]
        subprocess.run(["redis-server", *args, "--pidfile", str(pid_file), "--dir", self.folder], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip


@contextlib.contextmanager
def services() -> Iterator[list[str]]:
    """Addresses of a PostgreSQL and a Redis and the folder of both; BENCH_SERVICES names such that run already."""
    if told := os.environ.get("BENCH_SERVICES"):
        yield told.split()
        return
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(["bash", "-c", SERVICES], cwd=ROOT, text=True, **pipes) as running:
        assert running.stdout
        yield running.stdout.readline().split()
        running.communicate("\n")


def environment(folder: str, **more: str) -> dict[str, str]:
    """What a portal of a stage is started with: settings of its own, nothing of whoever starts it."""
    base = {name: value for name, value in os.environ.items() if name not in OTHER}
    base |= {"DEMO": "1", "SECRET_KEY": "bench", "DJANGO_SETTINGS_MODULE": "portal.settings", "LOG_LEVEL": "CRITICAL"}
    return base | {"EMBEDDED_WORKER": "0", "DATA_DIR": folder, **more}


@contextlib.contextmanager
def stage(*, scaled: bool = False) -> Iterator[Stage]:
    """A stage on SQLite with everything in one process, or (`scaled`) on PostgreSQL and Redis."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        here = Stage(environment(folder), folder)
        if scaled:
            database, here.redis_url, here.folder = stack.enter_context(services())
            here.env |= {"DATABASE_URL": database, "REDIS_URL": here.redis_url}
        stack.callback(here.stop_webs)
        yield here


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processor_seconds(pid: int) -> float:
    """Time that the threads of a process were on a processor, to the nanosecond (Linux)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
