"""The pages of funds: what each side sees and does, and what it costs."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from funds import actions
from funds.models import Claim, Fund, FundRequest
from tests.funds.factories import Scene

pytestmark = pytest.mark.django_db


def page(actor):
    client = Client()
    client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_both_sides_see_the_same_statement(scene):
    request = scene.granted()
    claim = scene.earned(request, 400)
    actions.settle_claim(actor=scene.finance, claim=claim, way="payment", amount=Decimal(150), reference="TX-1")
    url = f"{scene.fund.get_absolute_url()}?format=csv"

    def told(actor):
        text = b"".join(page(actor).get(url).streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    assert told(scene.asker) == told(scene.manager)
    assert [row["Paid"] for row in told(scene.asker)] == ["150.0000", "", "", ""]
    body = page(scene.asker).get(scene.fund.get_absolute_url()).content.decode()
    for shown in ("€9,000.00", "€600.00", "€250.00", "€150.00", claim.number, reverse("funds:claim", args=[claim.pk])):
        assert shown in body


def test_a_vendor_opens_a_fund_and_puts_money_in(scene):
    client, today = page(scene.manager), localdate()
    typed = {
        "name": "Fairs", "reach": "partner", "partnership": scene.edge.pk, "country": "IT", "starts": today,
        "ends": today + timedelta(days=90), "claim_days": 30, "amount": "1,500.00", "currency": "EUR",
    }  # fmt: skip
    wrong = client.post(reverse("funds:new"), typed | {"ends": today - timedelta(days=1)})
    assert wrong.status_code == 422 and "ends before it begins" in wrong.content.decode()
    assert client.post(reverse("funds:new"), typed).status_code == 302
    fund = Fund.objects.get(name="Fairs")
    assert fund.country == ""
    given = client.post(reverse("funds:allocate", args=[fund.pk]), {"allocate-amount": "500"}, follow=True)
    assert "€2,000.00" in given.content.decode()
    assert client.post(reverse("funds:edit", args=[fund.pk]), typed | {"name": "Fairs 2"}).status_code == 302
    fund.refresh_from_db()
    assert fund.name == "Fairs 2"


def typed_request(**line):
    day = localdate()
    given = {
        "title": "Seminar", "activity": "other", "audience": "Planners", "starts": day, "ends": day,
        "expected_leads": 5, "cost": "2000", "own_share": "", "asked": "1000", **line,
    }  # fmt: skip
    lines = {f"lines-0-{name}": value for name, value in given.items()}
    return {"title": "Seminar", "note": "", "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "submit": "1", **lines}


def test_from_the_form_to_the_payment(scene):
    partner, reviewer, finance = page(scene.asker), page(scene.reviewer), page(scene.finance)
    wrong = partner.post(reverse("funds:ask", args=[scene.fund.pk]), typed_request(asked="3000"))
    assert wrong.status_code == 422 and "more than it costs" in wrong.content.decode()
    wrong = partner.post(reverse("funds:ask", args=[scene.fund.pk]), typed_request(cost="-5")).content.decode()
    assert "Activity 1, Cost</a>: Write 0 or more." in wrong and 'value="-5"' in wrong
    assert partner.post(reverse("funds:ask", args=[scene.fund.pk]), typed_request()).status_code == 302
    request = FundRequest.objects.get()
    url = {name: reverse(f"funds:{name}", args=[request.pk]) for name in ("review", "release", "claim_new", "request")}
    assert "Take in hand" in reviewer.get(url["request"]).content.decode()
    empty = reviewer.post(url["review"], {"l1-decision": "changed", "l1-approved": "800", "l1-reason": ""})
    assert empty.status_code == 422 and "Say why" in empty.content.decode()
    reviewer.post(url["review"], {"l1-decision": "changed", "l1-approved": "800", "l1-reason": "No catering"})
    assert "Seminar" in finance.get(reverse("funds:finance")).content.decode()
    assert finance.post(url["release"]).status_code == 302
    typed = {
        "line": request.lines.get().pk, "supplier": "Sala Verdi", "invoice_number": "RE 1", "invoice_day": localdate(),
        "cost": "900", "asked": "800",
    }  # fmt: skip
    assert f'<option value="{typed["line"]}" selected' in partner.get(url["claim_new"]).content.decode()
    assert partner.post(url["claim_new"], typed | {"asked": "901"}).status_code == 422
    assert partner.post(url["claim_new"], typed).status_code == 302
    claim = Claim.objects.get()
    to = {name: reverse(f"funds:{name}", args=[claim.pk]) for name in ("proof_add", "claim_submit", "claim_decide")}
    refused = partner.post(to["claim_submit"])
    assert refused.status_code == 422 and "Add what is missing" in refused.content.decode()
    file = SimpleUploadedFile("invoice.txt", b"Invoice RE 1")
    partner.post(to["proof_add"], {"proof-kind": "invoice", "proof-evidence": file})
    assert partner.post(to["claim_submit"]).status_code == 302
    proof = reverse("funds:proof", args=[claim.pk, claim.proofs.get().pk])
    answer = reviewer.get(proof)
    assert b"".join(answer.streaming_content) == b"Invoice RE 1" and "attachment" in answer["Content-Disposition"]
    reviewer.post(to["claim_decide"], {"decide-approved": "800"})
    settled = {"settle-way": "payment", "settle-amount": "800", "settle-reference": "TX", "settle-day": localdate()}
    finance.post(reverse("funds:claim_settle", args=[claim.pk]), settled)
    claim.refresh_from_db()
    assert claim.state == "settled"
    assert "TX" in partner.get(claim.get_absolute_url()).content.decode()


def test_what_may_not_be_done_is_greyed_with_its_reason(scene):
    both = page(scene.reviewer)
    body = both.get(scene.reviewed().get_absolute_url()).content.decode()
    assert 'aria-disabled="true"' in body and "Release money of funds" in body


def test_a_draft_is_hidden_from_the_vendor_and_a_rival_sees_nothing(scene):
    draft, request = scene.draft(), scene.granted()
    claim = scene.claim(request)
    assert page(scene.manager).get(draft.get_absolute_url()).status_code == 404
    assert page(scene.reviewer).get(claim.get_absolute_url()).status_code == 404
    rival = page(Scene(vendor=scene.vendor).asker)
    for record in (scene.fund, draft, request, claim):
        assert rival.get(record.get_absolute_url()).status_code == 404
    for name in ("funds:list", "funds:requests", "funds:claims"):
        assert scene.partner.name not in rival.get(f"{reverse(name)}?view=all").content.decode()


@pytest.mark.parametrize("name", ["list", "requests", "claims", "finance", "statement"])
def test_a_list_costs_the_same_for_one_row_and_for_three(scene, name):
    both = scene.finance
    url = scene.fund.get_absolute_url() if name == "statement" else f"{reverse(f'funds:{name}')}?view=all"

    def more():
        scene.earned(scene.granted(), 100)
        scene.reviewed()
        scene.open(100)

    def cost():
        client = page(both)
        client.get(url)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url).status_code == 200
        return len(counted)

    more()
    before = cost()
    more()
    more()
    assert cost() <= before


def test_what_waits_stands_on_home(scene):
    scene.claimed(scene.granted())
    scene.submitted()
    home = page(scene.reviewer).get(reverse("home:home")).content.decode()
    assert "Sala Verdi" in home and "Open day in Padova" in home
