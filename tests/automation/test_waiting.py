"""Home says which paused triggers hold something back, to who may do something about it."""

import pytest

from automation.waiting import counts, waiting
from tests.automation.factories import RunFactory, TriggerFactory

pytestmark = pytest.mark.django_db


def test_a_paused_trigger_with_something_in_hand_waits_for_its_keeper(keeper, reader, rival, vendor):
    RunFactory(trigger=TriggerFactory(organisation=vendor, state="paused"))
    RunFactory(trigger=TriggerFactory(organisation=vendor, state="active"))
    RunFactory(trigger=TriggerFactory(organisation=vendor, state="paused"), state="done")
    [item] = waiting(keeper)
    assert item.url.startswith("/triggers/")
    assert (item.count, counts(keeper)) == (1, {"triggers": 1})
    for actor in (reader, rival):
        assert (waiting(actor), sum(counts(actor).values())) == ([], 0)
