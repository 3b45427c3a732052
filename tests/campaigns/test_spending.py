"""What a participant spent is its own: written down, corrected, paid back by funds, and what the return counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from rest_framework.test import APIClient

from campaigns import actions
from campaigns.models import Campaign, Expense
from campaigns.page import page_of
from campaigns.spending import paid_back, spending_of, spent_within
from core.audit import timeline_of
from core.errors import DomainError, StaleObject
from core.models import TrailEntry
from funds.models import Claim, Settlement
from tests.campaigns.factories import somebody
from tests.campaigns.test_views import at, browser
from tests.funds.factories import Scene as FundScene

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


def claim_of(partner):
    """A claim of a company on a fund of some vendor."""
    funded = FundScene(partner=partner)
    return funded.claim(funded.granted())


@pytest.fixture
def campaign(scene):
    return scene.running()


@pytest.fixture
def spend(scene, campaign):
    def build(actor=None, **fields):
        actor = actor or scene.joiner
        given = {"day": DAY, "what": "Stand at the fair", "amount": Decimal(120), **fields}
        return actions.record_expense(actor=actor, seat=scene.seat(campaign, actor.organisation), fields=given)

    return build


def costs(actor, campaign):
    return {str(each.seat): each.costs for each in spending_of(page_of(actor, campaign.pk))}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", None), ("what", ""), ("what", " \x00 "), ("amount", None), ("amount", Decimal(0)),
        ("amount", Decimal(-5)), ("amount", Decimal("0.001")), ("amount", Decimal("1e20")), ("amount", Decimal("NaN")),
        ("amount", Decimal("Infinity")),
    ],
)  # fmt: skip
def test_what_cannot_be_a_cost_is_refused_at_its_field(spend, field, value):
    with pytest.raises(DomainError) as refused:
        spend(**{field: value})
    assert refused.value.field == field and not Expense.objects.exists()


def test_it_is_recorded_corrected_and_removed_with_its_trail(scene, campaign, spend):
    row = spend(what="  Stand <b>\n at the fair ", supplier="x" * 500, amount=Decimal("99.999"))
    assert (row.what, row.amount, len(row.supplier)) == ("Stand <b> at the fair", 100, 120)
    row = actions.change_expense(actor=scene.joiner, expense=row, fields={"amount": Decimal(80)}, version=1)
    assert (row.amount, row.what, row.version) == (80, "Stand <b> at the fair", 2)
    with pytest.raises(StaleObject):
        actions.change_expense(actor=scene.joiner, expense=row, fields={}, version=1)
    actions.remove_expense(actor=scene.joiner, expense=row)
    told = TrailEntry.objects.filter(verb__startswith="campaign_expense.").order_by("pk")
    assert [entry.verb.split(".")[1] for entry in told] == ["recorded", "changed", "removed"]
    assert "100.00 EUR" in told[1].data["before"] and "80.00 EUR" in told[2].data["what"]
    assert not Expense.objects.exists()
    with pytest.raises(ObjectDoesNotExist):
        actions.remove_expense(actor=scene.joiner, expense=row)


def test_nobody_else_hears_of_a_cost(scene, campaign, spend):
    spend()
    seat = scene.seat(campaign, scene.first)
    for reader, lines in ((scene.joiner, 1), (scene.manager, 0), (scene.other, 0), (scene.stranger, 0)):
        told = [line for line in timeline_of(reader, seat, campaign) if "recorded a cost" in line.text]
        assert len(told) == lines
        assert Expense.objects.visible_to(reader).count() == lines


def test_others_may_not_write_it(scene, campaign, spend):
    row, seat = spend(), scene.seat(campaign, scene.first)
    fields = {"day": DAY, "what": "x", "amount": Decimal(1)}
    with pytest.raises(PermissionDenied):
        actions.record_expense(actor=scene.manager, seat=seat, fields=fields)
    with pytest.raises(PermissionDenied):
        actions.record_expense(actor=somebody(scene.first), seat=seat, fields=fields)
    with pytest.raises(PermissionDenied):
        actions.change_expense(actor=somebody(scene.first), expense=row, fields=fields)
    for actor in (scene.stranger, scene.other):
        with pytest.raises(ObjectDoesNotExist):
            actions.record_expense(actor=actor, seat=seat, fields=fields)
        with pytest.raises(ObjectDoesNotExist):
            actions.remove_expense(actor=actor, expense=row)
    assert Expense.objects.get().what == "Stand at the fair"


def test_invoices_come_late_but_not_before_the_invitation(scene, campaign, spend):
    actions.finish_campaign(actor=scene.manager, campaign=campaign)
    assert spend().pk
    draft = scene.draft()
    with pytest.raises(PermissionDenied):
        actions.record_expense(
            actor=scene.manager, seat=scene.seat(draft, scene.owner),
            fields={"day": DAY, "what": "x", "amount": Decimal(1)},
        )  # fmt: skip


def test_a_step_and_a_claim_must_be_of_the_same_campaign_and_company(scene, campaign, spend):
    other = scene.draft(name="Another")
    step = actions.save_step(actor=scene.manager, campaign=other, fields={"title": "Call", "starts": other.starts})
    theirs = claim_of(scene.second)
    for field, value in (("step", step), ("claim", theirs)):
        with pytest.raises(DomainError) as refused:
            spend(**{field: value})
        assert refused.value.field == field
    own = claim_of(scene.first)
    spend(claim=own)
    with pytest.raises(DomainError, match="already"):
        spend(claim=own)


def settle(claim, amount, reference, way="payment", day=DAY):
    Settlement.objects.create(claim=claim, way=way, amount=amount, reference=reference, day=day)


def test_what_a_fund_pays_on_its_claim_comes_off(scene, campaign, spend):
    claim = claim_of(scene.first)
    row = spend(claim=claim, amount=Decimal(200))
    settle(claim, 90, "one")
    settle(claim, 30, "back", way="claw_back", day=DAY + timedelta(days=60))
    assert paid_back([row]) == {row.pk: 60}
    own = costs(scene.joiner, campaign)["Brenta"]
    assert (own.planned, own.spent, own.back, own.net, own.left) == (300, 200, 60, 140, 160)
    until = DAY + timedelta(days=10)
    assert spent_within(scene.first.pk, "EUR", DAY, until) == {campaign.pk: 110}
    assert spent_within(scene.first.pk, "EUR", until, until) == {campaign.pk: 0}
    assert spent_within(scene.first.pk, "USD", DAY, until) == {}
    assert spent_within(scene.owner.pk, "EUR", DAY, until) == {}


def test_who_leads_sees_sums_only_where_both_show_them(scene, campaign, spend):
    spend(amount=Decimal(200))
    spend(scene.other, amount=Decimal(50))
    spend(scene.manager, amount=Decimal(400))
    own = scene.seat(campaign, scene.owner)
    actions.change_details(actor=scene.manager, seat=own, details={"shares_results": False})
    assert costs(scene.manager, campaign)["Brenta"] is None  # the leader keeps its own to itself
    actions.change_details(actor=scene.manager, seat=own, details={"shares_results": True})
    seen = costs(scene.manager, campaign)
    assert (seen["Brenta"].spent, seen["Dora"].spent, seen["Aurora"].spent) == (200, 50, 400)
    actions.change_details(
        actor=scene.other, seat=scene.seat(campaign, scene.second), details={"shares_results": False}
    )
    assert costs(scene.manager, campaign)["Dora"] is None
    assert list(costs(scene.joiner, campaign)) == ["Brenta"]


def pdf(name="invoice.pdf", body=b"%PDF-1.4 " + b"x" * 50):
    return SimpleUploadedFile(name, body, content_type="application/pdf")


def test_from_the_blank_form_to_the_file_and_back(
    scene, campaign, tmp_path, settings, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    client = browser(scene.joiner)
    typed = {"day": "2026-03-10", "what": "Flyers <script>", "amount": "640", "supplier": "Tipografia"}
    wrong = client.post(at("expense_new", campaign), {**typed, "amount": "-3", "evidence": pdf("x.exe", b"MZ")})
    assert wrong.status_code == 422 and not Expense.objects.exists()
    bad = client.post(at("expense_new", campaign), {**typed, "evidence": pdf("x.pdf", b"MZ nothing")})
    assert bad.status_code == 422 and not Expense.objects.exists()
    assert client.post(at("expense_new", campaign), {**typed, "evidence": pdf()}).status_code == 302
    row = Expense.objects.get()
    page = client.get(at("spending", campaign)).content.decode()
    assert "Flyers &lt;script&gt;" in page and "€640.00" in page and "€300.00" in page and "invoice.pdf" in page
    told = client.get(at("expense_file", campaign, row.pk))
    assert b"".join(told.streaming_content).startswith(b"%PDF") and "attachment" in told["Content-Disposition"]
    table = b"".join(client.get(at("spending", campaign), {"format": "csv"}).streaming_content).decode()
    assert "Tipografia" in table and "640.00" in table
    changed = {**typed, "amount": "600", "version": "1"}
    assert client.post(at("expense", campaign, row.pk), changed).status_code == 302
    stale = client.post(at("expense", campaign, row.pk), changed)
    assert stale.status_code in {409, 422} and Expense.objects.get().amount == 600
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(at("expense_delete", campaign, row.pk)).status_code == 302
    assert not Expense.objects.exists() and not list(tmp_path.rglob("*.pdf"))
    assert "removed a cost" in client.get(at("spending", campaign)).content.decode()


def test_each_side_sees_its_own_page(scene, campaign, spend):
    row = spend(what="A secret stand")
    for actor, status in ((scene.manager, 200), (scene.other, 200), (scene.stranger, 404)):
        client = browser(actor)
        told = client.get(at("spending", campaign))
        assert told.status_code == status and "secret" not in told.content.decode()
        assert client.get(at("expense", campaign, row.pk)).status_code == 404
        assert client.get(at("expense_file", campaign, row.pk)).status_code == 404
        assert client.post(at("expense_delete", campaign, row.pk)).status_code == 404
    reader = browser(somebody(scene.first))
    assert "secret" in reader.get(at("spending", campaign)).content.decode()
    assert reader.get(at("expense_new", campaign)).status_code == 403
    assert Expense.objects.count() == 1


def test_a_page_costs_the_same_at_any_length(scene, campaign, spend):
    client = browser(scene.joiner)

    def asked():
        with CaptureQueriesContext(connection) as told:
            assert client.get(at("spending", campaign)).status_code == 200
        return len(told)

    spend()
    asked()
    once = asked()
    spend(), spend()
    assert asked() == once


def test_the_same_through_the_api(scene, campaign, spend):
    client, actor = APIClient(), scene.joiner
    client.force_authenticate(actor.user, token=actor)
    path = "/api/v1/campaign-expenses/"
    said = {"campaign": campaign.pk, "day": "2026-03-10", "what": "Stand", "amount": "120.00"}
    for wrong in (
        {"amount": "x"},
        {"amount": "-1"},
        {"day": "then"},
        {"campaign": 10**9},
        {"step": 10**9},
        {"claim": 7},
    ):
        assert client.post(path, {**said, **wrong}, format="json").status_code in {400, 409}, wrong
    made = client.post(path, said, format="json")
    assert made.status_code == 201 and made.json()["paid_back"] == "0.00" and made["ETag"]
    key = made.json()["id"]
    changed = client.patch(f"{path}{key}/", {"amount": "80"}, format="json")
    assert changed.json()["amount"] == "80.00" and changed.json()["campaign"] == campaign.pk
    told = client.post(f"{path}{key}/file/", {"file": pdf()}, format="multipart")
    assert told.json()["file"] == "invoice.pdf"
    assert [row["id"] for row in client.get(path, {"campaign": campaign.pk}).json()["results"]] == [key]
    assert client.get(path, {"campaign": "x"}).json()["results"] == []
    for other in (scene.manager, scene.other, scene.stranger):
        client.force_authenticate(other.user, token=other)
        assert client.get(path).json()["results"] == []
        assert client.get(f"{path}{key}/").status_code == 404
        assert client.delete(f"{path}{key}/").status_code == 404
    client.force_authenticate(actor.user, token=actor)
    assert client.delete(f"{path}{key}/").status_code == 204 and not Expense.objects.exists()


def test_the_list_of_the_api_asks_as_often_for_three_as_for_one(scene, campaign, spend):
    client, actor = APIClient(), scene.joiner
    client.force_authenticate(actor.user, token=actor)
    spend(claim=claim_of(scene.first))
    client.get("/api/v1/campaign-expenses/")
    with CaptureQueriesContext(connection) as one:
        client.get("/api/v1/campaign-expenses/")
    spend(), spend()
    with CaptureQueriesContext(connection) as three:
        client.get("/api/v1/campaign-expenses/")
    assert len(one) == len(three)
    assert Claim.objects.count() == 1 and Campaign.objects.count() == 1 and localdate()
