"""An organisation that writes to its contacts, and somebody there who may do everything with them."""

import pytest

from tests.audiences.factories import ConsentFactory, ContactFactory
from tests.factories import OrganisationFactory

ALL = ("audiences.view", "audiences.manage", "mailings.send")


@pytest.fixture
def sender(db):
    return OrganisationFactory(name="Aurora")


@pytest.fixture
def keeper(sender, act_for):
    """Somebody who keeps contacts and sends mailings."""
    return act_for(sender, *ALL)


@pytest.fixture
def reader(sender, act_for):
    """A colleague who may only look."""
    return act_for(sender, "audiences.view")


@pytest.fixture
def rival(act_for):
    """Somebody with every right, elsewhere."""
    return act_for(OrganisationFactory(name="Rival"), *ALL)


@pytest.fixture
def page(sender, sign_in):
    return sign_in(sender, *ALL)


@pytest.fixture
def reached(sender):
    """Contacts that agreed to news: `reached(3)`."""

    def build(number=1, **columns):
        rows = [ContactFactory(organisation=sender, **columns) for _each in range(number)]
        for row in rows:
            ConsentFactory(contact=row)
        return rows

    return build
