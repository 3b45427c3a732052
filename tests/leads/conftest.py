"""A vendor with partners, somebody who passes leads on, and somebody who works on them."""

import pytest

from leads import actions
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.leads.factories import LeadFactory, RuleFactory


@pytest.fixture
def vendor(db):
    return OrganisationFactory(name="Aurora")


@pytest.fixture
def manager(vendor, act_for):
    """Somebody who passes the vendor's leads on."""
    return act_for(vendor, "leads.view", "leads.manage", "leads.rules")


@pytest.fixture
def edge(vendor):
    """Make a partner of the vendor."""
    return lambda name="", **columns: PartnershipFactory(
        vendor=vendor, **({"partner__name": name} if name else {}), **columns
    )


@pytest.fixture
def worker(act_for):
    """Somebody who works on leads for the partner of an edge."""
    return lambda edge: act_for(edge.partner, "leads.view", "leads.work", "deals.view", "deals.register")


@pytest.fixture
def offered(vendor, edge, manager):
    """A lead that was offered to one new partner: the offer."""

    def build(to=None, **columns):
        lead = LeadFactory(vendor=vendor, **columns)
        return actions.offer_lead(actor=manager, lead=lead, partnerships=[to or edge()])[0]

    return build


@pytest.fixture
def held(offered, worker):
    """A lead that a partner has accepted: the offer, and somebody who works there."""

    def build(**columns):
        offer = offered(**columns)
        actor = worker(offer.partnership)
        return actions.accept_offer(actor=actor, offer=offer), actor

    return build


@pytest.fixture
def to_all(vendor):
    """A rule that holds for every lead and every partner."""
    return lambda **columns: RuleFactory(vendor=vendor, **columns)
