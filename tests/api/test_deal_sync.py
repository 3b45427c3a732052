"""A CRM beside the portal: its own keys, writing again and again, many at once, what changed since, what is gone."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now

from api import changes
from core.audit import record
from deals.actions import link_deal, save_draft, set_stage, submit_deal, take_deal
from deals.models import ConflictCheck, Deal, ExternalId
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory, QueuedFactory
from tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db
SELLS = ("deals.view", "deals.register", "customers.manage")
DECIDES = ("deals.view", "deals.decide")
JSON = {"content_type": "application/json"}


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def crm(sign_in, partnership):
    return sign_in(partnership.partner, *SELLS)


@pytest.fixture
def vendor(sign_in, partnership):
    return sign_in(partnership.vendor, *DECIDES)


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """Nothing waits before it is shown, but in the test about that."""
    monkeypatch.setattr(changes, "SETTLES", timedelta(0))


def by(value, system="crm"):
    return reverse("api:deal-by-external-id", args=[system, value])


def url(name, *args):
    return reverse(f"api:deal-{name}", args=args)


def said(partnership, **changes):
    return {
        "partnership": partnership.pk,
        "title": "Pumping station",
        "customer_name": "Consorzio Adige S.p.A.",
        "amount": "184200.00",
        "decision_date": f"{localdate().year + 1}-01-15",
        "lines": [{"product_text": "Vertical pump", "quantity": "6", "asked_price": "23064.00"}],
        **changes,
    }


def since(client, moment=None, **params):
    moment = (moment or now() - timedelta(days=400)).isoformat()
    return client.get(url("list"), {"updated_since": moment, **params})


# One's own keys -----------------------------------------------------------------------------------------------------


def test_put_drafts_once_and_then_writes(crm, partnership):
    made = crm.put(by("006A"), said(partnership), **JSON)
    assert made.status_code == 201, made.text
    assert made.json()["external_ids"] == {"crm": "006A"}
    again = crm.put(by("006A"), said(partnership), **JSON)
    assert again.status_code == 200 and again["ETag"] == made["ETag"], "writing the same changes nothing"
    changed = crm.put(by("006A"), said(partnership, title="Bigger station"), **JSON)
    assert changed.json()["title"] == "Bigger station" and changed["ETag"] != made["ETag"]
    assert len(changed.json()["lines"]) == 1
    assert Deal.objects.count() == ExternalId.objects.count() == 1
    assert crm.get(by("006A")).json()["id"] == made.json()["id"]
    assert [row["id"] for row in crm.get(url("list"), {"external_id": "006A", "system": "crm"}).json()["results"]]
    assert crm.get(url("list"), {"external_id": "006A", "system": "erp"}).json()["results"] == []


def test_if_match_guards_a_put(crm, partnership):
    made = crm.put(by("1"), said(partnership), **JSON)
    crm.put(by("1"), said(partnership, title="Other"), **JSON)
    stale = crm.put(by("1"), said(partnership, title="Third"), **JSON, headers={"If-Match": made["ETag"]})
    assert stale.status_code == 412 and Deal.objects.get().title == "Other"
    new = crm.put(by("2"), said(partnership), **JSON, headers={"If-Match": made["ETag"]})
    assert new.status_code == 412 and Deal.objects.count() == 1


def test_after_submission_the_stage_alone_is_taken(crm, partnership, act_for):
    made = crm.put(by("1"), said(partnership), **JSON).json()
    deal = Deal.objects.get(pk=made["id"])
    submit_deal(actor=act_for(partnership.partner, *SELLS), deal=deal, terms=True)
    moved = crm.put(by("1"), said(partnership, stage="proposal"), **JSON)
    assert (moved.status_code, moved.json()["stage"], moved.json()["probability"]) == (200, "proposal", 60)
    refused = crm.put(by("1"), said(partnership, stage="design", amount="1.00"), **JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    assert "amount" in refused.json()["detail"] and Deal.objects.get().stage == "proposal"


def test_each_side_has_its_own_keys_and_sees_no_other(crm, vendor, partnership):
    deal = DealFactory(partnership=partnership)
    assert crm.put(url("external-id", deal.pk, "crm"), {"value": "P-1"}, **JSON).status_code == 200
    before = vendor.get(url("detail", deal.pk))
    theirs = vendor.put(url("external-id", deal.pk, "crm"), {"value": "P-1"}, **JSON)
    assert theirs.status_code == 200 and theirs["ETag"] == before["ETag"]
    assert before.json()["external_ids"] == {}
    vendor.put(url("external-id", deal.pk, "crm"), {"value": "V-9"}, **JSON)
    assert crm.get(url("detail", deal.pk)).json()["external_ids"] == {"crm": "P-1"}
    assert vendor.get(by("P-1")).status_code == 404
    assert vendor.get(url("list"), {"external_id": "P-1"}).json()["results"] == []
    assert vendor.get(by("V-9")).json()["id"] == deal.pk
    assert crm.delete(url("external-id", deal.pk, "crm")).status_code == 204
    assert vendor.get(url("detail", deal.pk)).json()["external_ids"] == {"crm": "V-9"}


def test_a_key_names_one_deal(crm, partnership):
    one, other = DraftFactory(partnership=partnership), DraftFactory(partnership=partnership)
    crm.put(url("external-id", one.pk, "crm"), {"value": "A"}, **JSON)
    taken = crm.put(url("external-id", other.pk, "crm"), {"value": "A"}, **JSON)
    assert (taken.status_code, taken.json()["code"]) == (409, "external_id_taken")
    assert crm.put(url("external-id", one.pk, "crm"), {"value": "B"}, **JSON).json()["external_ids"] == {"crm": "B"}


def test_who_may_not_register_links_nothing(sign_in, partnership):
    deal = DealFactory(partnership=partnership)
    reader = sign_in(partnership.partner, "deals.view")
    assert reader.put(url("external-id", deal.pk, "crm"), {"value": "A"}, **JSON).status_code == 403
    assert reader.put(by("A"), said(partnership), **JSON).status_code == 403
    vendor = sign_in(partnership.vendor, *DECIDES)
    assert vendor.put(by("A"), said(partnership), **JSON).status_code == 403
    assert not ExternalId.objects.exists()


@pytest.mark.parametrize(
    ("system", "value", "status"),
    [("CRM", "1", 409), ("crm" * 20, "1", 409), ("crm", "x" * 121, 409), ("crm", "%00", 400), ("crm", "%20", 409)],
)
def test_keys_that_none_can_be(crm, partnership, system, value, status):
    response = crm.put(f"/api/v1/deals/by-external-id/{system}/{value}/", said(partnership), **JSON)
    assert response.status_code in {status, 404} and not Deal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_deal(partnership, sign_in, act_for):
    answers = []
    clients = [sign_in(partnership.partner, *SELLS) for _each in range(3)]
    start = threading.Barrier(3)

    def put(client):
        start.wait()
        try:
            answers.append(client.put(by("1"), said(partnership), **JSON).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [200, 200, 201]
    assert Deal.objects.count() == ExternalId.objects.count() == 1


# Many at once -------------------------------------------------------------------------------------------------------


def test_each_item_of_a_batch_has_its_own_result(crm, partnership):
    items = [
        {"system": "crm", "value": "1", "deal": said(partnership)},
        {"system": "crm", "value": "2", "deal": said(partnership, amount="a lot")},
        {"system": "crm", "value": "1", "deal": {"title": "Second thoughts"}},
        {"system": "crm", "value": "3", "deal": {"title": "Without a partnership"}},
        {"system": "crm", "value": "4"},
        "nonsense",
        {"system": "crm", "value": "5", "deal": [1]},
    ]
    answer = crm.post(url("batch"), {"items": items}, **JSON)
    results = answer.json()["results"]
    assert answer.status_code == 207
    assert [each["status"] for each in results] == [201, 400, 200, 409, 400, 400, 400]
    assert [each["index"] for each in results] == list(range(7))
    assert results[1]["problem"]["errors"].keys() == {"amount"}
    assert results[2]["deal"]["title"] == "Second thoughts" and results[2]["etag"]
    assert Deal.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"items": []}, {"items": "x"}, {"items": [{}] * 101}, [], "x", {"items": {}}])
def test_a_batch_that_is_none(crm, body):
    response = crm.post(url("batch"), json.dumps(body), **JSON)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_a_batch_with_the_same_idempotency_key_runs_once(crm, partnership):
    body = {"items": [{"system": "crm", "value": "1", "deal": said(partnership)}]}
    first = crm.post(url("batch"), body, **JSON, headers={"Idempotency-Key": "k"})
    again = crm.post(url("batch"), body, **JSON, headers={"Idempotency-Key": "k"})
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"


# What changed since -------------------------------------------------------------------------------------------------


def walk(client, limit=2, each_page=lambda: None):
    """All pages, as a CRM follows them."""
    found, answer = [], since(client, limit=limit).json()
    while True:
        found += answer["results"]
        if not answer["next"]:
            return found
        each_page()
        answer = client.get(answer["next"]).json()


def test_changes_come_in_their_order_page_by_page(crm, partnership):
    deals = [DealFactory(partnership=partnership) for _each in range(7)]
    same = now() - timedelta(hours=1)
    Deal.objects.filter(pk__in=[deal.pk for deal in deals[:5]]).update(updated_at=same)
    found = walk(crm)
    assert [row["id"] for row in found] == [deal.pk for deal in deals]
    later = since(crm, same + timedelta(seconds=1)).json()["results"]
    assert [row["id"] for row in later] == [deal.pk for deal in deals[5:]]


def test_nothing_is_lost_while_others_write(crm, partnership, act_for):
    deals = [DealFactory(partnership=partnership) for _each in range(9)]
    seller = act_for(partnership.partner, *SELLS)
    left = list(reversed(deals[:6]))

    def somebody_writes():
        if left:
            set_stage(actor=seller, deal=left.pop(), stage="proposal")

    found = walk(crm, each_page=somebody_writes)
    newest = {row["id"]: row for row in found}
    assert set(newest) == {deal.pk for deal in deals}
    for deal in Deal.objects.filter(stage="proposal"):
        assert newest[deal.pk]["version"] == deal.version, "the last word of what changed meanwhile came"
    pairs = [(row["id"], row["version"]) for row in found]
    assert len(pairs) == len(set(pairs)), "what comes twice is newer"


def test_a_company_that_is_vendor_and_partner_gets_both_in_order(sign_in, partnership):
    buying = PartnershipFactory(partner=partnership.vendor)
    deals = [DealFactory(partnership=each) for each in (partnership, buying, partnership, buying, partnership)]
    DraftFactory(partnership=partnership)
    client = sign_in(partnership.vendor, *DECIDES)
    assert [row["id"] for row in walk(client)] == [deal.pk for deal in deals]


def test_what_has_just_changed_waits_a_moment(crm, partnership, monkeypatch):
    DealFactory(partnership=partnership)
    monkeypatch.setattr(changes, "SETTLES", timedelta(minutes=5))
    assert since(crm).json()["results"] == []


def test_lines_and_files_count_as_changes(crm, partnership, act_for):
    seller = act_for(partnership.partner, *SELLS)
    draft = DraftFactory(partnership=partnership)
    for change in (
        lambda: save_draft(actor=seller, partnership=partnership, deal=draft, fields={}, lines=[]),
        lambda: crm.post(url("evidence", draft.pk), {"file": SimpleUploadedFile("a.txt", b"An offer.")}),
        lambda: crm.patch(url("detail", draft.pk), {"title": "New"}, **JSON),
    ):
        moment = now()
        change()
        assert [row["id"] for row in since(crm, moment).json()["results"]] == [draft.pk]


@pytest.mark.parametrize(
    "params",
    [
        {"updated_since": "yesterday"}, {"updated_since": "2026-11-21"}, {"updated_since": "2026-11-21T09:00:00"},
        {"updated_since": "2026-13-40T09:00:00Z"}, {"updated_since": "x" * 5000},
        {"updated_since": "2026-11-21T09:00:00Z", "cursor": "nonsense"},
        {"updated_since": "2026-11-21T09:00:00Z", "cursor": "WzEsMl0"},
        {"updated_since": "2026-11-21T09:00:00Z", "cursor": "W" * 9000},
        {"updated_since": "2026-11-21T09:00:00Z", "fields": "id,secret"},
    ],
)  # fmt: skip
def test_bad_questions_are_refused(crm, partnership, params):
    DealFactory(partnership=partnership)
    response = crm.get(url("list"), params)
    assert response.status_code in {400, 404} and response["Content-Type"] == "application/problem+json"


def test_the_offset_may_be_written_with_a_plus(crm, partnership):
    DealFactory(partnership=partnership)
    assert crm.get(f"{url('list')}?updated_since=2026-01-01T00:00:00+01:00").status_code == 200


def test_fields_are_chosen(crm, partnership):
    deal = DealFactory(partnership=partnership)
    (row,) = since(crm, fields="id, version").json()["results"]
    assert row == {"id": deal.pk, "version": deal.version}
    assert set(crm.get(url("detail", deal.pk), {"fields": "id,state"}).json()) == {"id", "state"}


def test_the_pages_cost_the_same_for_one_and_for_three(crm, partnership, act_for, django_assert_num_queries):
    seller = act_for(partnership.partner, *SELLS)

    def more():
        deal = DealFactory(partnership=partnership, lines=[{}, {}])
        link_deal(actor=seller, deal=deal, system="crm", value=str(deal.pk))

    more()
    since(crm)
    with CaptureQueriesContext(connection) as seen:
        since(crm)
    more()
    more()
    with django_assert_num_queries(len(seen)):
        since(crm)


def test_drafts_that_are_gone_are_told_to_their_author_alone(crm, vendor, partnership):
    draft = DraftFactory(partnership=partnership)
    moment = now()
    assert crm.delete(url("detail", draft.pk)).status_code == 204
    assert [row["id"] for row in crm.get(url("deleted"), {"since": moment.isoformat()}).json()["results"]] == [draft.pk]
    assert crm.get(url("deleted"), {"since": (now() + timedelta(days=1)).isoformat()}).json()["results"] == []
    assert vendor.get(url("deleted")).json()["results"] == []
    assert crm.get(url("deleted"), {"since": "x"}).status_code == 400


# What a partner must not know ---------------------------------------------------------------------------------------


def seen_by(client, deal):
    shown = client.get(url("detail", deal.pk))
    return shown["ETag"], shown.json(), since(client).json()


def test_what_only_the_vendor_knows_moves_nothing_for_the_partner(crm, partnership, act_for):
    deal = DealFactory(partnership=partnership)
    before = seen_by(crm, deal)
    ConflictCheck.objects.create(vendor=deal.vendor, deal=deal, verdict="blocking", queued=True)
    record(actor=act_for(deal.vendor, *DECIDES), verb="deal.matched", target=deal, parties=())
    link_deal(actor=act_for(deal.vendor, *DECIDES), deal=deal, system="crm", value="V")
    ConflictCheck.objects.filter(deal=deal).update(queued=False)
    assert seen_by(crm, deal) == before


def test_an_approval_that_was_blocked_moves_nothing_for_the_partner(crm, partnership, act_for):
    queued = QueuedFactory(partnership=partnership)
    take_deal(actor=act_for(partnership.vendor, *DECIDES), deal=queued)
    before = seen_by(crm, queued)
    from deals.actions import AlreadyProtected, approve_deal

    with pytest.raises(AlreadyProtected):
        approve_deal(actor=act_for(partnership.vendor, *DECIDES), deal=queued)
    assert seen_by(crm, queued) == before


def test_a_proposed_revocation_moves_nothing_for_the_partner(crm, vendor, partnership):
    deal = ApprovedFactory(partnership=partnership)
    before = seen_by(crm, deal)
    asked = {"deal": deal.pk, "kind": "revocation", "reason": "They went to a competitor."}
    assert vendor.post(reverse("api:request-list"), asked, **JSON).status_code == 201
    assert seen_by(crm, deal) == before


def test_a_change_of_the_vendors_own_columns_is_no_change(partnership):
    from deals.actions.locking import VENDORS_OWN, write

    deal = DealFactory(partnership=partnership)
    before = deal.version, deal.updated_at
    with transaction.atomic():
        write(deal, *VENDORS_OWN)
    deal.refresh_from_db()
    assert (deal.version, deal.updated_at) == before
    with transaction.atomic():
        write(deal, "title", *VENDORS_OWN)
    deal.refresh_from_db()
    assert deal.version == before[0] + 1 and deal.updated_at > before[1]


# The steps of the page ----------------------------------------------------------------------------------------------


def test_the_steps_that_a_page_offers(crm, vendor, partnership):
    deal = DealFactory(partnership=partnership)
    vendor.post(url("take", deal.pk))
    assert vendor.post(url("release", deal.pk)).json()["state"] == "submitted"
    assert crm.post(url("stage", deal.pk), {"stage": "commitment"}, **JSON).json()["probability"] == 90
    lost, won = ApprovedFactory(partnership=partnership), ApprovedFactory(partnership=partnership)
    assert crm.post(url("lose", lost.pk), {"reason": "price"}, **JSON).json()["state"] == "lost"
    assert vendor.post(url("win", won.pk), {"proof": "Invoice 7"}, **JSON).json()["state"] == "won"


@pytest.mark.parametrize(
    ("step", "body", "whose"),
    [("release", {}, "crm"), ("stage", {"stage": "design"}, "vendor"), ("lose", {"reason": "price"}, "vendor"),
     ("win", {"proof": "x"}, "crm")],
)  # fmt: skip
def test_the_other_side_may_not(crm, vendor, partnership, step, body, whose):
    deal = ApprovedFactory(partnership=partnership)
    client = {"crm": crm, "vendor": vendor}[whose]
    assert client.post(url(step, deal.pk), body, **JSON).status_code == 403


def test_files_are_put_read_and_taken_away(crm, vendor, partnership):
    draft = DraftFactory(partnership=partnership)
    made = crm.post(url("evidence", draft.pk), {"file": SimpleUploadedFile("offer.txt", b"An offer.")})
    assert made.status_code == 201, made.text
    one = url("evidence-file", draft.pk, made.json()["id"])
    answer = crm.get(one)
    assert b"".join(answer.streaming_content) == b"An offer." and "attachment" in answer["Content-Disposition"]
    assert [row["name"] for row in crm.get(url("evidence", draft.pk)).json()] == ["offer.txt"]
    assert vendor.get(one).status_code == 404
    bad = crm.post(url("evidence", draft.pk), {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert bad.status_code == 409
    assert crm.post(url("evidence", draft.pk), {}, **JSON).status_code == 400
    assert crm.delete(one).status_code == 204 and crm.get(one).status_code == 404
