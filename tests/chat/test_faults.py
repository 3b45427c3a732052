"""The fault test, small: a portal is killed, Redis is killed, lines drop, and everybody has every message once.

`python -m bench.chat.faults` is the same at full size.
"""

import asyncio
import shutil
from dataclasses import replace

import pytest
from django.db import connection

from bench.chat.faults import Plan, Trial
from bench.chat.stage import Stage, environment, free_port

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("redis-server"), reason="needs redis-server"),
]
SMALL = Plan(clients=20, messages=300, webs=2, kills=(0.3,), redis=(0.6,), drops=(0.15, 0.8), patience=60)


def database_url():
    """The address of the database of this test, for the processes of the stage."""
    it = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{it['NAME']}"
    return f"postgres://{it['USER']}:{it['PASSWORD']}@{it['HOST']}:{it['PORT']}/{it['NAME']}"


@pytest.fixture
def here(tmp_path):
    redis_url = f"redis://127.0.0.1:{free_port()}/0"
    env = environment(str(tmp_path), DATABASE_URL=database_url(), REDIS_URL=redis_url)
    made = Stage(env, str(tmp_path), redis_url)
    made.start_redis()
    yield made
    made.stop_webs()
    made.kill_redis()


def test_nothing_is_lost_nothing_comes_twice_and_the_order_is_one(here):
    outcome = asyncio.run(Trial(here, SMALL).run())
    assert outcome.wrong == []
    assert outcome.deliveries == SMALL.clients * SMALL.messages
    assert len(outcome.events) == 4
    assert outcome.reconnections >= SMALL.clients // 2


def test_the_comparison_finds_what_is_lost_twice_or_out_of_order(here):
    """A trial whose clients and database disagree says so."""
    trial = Trial(here, replace(SMALL, clients=2, messages=3, webs=1))
    logs = [[(1, "c0-0"), (2, "c1-0"), (3, "c0-1")], [(1, "c0-0"), (3, "c0-1")]]
    for browser, log in zip(trial.browsers, logs, strict=True):
        browser.log = log
    here.call = lambda *args: [[n, f"[{mark}] text"] for n, mark in logs[0]]
    trial.compare()
    assert [line.split(" has")[0] for line in trial.outcome.wrong] == [f"c1 on {trial.webs[0].port}"]
