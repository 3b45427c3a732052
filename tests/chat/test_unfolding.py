"""A link opens into a card for those who may see the record, and into nothing for all others."""

import pytest

from tests.chat.factories import member_of
from tests.chat.test_views import client_of
from tests.deals.factories import DealFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal():
    return DealFactory()


def ask(who, path):
    return client_of(who).get("/rooms/unfold/", {"path": path})


def test_both_sides_see_the_card(deal):
    for organisation in (deal.vendor, deal.partner):
        answer = ask(member_of(organisation, "deals.view"), f"/deals/{deal.pk}/?x=1#room")
        assert deal.title in answer.content.decode()
        assert "private" in answer["Cache-Control"]


def test_everybody_else_gets_the_404_of_a_missing_one(deal):
    from tests.factories import OrganisationFactory

    path = f"/deals/{deal.pk}/"
    stranger, colleague = member_of(OrganisationFactory(), "deals.view"), member_of(deal.vendor)
    for who in (stranger, colleague):
        theirs, missing = ask(who, path), ask(who, "/deals/99999999/")
        assert theirs.status_code == missing.status_code == 404
        assert deal.title not in theirs.content.decode()


@pytest.mark.parametrize(
    "path",
    ["", "/", "deals/1/", "//evil.example/deals/1/", "/rooms/1/", "/deals/x/", "/deals/" + "9" * 40 + "/", "/" * 400,
     "javascript:alert(1)", "/deals/1/../../admin/", "/deals/٣/"],
)  # fmt: skip
def test_what_has_no_card_is_missing(deal, path):
    assert ask(member_of(deal.vendor, "deals.view"), path).status_code == 404
