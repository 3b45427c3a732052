"""Nobody is ever protected over another: many stories on one connection, and races of threads on PostgreSQL.

FILIERA_INTERLEAVINGS and FILIERA_RACES set other numbers; `python -m bench.deals.interleavings` runs 100,000.
"""

import os
import random

import pytest
from django.db import connection

from deals.models import Protection
from tests.deals.interleaving import START, Stage, explore, overlaps, race

STORIES = int(os.environ.get("FILIERA_INTERLEAVINGS", "120"))
RACES = int(os.environ.get("FILIERA_RACES", "15"))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_no_story_ends_with_two_exclusive_protections(time_machine, seed):
    time_machine.move_to(START, tick=False)
    told = explore(random.Random(seed), STORIES, time_machine)
    assert told.stories == STORIES
    if STORIES < 100:
        return  # too few to hold one of each
    came = {(step, how) for step, how in told.came}
    assert {("approve", "done"), ("approve", "AlreadyProtected"), ("withdraw", "done"), ("expire", "done")} <= came


@pytest.mark.django_db
def test_the_count_sees_an_overlap(at_noon):
    """The property above could not fail if its own count were blind."""
    stage = Stage(random.Random(3))
    stage.run(stage.deals[0], "approve")
    held = Protection.objects.filter(vendor=stage.vendor).first()
    assert held is not None and overlaps(stage.vendor.pk) == 0
    held.pk, held.deal_id = None, stage.deals[1]
    if connection.vendor == "postgresql":
        return  # the database refuses it: tests/deals/test_exclusion.py
    held.save(force_insert=True)
    assert overlaps(stage.vendor.pk) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("threads", [2, 3, 5])
def test_at_once_no_two_are_protected(threads):
    came = race(random.Random(threads), RACES, threads)
    assert {how for step, how in came if step == "approve"} >= {"done", "AlreadyProtected"}
