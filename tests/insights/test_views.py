"""The pages: who may read them, what they never say, and what they do with odd addresses."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insights.models import VendorRecord
from tests.deals.factories import QueuedFactory
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.insights.stories import at, story, tell

DAYS = "from=2026-11-02&to=2026-11-15"
DASHBOARD = "insights:deals"
PAGES = ("insights:deals", "insights:rows", "insights:partners", "insights:vendors")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("held", [["insights.view"], ["deals.view"], ["insights.view", "direct_sales", "deals.view"]])
def test_figures_are_for_those_who_may_read_deals(month, sign_in, page, held):
    response = sign_in(month.vendor, *held).get(f"{reverse(page)}?set=registered")
    assert response.status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_signs_in_first(client, db, page):
    assert client.get(reverse(page)).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_they_are_read_only(month, reading, page):
    assert reading(month.vendor).post(reverse(page)).status_code == 405


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday&to=&side=both&with=x&type=-1&stage=none&set=nothing",
        "from=0001-01-01&to=9999-12-31&set=won",
        "from=2026-11-15&to=2026-11-02&set=registered",
        f"with={'9' * 40}&type={'9' * 15}&set=registered",
        f"territory={'x' * 5000}&line=%F0%9F%92%A9&set=registered",
        "set=conflicts&sort=nothing&reviewer=%D9%A1",
    ],
)
def test_odd_addresses_are_no_errors(month, reading, page, query):
    assert reading(month.vendor).get(f"{reverse(page)}?{query}").status_code == 200


def test_the_vendor_sees_how_many_met_another(month, reading):
    response = reading(month.vendor).get(f"{reverse(DASHBOARD)}?{DAYS}")
    assert "Met another registration" in response.content.decode()
    assert response.context["figures"][6].part == 1


@pytest.mark.parametrize("page", [*PAGES, "insights:scorecard", "insights:promise"])
def test_nothing_tells_a_partner_of_conflicts(month, reading, page):
    """The same month with and without conflicts is the same page to every partner."""
    client = reading(month.second.partner)
    url = reverse(page, args=[month.second.pk] if page in {"insights:scorecard", "insights:promise"} else [])
    for code in ("registered", "conflicts"):
        before = client.get(f"{url}?{DAYS}&set={code}").content.decode()
        story(month.first, *[])  # a draft of another partner changes nothing either
        tell(month.overdue, "deal.queued", at(12, 10))
        from insights.keeping import keep

        keep([month.overdue.pk])
        QueuedFactory(partnership=month.first, title="Hidden")
        after = client.get(f"{url}?{DAYS}&set={code}").content.decode()
        assert _plain(after) == _plain(before)
        assert "Met another" not in after


def _plain(page: str) -> str:
    import re

    return re.sub(r'(csrfmiddlewaretoken" value|content)="[A-Za-z0-9]{64}"', "", page)


def test_a_partner_sees_neither_other_partners_nor_reviewers(month, reading):
    page = reading(month.second.partner).get(f"{reverse(DASHBOARD)}?{DAYS}").content.decode()
    assert "First" not in page.replace("First time right", "") and "Third" not in page
    assert "By reviewer" not in page and "Luca" not in page


def test_a_reviewer_in_the_address_means_nothing_to_a_partner(month, reading):
    url = f"{reverse('insights:rows')}?{DAYS}&set=decided&reviewer={month.luca.pk + 1}"
    assert reading(month.second.partner).get(url).context["total"] == 2


def test_another_partner_in_the_address_opens_nothing(month, reading):
    url = f"{reverse('insights:rows')}?{DAYS}&set=decided&side=vendor&with={month.first.partner_id}"
    assert reading(month.second.partner).get(url).context["total"] == 0


def test_an_empty_dashboard_says_what_it_is_for(reading):
    page = reading(OrganisationFactory()).get(reverse(DASHBOARD)).content.decode()
    assert "Nothing to count yet" in page


def test_figures_as_a_spreadsheet(month, reading):
    response = reading(month.vendor).get(f"{reverse(DASHBOARD)}?{DAYS}&format=csv")
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {line["figure"]: line["of"] for line in lines}["sla_hit"] == "6"


def test_the_rows_as_a_spreadsheet(month, reading):
    response = reading(month.vendor).get(f"{reverse('insights:rows')}?{DAYS}&set=decided&format=csv")
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(lines) == 6


def test_the_list_keeps_the_figure_while_it_is_searched(month, reading):
    client = reading(month.vendor)
    response = client.get(f"{reverse('insights:rows')}?{DAYS}&set=decided&q={month.won.number}")
    assert response.context["total"] == 1
    assert 'type="hidden" name="set" value="decided"' in response.content.decode()


def test_a_bare_address_of_rows_leads_to_the_registered_ones(month, reading):
    response = reading(month.vendor).get(reverse("insights:rows"))
    assert response.status_code == 302 and "set=registered" in response["Location"]


def test_partners_beside_each_other(month, reading):
    client = reading(month.vendor)
    cards = client.get(f"{reverse('insights:partners')}?{DAYS}&sort=-win_rate").context["lines"]
    assert [card.other.name for card, _cells in cards] == ["First", "Second", "Third"]
    assert [card.counts["registered"] for card, _cells in cards] == [3, 3, 0]
    assert [card.first_days for card, _cells in cards] == [10, 11, 28]
    assert [str(card.remark.word) for card, _cells in cards] == ["Growing", "Growing", "Quiet"]


def test_scorecards_as_a_spreadsheet(month, reading):
    PartnershipFactory(vendor=month.vendor, partner__name="=cmd")
    response = reading(month.vendor).get(f"{reverse('insights:partners')}?{DAYS}&format=csv&sort=name")
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [line["company"] for line in lines] == ["'=cmd", "First", "Second", "Third"]
    assert lines[1]["approval_percent"] == "100.0"


def test_scorecards_cost_the_same_for_many(month, reading, django_assert_num_queries):
    client = reading(month.vendor)
    url = f"{reverse('insights:partners')}?{DAYS}"
    client.get(url)
    with CaptureQueriesContext(connection) as first:
        client.get(url)
    for number in range(4):
        story(PartnershipFactory(vendor=month.vendor), ("submitted", at(3 + number)), ("approved", at(4 + number)))
    with django_assert_num_queries(len(first)):
        client.get(url)


def test_vendors_beside_each_other_show_what_each_promises(month, reading):
    other = PartnershipFactory(partner=month.second.partner, vendor__name="Another vendor")
    VendorRecord.objects.create(
        vendor=month.vendor, start="2026-08-17", until="2026-11-15", answers=110, kept_percent=90, median_minutes=210
    )
    page = reading(month.second.partner).get(f"{reverse('insights:vendors')}?{DAYS}")
    cards = {card.other.name: card for card, _cells in page.context["lines"]}
    assert (cards["Vendor"].promised, cards["Vendor"].record.answers) == (8, 110)
    assert cards["Another vendor"].record is None and cards["Another vendor"].counts["registered"] == 0
    assert "too few to say" in page.content.decode()
    assert other.pk


def test_the_promise_stands_on_the_page_of_the_partnership_and_in_the_form(month, sign_in):
    client = sign_in(month.first.partner, preset="sales")
    page = client.get(reverse("partners:partnership", args=[month.first.pk])).content.decode()
    assert reverse("insights:promise", args=[month.first.pk]) in page
    assert reverse("insights:promise_of_choice") in client.get(reverse("deals:new")).content.decode()
    said = client.get(reverse("insights:promise_of_choice"), {"partnership": month.first.pk}).content.decode()
    assert "answers within 8 business hours" in said
    assert "2 of 3 in time" in said
    assert "too few answers yet" in said


@pytest.mark.parametrize("chosen", ["", "x", "٣", "9" * 30])
def test_a_form_that_has_chosen_nobody_is_told_nothing(month, sign_in, chosen):
    response = sign_in(month.first.partner, "deals.view").get(
        reverse("insights:promise_of_choice"), {"partnership": chosen}
    )
    assert (response.status_code, response.content) == (200, b"")


def test_another_partners_partnership_cannot_be_chosen(month, sign_in):
    client = sign_in(month.first.partner, "deals.view")
    url = reverse("insights:promise_of_choice")
    assert client.get(url, {"partnership": month.second.pk}).status_code == 404
    assert client.get(url, {"partnership": 99999999}).status_code == 404


def test_a_scorecard_of_a_partner(month, reading):
    page = reading(month.vendor).get(reverse("insights:scorecard", args=[month.first.pk]), {"from": "2026-11-02"})
    assert page.context["card"].counts["approved"] == 3
    assert "What your partners see of you" in page.content.decode()
