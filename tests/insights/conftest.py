"""A vendor with three partners, and a month whose figures are worked out by hand below."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.factories import OrganisationFactory, PartnershipFactory, UserFactory
from tests.insights.stories import at, story

NOW = at(20, 12)
DAYS = {"from": "2026-11-02", "to": "2026-11-15"}


@pytest.fixture
def month(db, time_machine):
    """Fourteen days of one vendor's deals, seen from Friday 20 November at noon. Promised are 8 business hours.

    Decided from 2 to 15 November, in business minutes: 60 approved (won), 120 approved (lost), 180 rejected,
    240 approved after a return (expired), 540 approved late. One waits beyond its time, one waits within it.
    """
    time_machine.move_to(NOW, tick=False)
    vendor = OrganisationFactory(name="Vendor")
    first, second, third = (
        PartnershipFactory(vendor=vendor, partner__name=name, since=date(2026, 10, 23), territory=place)
        for name, place in (("First", "North"), ("Second", "South"), ("Third", "North"))
    )
    luca = UserFactory(name="Luca")
    won = story(
        first, ("submitted", at(2, 9)), ("approved", at(2, 10)), ("extension_granted", at(5)), ("won", at(10)),
        user=luca, state="won", stage="commitment",
    )  # fmt: skip
    lost = story(second, ("submitted", at(3, 9)), ("approved", at(3, 11)), ("lost", at(11)), user=luca, state="lost")
    rejected = story(second, ("submitted", at(4, 9)), ("matched", at(4, 9)), ("rejected", at(4, 12)), state="rejected")
    returned = story(
        first, ("submitted", at(5, 9)), ("returned", at(5, 11)), ("resubmitted", at(9, 9)), ("approved", at(9, 11)),
        ("expired", at(13)), user=luca, state="expired",
    )  # fmt: skip
    late = story(first, ("submitted", at(9, 9)), ("approved", at(10, 9)), state="approved", stage="proposal")
    overdue = story(second, ("submitted", at(12, 9)), state="submitted", stage="design")
    waiting = story(third, ("submitted", at(20, 10)), state="submitted")
    return SimpleNamespace(
        vendor=vendor, first=first, second=second, third=third, luca=luca, won=won, lost=lost, rejected=rejected,
        returned=returned, late=late, overdue=overdue, waiting=waiting,
    )  # fmt: skip


@pytest.fixture
def analyst(act_for):
    """Somebody who reads figures for an organisation."""
    return lambda organisation: act_for(organisation, "insights.view", "deals.view")


@pytest.fixture
def reading(sign_in):
    """A client that reads figures for an organisation."""
    return lambda organisation: sign_in(organisation, "insights.view", "deals.view", "partnerships.view")


@pytest.fixture
def reviewer(act_for):
    """Somebody who decides for the vendor of a deal."""
    return lambda deal: act_for(deal.vendor, "deals.view", "deals.decide")
