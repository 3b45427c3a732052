"""People and companies for these tests."""

import pytest

from partners.actors import acting
from tests.factories import OrganisationFactory
from tests.partners.factories import administrator


@pytest.fixture
def controls(monkeypatch):
    """What open sockets are told."""
    told = []
    for module in ("members", "organisations", "partnerships"):
        monkeypatch.setattr(f"partners.actions.{module}.control", lambda group, **order: told.append((group, order)))
    return told


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def admin(organisation):
    return acting(administrator(organisation), "web")


@pytest.fixture
def pair():
    """A vendor and a partner, each with somebody who manages partnerships."""
    vendor, partner = OrganisationFactory(), OrganisationFactory()
    return acting(administrator(vendor), "web"), acting(administrator(partner), "web")
