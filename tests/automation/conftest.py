"""A vendor that has triggers, a partner, a rival, and somebody there who may do everything."""

import pytest

from automation import actions
from automation.models import Run, Trigger
from tests.audiences.factories import ConsentFactory, ContactFactory
from tests.factories import OrganisationFactory, PartnershipFactory

ALL = (
    "automation.view", "automation.manage", "mailings.send", "audiences.view", "promotions.manage", "promotions.view",
    "deals.view", "deals.decide", "leads.view", "leads.manage", "orders.view", "partnerships.view", "programmes.view",
)  # fmt: skip


@pytest.fixture
def vendor(db):
    return OrganisationFactory(name="Aurora")


@pytest.fixture
def edge(vendor):
    return PartnershipFactory(vendor=vendor, partner=OrganisationFactory(name="Brenta"))


@pytest.fixture
def keeper(vendor, act_for):
    return act_for(vendor, *ALL)


@pytest.fixture
def reader(vendor, act_for):
    return act_for(vendor, "automation.view")


@pytest.fixture
def rival(act_for):
    return act_for(OrganisationFactory(name="Rival"), *ALL)


@pytest.fixture
def page(vendor, sign_in):
    return sign_in(vendor, *ALL)


LETTER = {
    "event": "lead_asked", "act": "letter", "to": "person", "subject": "You asked again",
    "body": "Hello {{first_name}}, about {{record}}.", "sender_name": "Aurora", "quiet_begins": None,
    "quiet_ends": None,
}  # fmt: skip


@pytest.fixture
def running(keeper):
    """An active trigger: `running(event="deal_approved", act="notice", …)`."""
    count = iter(range(100))

    def build(**fields) -> Trigger:
        said = {"name": f"Trigger {next(count)}", **LETTER, **fields}
        made = actions.save_trigger(actor=keeper, fields=said)
        return actions.activate_trigger(actor=keeper, trigger=made)

    return build


@pytest.fixture
def agreed(vendor):
    """A contact of the vendor's who agreed to news: `agreed("x@y.example")`."""

    def build(email, **columns):
        contact = ContactFactory(organisation=vendor, email=email, **columns)
        ConsentFactory(contact=contact)
        return contact

    return build


def outcomes(trigger) -> list[str]:
    """What became of its occasions, oldest first: "done", "waiting", or why it was left out."""
    return [run.why or run.state for run in Run.objects.filter(trigger=trigger).order_by("pk")]
