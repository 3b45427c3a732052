"""Types of registration through the API: the vendor's own in full, those offered without what is the vendor's alone."""

import pytest
from django.urls import reverse

from deals import actions
from deals.models import Deal, RegistrationType
from tests.api.test_deals import JSON, SELLS, said
from tests.deals.test_types import BUDGET, MEDIUM, SURVEY, a_type
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
SETS = ("deals.view", "deals.terms", "deals.prepare")
RULE = {
    "name": "Small",
    "join": "all",
    "groups": [{"join": "all", "conditions": [{"field": "lines", "op": "lt", "value": "9"}]}],
}


def url(name, *args):
    return reverse(f"api:registration-type-{name}", args=args)


@pytest.fixture
def vendor(act_for):
    return act_for(OrganisationFactory(), *SETS)


@pytest.fixture
def edge(vendor):
    return PartnershipFactory(vendor=vendor.organisation)


def test_a_vendor_adds_changes_and_archives(vendor, sign_in):
    client = sign_in(vendor.organisation, *SETS)
    sent = {"name": "Tender", "own_fields": [BUDGET, MEDIUM], "evidence_kinds": [SURVEY], "rules": [RULE]}
    made = client.post(url("list"), sent, **JSON)
    assert made.status_code == 201, made.text
    row = made.json()
    assert (row["version"], row["rules"][0]["version"]) == (1, 1)
    assert row["values_schema"]["properties"]["medium"]["enum"] == ["Water", "Oil"]
    assert row["values_schema"]["required"] == ["budget_released"]
    changed = client.patch(
        url("detail", row["id"]), {"protection_days": 30}, **JSON, headers={"If-Match": made["ETag"]}
    )
    assert (changed.json()["version"], changed.json()["protection_days"]) == (2, 30)
    stale = client.patch(url("detail", row["id"]), {"name": "X"}, **JSON, headers={"If-Match": made["ETag"]})
    assert stale.status_code == 412
    assert client.post(url("archive", row["id"])).json()["archived_at"]
    assert client.post(url("restore", row["id"])).json()["archived_at"] is None


def test_a_partner_reads_what_it_is_offered_and_no_more(vendor, edge, sign_in):
    shown = a_type(vendor, own_fields=[MEDIUM], rules=[RULE])
    hidden = a_type(vendor, name="Secret", kinds=["referral"])
    archived = a_type(vendor, name="Old")
    actions.archive_type(actor=vendor, type_=archived)
    foreign = RegistrationType.objects.default_of(OrganisationFactory().pk)
    partner = sign_in(edge.partner, *SELLS)
    rows = {row["id"]: row for row in partner.get(url("list")).json()["results"]}
    default = RegistrationType.objects.default_of(edge.vendor_id)
    assert set(rows) == {default.pk, shown.pk}
    assert {name: rows[shown.pk][name] for name in ("rules", "kinds", "tiers")} == {
        "rules": None,
        "kinds": None,
        "tiers": None,
    }
    assert "Small" not in partner.get(url("detail", shown.pk)).text
    for row in (hidden, archived, foreign):
        assert partner.get(url("detail", row.pk)).status_code == 404
    for method, name in (("patch", "detail"), ("post", "archive"), ("post", "restore")):
        assert getattr(partner, method)(url(name, shown.pk), {}, **JSON).status_code == 403
    narrowed = partner.get(url("list"), {"partnership": edge.pk}).json()["results"]
    assert len(narrowed) == 2
    for other in (PartnershipFactory().pk, "x", "9" * 40):
        assert partner.get(url("list"), {"partnership": other}).json()["results"] == []


WRONG = [
    {"rules": "x"},
    {"rules": [[]]},
    {"rules": [{**RULE, "groups": [{"conditions": [{"field": {}, "op": [], "value": {}}]}]}]},
    {"own_fields": [None]},
    {"own_fields": [{"label": {"a": 1}}]},
    {"own_fields": [{"label": "A", "kind": "choice", "choices": {"a": 1}}]},
    {"evidence_kinds": [{"label": "A", "count": "many"}]},
    {"kinds": ["nobody"]},
    {"tiers": [10**30]},
    {"protection_days": -1},
    {"benefit_percent": "NaN"},
    {"required": ["state"]},
]


@pytest.mark.parametrize("sent", WRONG, ids=range(len(WRONG)))
def test_what_a_type_cannot_be_is_refused(vendor, sign_in, sent):
    made = a_type(vendor)
    answer = sign_in(vendor.organisation, *SETS).patch(url("detail", made.pk), sent, **JSON)
    assert answer.status_code in {400, 409}
    made.refresh_from_db()
    assert made.version == 1


def test_a_deal_takes_a_type_and_values(vendor, edge, sign_in):
    made = a_type(vendor, own_fields=[BUDGET, MEDIUM])
    partner = sign_in(edge.partner, *SELLS)
    sent = said(edge, type=made.pk, values={"medium": "Oil"})
    draft = partner.post(reverse("api:deal-list"), sent, **JSON).json()
    assert (draft["type"], draft["values"]) == (made.pk, {"medium": "Oil"})
    page = reverse("api:deal-detail", args=[draft["id"]])
    refused = partner.post(reverse("api:deal-submit", args=[draft["id"]]), {"terms": True}, **JSON)
    assert (refused.status_code, refused.json()["field"]) == (409, "own_budget_released")
    filled = partner.patch(page, {"values": {"budget_released": True, "medium": None}}, **JSON).json()
    assert filled["values"] == {"budget_released": True}
    for values in ({"gone": 1}, {"medium": "Gas"}, {"medium": {"a": []}}):
        assert partner.patch(page, {"values": values}, **JSON).status_code == 409
    done = partner.post(reverse("api:deal-submit", args=[draft["id"]]), {"terms": True}, **JSON).json()
    assert (done["state"], done["type_version"]) == ("submitted", 1)


@pytest.mark.parametrize("kind", ["foreign", "missing", "text", "list"])
def test_a_type_of_another_vendor_is_not_found(vendor, edge, sign_in, kind):
    foreign = RegistrationType.objects.default_of(OrganisationFactory().pk).pk
    wanted = {"foreign": foreign, "missing": 10**9, "text": "x", "list": [foreign]}[kind]
    answer = sign_in(edge.partner, *SELLS).post(reverse("api:deal-list"), said(edge, type=wanted), **JSON)
    assert answer.status_code == 404
    assert not Deal.objects.exists()


def test_a_prepared_draft_is_handed_over(vendor, edge, sign_in):
    manager, partner = sign_in(vendor.organisation, *SETS), sign_in(edge.partner, *SELLS)
    draft = manager.post(reverse("api:deal-list"), said(edge), **JSON).json()
    assert (draft["held_by_vendor"], draft["partner"]) == (True, edge.partner_id)
    page = reverse("api:deal-detail", args=[draft["id"]])
    assert partner.get(page).status_code == 404
    assert manager.post(reverse("api:deal-hand-over", args=[draft["id"]])).status_code == 204
    assert manager.get(page).status_code == 404
    assert partner.get(page).json()["prepared_by_vendor"]


def test_a_crm_names_the_type_under_its_own_key(vendor, edge, sign_in):
    made = a_type(vendor, own_fields=[MEDIUM])
    partner = sign_in(edge.partner, *SELLS)
    item = {"system": "crm", "value": "0061x", "deal": said(edge, type=made.pk, values={"medium": "Oil"})}
    answer = partner.post(reverse("api:deal-batch"), {"items": [item]}, **JSON).json()["results"][0]
    assert answer["status"] == 201, answer
    deal = Deal.objects.get()
    assert (deal.type, deal.values) == (made, {"medium": "Oil"})
    foreign = RegistrationType.objects.default_of(OrganisationFactory().pk)
    item = {"system": "crm", "value": "0062y", "deal": said(edge, type=foreign.pk)}
    answer = partner.post(reverse("api:deal-batch"), {"items": [item]}, **JSON).json()["results"][0]
    assert answer["status"] == 404
