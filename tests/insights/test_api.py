"""The API gives the numbers of the pages, to the same people."""

import pytest

from insights.models import VendorRecord
from tests.factories import OrganisationFactory

DAYS = {"from": "2026-11-02", "to": "2026-11-15"}
API = "/api/v1/insights/"


def figures(client, **params):
    answer = client.get(f"{API}figures/", {**DAYS, **params}).json()
    return {figure["code"]: figure for figure in answer["figures"]}


def test_figures_are_those_of_the_page(month, reading):
    found = figures(reading(month.vendor))
    assert (found["sla_hit"]["value"], found["sla_hit"]["part"], found["sla_hit"]["base"]) == ("66.7", 4, 6)
    assert (found["decision_median"]["value"], found["decision_median"]["unit"]) == ("180", "business minutes")
    assert "returned is not counted" in found["decision_median"]["definition"]
    assert found["coverage"]["value"] is None


def test_a_partner_gets_its_own_and_no_conflicts(month, reading):
    found = figures(reading(month.second.partner), side="vendor")
    assert found["registered"]["value"] == "0"  # it is nobody's vendor
    mine = figures(reading(month.second.partner))
    assert mine["registered"]["value"] == "3"
    assert "conflict_rate" not in mine


def test_filters_are_those_of_the_page(month, reading):
    assert figures(reading(month.vendor), **{"with": month.first.partner_id})["registered"]["value"] == "3"


def test_scorecards(month, reading):
    cards = reading(month.vendor).get(f"{API}scorecards/", DAYS).json()
    assert [(card["name"], card["registered"], card["won"]) for card in cards] == [
        ("First", 3, 1), ("Second", 3, 0), ("Third", 0, 0),
    ]  # fmt: skip
    assert cards[0]["rates"]["approval_rate"] == "100.0"
    mine = reading(month.first.partner).get(f"{API}scorecards/", DAYS).json()
    assert [(card["name"], card["remark"]) for card in mine] == [("Vendor", None)]


def test_records(month, reading):
    VendorRecord.objects.create(
        vendor=month.vendor, start="2026-08-17", until="2026-11-15", answers=110, kept_percent=90, median_minutes=210
    )
    (mine,) = reading(month.first.partner).get(f"{API}records/").json()
    assert (mine["answers"], mine["kept_percent"], mine["promised_hours"]) == (110, 90, 8)
    assert mine["own"] == {"answers": 3, "kept": 2, "median": 240}
    (own,) = reading(month.vendor).get(f"{API}records/").json()
    assert own["own"] is None
    assert reading(OrganisationFactory()).get(f"{API}records/").json() == []


@pytest.mark.parametrize("path", ["figures", "scorecards", "records"])
def test_who_may_ask(month, sign_in, client, path):
    assert client.get(f"{API}{path}/").status_code in {401, 403}
    assert sign_in(month.vendor, "deals.view").get(f"{API}{path}/").status_code == 403
    assert sign_in(month.vendor, "insights.view").get(f"{API}{path}/").status_code == 403
    assert sign_in(month.vendor, "insights.view", "deals.view").post(f"{API}{path}/").status_code == 405
