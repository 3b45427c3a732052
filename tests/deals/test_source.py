"""Where a sale comes from: a partner may not say of its own sale that the vendor passed it on."""

import pytest
from rest_framework.test import APIClient

from deals import actions
from deals.models import Deal
from tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db


def test_a_draft_is_the_partners_own_unless_its_maker_says_otherwise(act_for):
    edge = PartnershipFactory()
    seller = act_for(edge.partner, "deals.view", "deals.register")
    assert actions.save_draft(actor=seller, partnership=edge, fields={"title": "A"}).source == "partner"
    passed = actions.save_draft(actor=seller, partnership=edge, fields={"title": "B"}, source=Deal.Source.LEAD)
    actions.save_draft(actor=seller, partnership=edge, fields={"title": "C", "source": "partner"}, deal=passed)
    passed.refresh_from_db()
    assert (passed.title, passed.source) == ("C", "lead")


def test_the_api_shows_the_source_and_takes_none(sign_in):
    edge = PartnershipFactory()
    client = APIClient()
    client.force_login(
        sign_in(edge.partner, "deals.view", "deals.register").user,
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    answer = client.post("/api/v1/deals/", {"partnership": edge.pk, "title": "A", "source": "lead"}, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["source"] == "partner"
