"""Benchmarks: each module has `run() -> list[Row]`; figures are ratios to a peer or a bare limit in the same run."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WITH_SERVICES = (
    'source tools/services.sh; services_start; trap services_stop EXIT; TEST_DATABASE_URL=$SERVICES_DATABASE_URL "$@"'
)


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure beside what it is compared with. `ratio` is ours over theirs in the same run."""

    what: str
    ours: str
    theirs: str
    against: str
    ratio: float


def on_postgres(module: str) -> Any:
    """What `python -m <module>` says as JSON on its last line, run on a PostgreSQL of its own.

    It needs PostgreSQL's binaries, or the TEST_DATABASE_URL of an empty database. What it says on the way is shown.
    """
    command = [sys.executable, "-m", module]
    if not os.environ.get("TEST_DATABASE_URL"):
        command = ["bash", "-c", WITH_SERVICES, "bash", *command]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def set_up() -> None:
    """Django, with the settings of the tests."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()


def lay_tables() -> None:
    """The tables of an empty database, made at once: walking through every migration takes minutes."""
    from portal.management.commands import demo

    demo.lay_tables()
