"""Deals through the API: the same path as on the pages, the same refusals, in the shapes of the API."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from deals.models import Deal, EndCustomer
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory, EndCustomerFactory, QueuedFactory
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
SELLS = ("deals.view", "deals.register", "customers.manage")
DECIDES = ("deals.view", "deals.decide")
JSON = {"content_type": "application/json"}


def url(name, *args):
    return reverse(f"api:deal-{name}", args=args)


def said(partnership, /, **changes):
    return {
        "partnership": partnership.pk,
        "title": "Pumping station upgrade",
        "customer_name": "Consorzio Adige S.p.A.",
        "customer_country": "IT",
        "customer_vat": "00743110157",
        "amount": "184200.00",
        "decision_date": f"{localdate().year + 1}-01-15",
        "lines": [{"product_text": "Vertical pump", "quantity": "6", "asked_price": "23064.00"}],
        **changes,
    }


def test_the_whole_path(sign_in):
    partnership = PartnershipFactory()
    partner, vendor = sign_in(partnership.partner, *SELLS), sign_in(partnership.vendor, *DECIDES)
    made = partner.post(url("list"), said(partnership), **JSON)
    assert made.status_code == 201, made.text
    pk = made.json()["id"]
    assert vendor.get(url("detail", pk)).status_code == 404
    changed = partner.patch(url("detail", pk), {"title": "Pumping station"}, **JSON, headers={"If-Match": made["ETag"]})
    assert changed.json()["title"] == "Pumping station"
    assert len(changed.json()["lines"]) == 1
    submitted = partner.post(url("submit", pk), {"terms": True}, **JSON).json()
    assert (submitted["state"], submitted["customer_vat"]) == ("submitted", "IT00743110157")
    assert len(submitted["receipt_sha256"]) == 64
    assert vendor.post(url("take", pk)).json()["state"] == "in_review"
    asked = vendor.post(url("return", pk), {"fields_asked": ["amount"], "reason": "How much?"}, **JSON).json()
    assert (asked["state"], asked["returned_fields"]) == ("returned", ["amount"])
    again = partner.post(url("resubmit", pk), {"amount": "99.00", "title": "Smuggled"}, **JSON).json()
    assert (again["state"], again["amount"], again["title"]) == ("submitted", "99.00", "Pumping station")
    vendor.post(url("take", pk))
    approved = vendor.post(url("approve", pk), {"note": "Good luck"}, **JSON).json()
    assert (approved["state"], approved["lines"][0]["approved_price"]) == ("approved", "23064.0000")
    assert (approved["customer"], approved["receipt_sha256"]) == (None, "")
    assert partner.post(url("withdraw", pk), {}, **JSON).json()["state"] == "withdrawn"
    found = partner.get(url("list"), {"number": submitted["number"]}).json()["results"]
    assert [each["id"] for each in found] == [pk]
    assert partner.get(url("list"), {"number": "D-1"}).json()["results"] == []


def test_rejecting_takes_a_reason(sign_in):
    deal = DealFactory()
    client = sign_in(deal.vendor, *DECIDES)
    assert client.post(url("reject", deal.pk), {"reason": "luck", "note": "x"}, **JSON).status_code == 400
    assert client.post(url("reject", deal.pk), {"reason": "terms", "note": "No"}, **JSON).json()["state"] == "rejected"


def test_what_is_missing_is_named(sign_in):
    draft = DraftFactory(lines=[])
    answer = sign_in(draft.partner, *SELLS).post(url("submit", draft.pk), {"terms": True}, **JSON)
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("application/problem+json")
    assert (answer.json()["code"], answer.json()["field"]) == ("invalid", "lines")


def test_a_refused_state_is_a_conflict_and_a_stale_version_fails_its_precondition(sign_in):
    deal = ApprovedFactory()
    client = sign_in(deal.vendor, *DECIDES)
    refused = client.post(url("approve", deal.pk), {}, **JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    stale = client.post(url("approve", deal.pk), {}, **JSON, headers={"If-Match": f'"deal-{deal.pk}-999"'})
    assert stale.status_code == 412


def test_a_key_does_the_work_once(sign_in):
    partnership = PartnershipFactory()
    client = sign_in(partnership.partner, *SELLS)
    key = {"Idempotency-Key": "k-1"}
    answers = [client.post(url("list"), said(partnership), **JSON, headers=key).json()["id"] for _ in "12"]
    assert answers[0] == answers[1]
    assert Deal.objects.count() == 1


def test_what_is_protected_is_told_to_the_vendor_alone(sign_in):
    queued = QueuedFactory(state="in_review")
    vendor, partner = sign_in(queued.vendor, *DECIDES), sign_in(queued.partner, *SELLS)
    before = partner.get(url("detail", queued.pk))
    refused = vendor.post(url("approve", queued.pk), {}, **JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "protected")
    after = partner.get(url("detail", queued.pk))
    assert before.json() == after.json()
    assert before["ETag"] == after["ETag"]


STEPS = ["submit", "resubmit", "take", "return", "approve", "reject", "withdraw"]


@pytest.mark.parametrize("step", STEPS)
def test_strangers_and_missing_rows_answer_alike(sign_in, step):
    deal = DealFactory()
    client = sign_in(OrganisationFactory(), *SELLS, *DECIDES)
    theirs, none = (client.post(url(step, pk), {}, **JSON) for pk in (deal.pk, 999_999))
    assert (theirs.status_code, theirs.json()) == (none.status_code, none.json())
    assert theirs.status_code == 404


@pytest.mark.parametrize("step", ["take", "return", "approve", "reject"])
def test_the_partner_does_not_decide(sign_in, step):
    deal = DealFactory(state="in_review" if step != "take" else "submitted")
    body = {"fields_asked": ["amount"], "reason": "terms", "note": "No"}
    answer = sign_in(deal.partner, *SELLS, *DECIDES).post(url(step, deal.pk), body, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_without_the_capability_nothing_is_read(sign_in, client):
    deal = DealFactory()
    assert sign_in(deal.vendor).get(url("list")).status_code == 403
    assert sign_in(deal.vendor, "deals.view", "deals.decide", "direct_sales").get(url("list")).status_code == 403
    assert client.get(url("list")).status_code == 401


def test_foreign_ids_are_as_good_as_missing(sign_in):
    partnership = PartnershipFactory()
    client = sign_in(partnership.partner, *SELLS)
    for field, foreign in (("partnership", PartnershipFactory().pk), ("customer", EndCustomerFactory().pk)):
        seen = client.post(url("list"), said(partnership, **{field: foreign}), **JSON)
        none = client.post(url("list"), said(partnership, **{field: 999_999}), **JSON)
        assert seen.status_code == none.status_code == 400
        assert seen.text.replace(f'pk \\"{foreign}', "") == none.text.replace('pk \\"999999', "")
    assert not Deal.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "x" * 10_000},
        {"amount": "1e400"},
        {"amount": -1},
        {"lines": [{"product_text": "x", "quantity": "1"}] * 101},
        {"lines": [{"quantity": "0"}]},
        {"lines": "x"},
        {"customer_vat": "12"},
        {"stage": "dreaming"},
        {"decision_date": "soon"},
        {"partnership": {"a": 1}},
    ],
)
def test_broken_values_are_refused(sign_in, changes):
    partnership = PartnershipFactory()
    answer = sign_in(partnership.partner, *SELLS).post(url("list"), said(partnership, **changes), **JSON)
    assert answer.status_code in {400, 409}
    assert not Deal.objects.exists()


def test_drafts_are_deleted_and_nothing_else(sign_in):
    draft, deal = DraftFactory(), DealFactory()
    assert sign_in(draft.partner, *SELLS).delete(url("detail", draft.pk)).status_code == 204
    assert sign_in(deal.partner, *SELLS).delete(url("detail", deal.pk)).status_code == 409
    assert Deal.objects.get() == deal


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(sign_in, django_assert_num_queries, count):
    deal = DealFactory()
    for _ in range(count - 1):
        DealFactory(partnership__vendor=deal.vendor, type=deal.type)
    client = sign_in(deal.vendor, *DECIDES)
    with django_assert_num_queries(15):
        assert len(client.get(url("list")).json()["results"]) == count


def test_customers(sign_in):
    client = sign_in(OrganisationFactory(), *SELLS)
    made = client.post(reverse("api:customer-list"), {"name": "Adige", "country": "IT", "vat": "00743110157"}, **JSON)
    assert (made.status_code, made.json()["vat"]) == (201, "IT00743110157")
    mine = reverse("api:customer-detail", args=[made.json()["id"]])
    assert client.patch(mine, {"city": "Verona"}, **JSON).json()["city"] == "Verona"
    assert client.patch(mine, {"vat": "1"}, **JSON).json()["field"] == "vat"
    stranger = sign_in(OrganisationFactory(), *SELLS)
    assert stranger.get(mine).status_code == 404
    assert stranger.patch(mine, {"city": "X"}, **JSON).status_code == 404
    assert client.delete(mine).status_code == 204
    assert not EndCustomer.objects.exists()
