"""Deals in every state, and the two sides that act on them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def reviewer(act_for):
    """Somebody who decides for the vendor of a deal."""
    return lambda deal: act_for(deal.vendor, "deals.view", "deals.decide")


@pytest.fixture
def seller(act_for):
    """Somebody who registers for the partner of a deal."""
    return lambda deal: act_for(deal.partner, "deals.view", "deals.register", "customers.manage")


@pytest.fixture
def at_noon(time_machine):
    """A Wednesday at noon, in business hours."""
    time_machine.move_to(datetime(2026, 11, 18, 12, tzinfo=ROME), tick=False)
    return date(2026, 11, 18)
