"""A campaign of one vendor with two partners, and everybody who has a hand in it."""

import pytest

from tests.campaigns.factories import Scene


@pytest.fixture
def scene(db):
    return Scene()
