"""The demo in a process of its own, as a new user starts it; nothing of Django is imported here."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
OTHER_SETTINGS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FILE", "DJANGO_SETTINGS_MODULE", "EMAIL_URL")


@dataclass
class Portal:
    """A running demo: its address, who may sign in, the keys of the ERPs, and sessions that were opened before."""

    url: str
    users: dict[str, dict[str, Any]]
    keys: dict[str, str]
    data_dir: Path = Path()
    sessions: dict[str, Any] = field(default_factory=dict)


def start(data_dir: Path, port: int) -> subprocess.Popen:
    """`make demo` without make: everything was installed before."""
    own = {"DEMO": "true", "DATA_DIR": str(data_dir), "BASE_URL": f"http://localhost:{port}", "API_RATE": "6000/min"}
    environment = {name: value for name, value in os.environ.items() if name not in OTHER_SETTINGS}
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    return subprocess.Popen(command, cwd=ROOT, env={**environment, **own}, stdout=subprocess.DEVNULL)


def in_the_portal(portal: Portal, code: str) -> str:
    """What a few lines of Python print that run beside the portal, on its data: to lay out what no browser would."""
    own = {"DEMO": "true", "DATA_DIR": str(portal.data_dir), "BASE_URL": portal.url}
    environment = {name: value for name, value in os.environ.items() if name not in OTHER_SETTINGS}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env={**environment, **own}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def wait_until_healthy(process: subprocess.Popen, url: str, seconds: float = 180) -> None:
    """Return once /healthz answers 200; a process that ended will never answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(f"{url} did not become healthy, exit status {process.poll()}")


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read_access(path: Path, url: str) -> Portal:
    """The portal that demo-access.json describes."""
    found = json.loads(path.read_text())
    users = {user["email"]: user for user in reversed(found["users"])}
    keys = {key["organisation"]: key["key"] for key in found["api_keys"]}
    return Portal(url, users, keys, path.parent)
