"""A market with a vendor, a partner and a product."""

import pytest

from tests.promotions.factories import Market


@pytest.fixture
def market(act_for):
    return Market(act_for)
