"""A vendor's fund with a partner, and everybody who has a hand in it."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from funds.purses import balances_by_fund
from tests.funds.factories import Scene


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def held(scene):
    """What the vendor sees in the fund: kind of account → amount."""
    return lambda actor=None: balances_by_fund(actor or scene.manager, [scene.fund]).get(scene.fund.pk, {})


@pytest.fixture
def pass_days(time_machine):
    """Let days go by."""
    return lambda days: time_machine.move_to(now() + timedelta(days=days))
