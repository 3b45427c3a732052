"""A vendor, its partner, a board for both, and people of each."""

import pytest

from tests.forums.factories import MODERATOR, WRITER, board_of, vendor_and_partner


@pytest.fixture
def companies(db):
    return vendor_and_partner()


@pytest.fixture
def board(companies):
    return board_of(companies[0], name="Application questions")


@pytest.fixture
def host(companies, act_for):
    """Somebody of the vendor who moderates."""
    return act_for(companies[0], *MODERATOR)


@pytest.fixture
def guest(companies, act_for):
    """Somebody of the partner who writes."""
    return act_for(companies[1], *WRITER)


@pytest.fixture
def other(companies, act_for):
    """A second person of the vendor, who writes."""
    return act_for(companies[0], *WRITER)
