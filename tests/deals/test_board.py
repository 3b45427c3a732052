"""The board: sums by the database, cards by the page, moves by the rules."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deals.models import Deal
from deals.views import board
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SELLS = ("deals.view", "deals.register")
DECIDES = ("deals.view", "deals.decide")
BOARD = reverse("deals:board")


def more_of(deal, number=1, **fields):
    values = {"partnership": deal.partnership, "type": deal.type, "vendor": deal.vendor, **fields}
    return DealFactory.create_batch(number, **values)


def columns(page):
    return {column["key"]: column for column in page.context["columns"]}


def move(client, deal, stage):
    return client.post(reverse("deals:move", args=[deal.pk]), {"stage": stage})


def test_columns_add_up_by_currency_and_weight(sign_in):
    deal = DealFactory(amount=1000, probability=20)
    more_of(deal, amount=500, currency="USD", probability=50)
    more_of(deal, amount=Decimal("0.10"), probability=33)
    more_of(deal, state="lost", amount=9)
    page = sign_in(deal.partner, *SELLS).get(BOARD, {"side": "partner"})
    column = columns(page)["qualified"]
    assert (column["count"], column["sums"]) == (3, {"EUR": Decimal("1000.10"), "USD": 500})
    assert column["weighted"]["USD"] == 250
    assert round(column["weighted"]["EUR"], 3) == Decimal("200.033")


def test_a_column_shows_a_page_and_then_the_next(sign_in, monkeypatch):
    monkeypatch.setattr(board, "PER_COLUMN", 2)
    deal = DealFactory(amount=1)
    more_of(deal, 4, amount=2)
    client = sign_in(deal.partner, *SELLS)
    column = columns(client.get(BOARD, {"side": "partner"}))["qualified"]
    seen, cursor = [each.pk for each in column["deals"]], column["cursor"]
    assert (len(seen), column["count"]) == (2, 5)
    while cursor:
        more = {"side": "partner", "column": "qualified", "cursor": cursor}
        page = client.get(BOARD, more, headers=HTMX)
        assert "<html" not in page.text
        seen += [each.pk for each in page.context["column"]["deals"]]
        cursor = page.context["column"]["cursor"]
    assert sorted(seen) == sorted(Deal.objects.values_list("pk", flat=True))
    assert len(set(seen)) == 5


def test_a_column_that_goes_on_and_on_says_only_that(sign_in, monkeypatch):
    monkeypatch.setattr(board, "PER_COLUMN", 2)
    monkeypatch.setattr(board, "COUNTED", 3)
    deal = DealFactory(amount=1)
    client = sign_in(deal.partner, *SELLS)
    more_of(deal, 2, amount=2)
    column = columns(client.get(BOARD, {"side": "partner"}))["qualified"]
    assert (column["count"], column["beyond"], column["sums"]) == (3, False, {"EUR": 5})
    more_of(deal, amount=2)
    column = columns(client.get(BOARD, {"side": "partner"}))["qualified"]
    assert (column["count"], column["beyond"], column["sums"]) == (3, True, {})


@pytest.mark.parametrize("column", ["qualified", "<b>", "approved"])
@pytest.mark.parametrize("cursor", ["", "x", "9" * 900])
def test_a_strange_cursor_or_column_breaks_nothing(sign_in, column, cursor):
    deal = DealFactory()
    answer = sign_in(deal.partner, *SELLS).get(BOARD, {"side": "partner", "column": column, "cursor": cursor})
    assert answer.status_code == 200


@pytest.mark.parametrize("query", ["side=partner", "side=partner&lanes=1", "side=vendor", "side=vendor&by=stage"])
def test_the_board_costs_the_same_for_one_and_for_many(sign_in, query):
    deal = ApprovedFactory()
    side = "partner" if "partner" in query else "vendor"
    client = sign_in(getattr(deal, side), *(SELLS if side == "partner" else DECIDES))
    client.get(f"{BOARD}?{query}")

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{BOARD}?{query}").status_code == 200
        return len(captured)

    before = cost()
    for state in ("submitted", "in_review", "returned"):
        more_of(deal, 3, state=state)
    if side == "partner":
        DealFactory.create_batch(2, partnership=PartnershipFactory(partner=deal.partner))
    assert cost() == before


def test_no_query_loads_a_whole_column(sign_in):
    deal = DealFactory()
    more_of(deal, 3)
    client = sign_in(deal.partner, *SELLS)
    with CaptureQueriesContext(connection) as captured:
        client.get(BOARD, {"side": "partner"})
    loads = [each["sql"] for each in captured if '"deals_deal"."title"' in each["sql"].split(" FROM ")[0]]
    assert len(loads) == 5
    assert all("LIMIT" in sql for sql in loads)


def test_it_is_narrowed_by_words_people_and_companies(sign_in, seller):
    deal = DealFactory(title="Well field")
    mine = seller(deal)
    other = DealFactory(partnership=PartnershipFactory(partner=deal.partner), title="Brewery", seller=mine.user)
    client = sign_in(deal.partner, *SELLS)

    def shown(**query):
        found = columns(client.get(BOARD, {"side": "partner", **query})).values()
        return [each.title for column in found for each in column["deals"]]

    assert shown(q="well") == ["Well field"]
    assert shown(who=mine.user.pk) == ["Brewery"]
    assert shown(**{"with": other.vendor_id}) == ["Brewery"]
    assert sorted(shown(who="x", **{"with": "9" * 99})) == ["Brewery", "Well field"]


def test_neither_side_sees_what_is_not_its_own(sign_in):
    deal = DealFactory(title="Shared one")
    DraftFactory(partnership=deal.partnership, type=deal.type, title="My draft")
    DealFactory(title="Of strangers")
    for organisation, holds in ((deal.partner, SELLS), (deal.vendor, DECIDES)):
        client = sign_in(organisation, *holds)
        for query in ("side=partner", "side=partner&lanes=1", "side=vendor", "side=vendor&by=stage"):
            text = client.get(f"{BOARD}?{query}").text
            assert "Of strangers" not in text
            assert "My draft" not in text


def test_cards_move_by_the_rules(sign_in):
    deal = DealFactory()
    vendor, partner = sign_in(deal.vendor, *DECIDES), sign_in(deal.partner, *SELLS)
    moved = move(partner, deal, "proposal")
    assert (moved.status_code, moved.json()["back"]) == (200, "qualified")
    assert "Proposal" in moved.json()["said"]
    assert partner.post(f"{reverse('deals:move', args=[deal.pk])}?stage=qualified").json()["back"] == "proposal"
    assert move(vendor, deal, "in_review").json()["back"] == "submitted"
    refused = move(vendor, deal, "won")
    assert (refused.status_code, refused["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert move(vendor, deal, "proposal").status_code == 403
    assert move(partner, deal, "<b>").status_code == 422
    assert move(sign_in(deal.partner, "deals.view"), deal, "proposal").status_code == 403
    assert move(sign_in(deal.vendor, "deals.view"), deal, "approved").status_code == 403
    deal.refresh_from_db()
    assert (deal.state, deal.stage) == ("in_review", "qualified")


def test_an_approval_cannot_be_undone_by_the_board(sign_in):
    deal = DealFactory(state="in_review")
    assert move(sign_in(deal.vendor, *DECIDES), deal, "approved").json()["back"] == ""


def test_the_vendors_board_by_stage_is_for_reading(sign_in):
    deal = DealFactory()
    page = sign_in(deal.vendor, *DECIDES).get(BOARD, {"side": "vendor", "by": "stage"})
    assert deal.title in page.text
    assert "data-move-url" not in page.text


def test_several_deals_are_changed_together(sign_in, seller):
    deal = DealFactory()
    won = DealFactory(partnership=deal.partnership, type=deal.type, state="won")
    foreign = DealFactory()
    colleague = seller(deal).user
    client = sign_in(deal.partner, *SELLS)
    chosen = {"pk": [deal.pk, won.pk, foreign.pk, "x", "9" * 99]}
    asked = client.post(reverse("deals:bulk_revise"), chosen)
    assert foreign.title not in asked.text and deal.title in asked.text
    empty = client.post(reverse("deals:bulk_revise"), {**chosen, "set": "1"})
    assert empty.status_code == 422
    client.post(reverse("deals:bulk_revise"), {**chosen, "set": "1", "stage": "proposal", "seller": colleague.pk})
    stages = dict(Deal.objects.values_list("pk", "stage"))
    assert (stages[deal.pk], stages[won.pk], stages[foreign.pk]) == ("proposal", "qualified", "qualified")
    deal.refresh_from_db()
    assert deal.seller == colleague
    vendor = sign_in(deal.vendor, *DECIDES)
    assert vendor.post(reverse("deals:bulk_revise"), chosen).status_code == 403
