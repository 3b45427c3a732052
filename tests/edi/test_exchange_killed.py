"""Killed at any step (kill -9), the service loses nothing and applies nothing twice after a restart."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.edi.killing import POSTED_AGAIN, STEPS

ROOT = Path(__file__).parents[2]
ALL = ["PO-1", "PO-2", "PO-3"]
NEVER_KEPT = "before the bytes are kept"


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, dict]:
    """What became of each kill; one process runs them all, each in a child of its own on a database of its own."""
    folder = tmp_path_factory.mktemp("killed")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.edi.killing", str(folder)],
        cwd=ROOT,
        env={**environment, "TEST_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("step", [*STEPS, *(f"{step}, posted again" for step in POSTED_AGAIN)])
def test_nothing_is_lost_and_nothing_applied_twice(told, step):
    result = told[step]
    assert result["status"] == -9, "it was to be killed"
    left, came = result["left"], result["came"]
    if step == NEVER_KEPT:
        assert left["kept"] == 0 and came["orders"] == [], "the sender had no answer, and posts again"
        return
    assert left["orders"] == left["messages"], "a message and what it did are written together"
    assert came["orders"] == ALL and came["messages"] == ALL
    assert came["forwarded"] == ALL, "each order reached the seller's system once"
    assert came["acknowledgements"] == 1 and came["kept"] == 1
    assert came["numbers"] == [1, 2, 3], "no number was given twice or left out"


def test_the_steps_are_met_in_the_middle_of_the_work(told):
    done = [len(told[step]["left"]["orders"]) for step in STEPS]
    assert {0, 1, 2, 3} <= set(done)
