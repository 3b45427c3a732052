"""A form that everybody may open: no cookie, framed by anybody, and nothing that is thrown at it gets through."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.timezone import now

from core.errors import DomainError
from core.models import TrailEntry
from leads.actions.publishing import save_form, switch_form
from leads.models import Lead
from leads.views.public import form as public_form
from tests.leads.factories import LeadFactory, LeadFormFactory

pytestmark = pytest.mark.django_db
TYPED = {"company": "Hotel Adler", "email": "info@adler.example", "need": "A booster set", "consent": "on"}


@pytest.fixture
def opened(vendor, time_machine):
    """An open form, its page, and a stamp that a person took long enough over."""

    def build(**columns):
        row = LeadFormFactory(vendor=vendor, **columns)
        time_machine.move_to(now() - timedelta(seconds=30), tick=False)
        response = Client(enforce_csrf_checks=True).get(row.public_url)
        stamp = response.context["stamp"]
        time_machine.move_to(now() + timedelta(seconds=30), tick=False)
        return row, response, stamp

    return build


def send(row, stamp, **typed):
    values = {**TYPED, "stamp": stamp, **typed}
    return Client(enforce_csrf_checks=True).post(row.public_url, values)


def test_the_page_needs_no_cookie_and_may_be_framed(opened):
    _row, response, _stamp = opened()
    assert response.status_code == 200
    assert not response.cookies
    assert "X-Frame-Options" not in response
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert "<script" not in response.content.decode()


def test_what_is_written_becomes_a_lead_with_its_consent(opened):
    row, _page, stamp = opened(campaign="Web site")
    answer = send(row, stamp, contact="Jana Adler", region="Bayern", country="DE", message="Soon, please.")
    assert answer.status_code == 200
    assert not answer.cookies
    lead = Lead.objects.get()
    assert (lead.company, lead.contact, lead.region, lead.source) == ("Hotel Adler", "Jana Adler", "Bayern", "form")
    assert (lead.state, lead.campaign, lead.form) == ("new", "Web site", row)
    assert (lead.consent_text, lead.consent_at) == (row.consent_text, now())
    assert "version 1" in lead.consent_source
    assert lead.route_at == now(), "the rules look for a partner by themselves"


def test_only_what_the_form_asks_is_taken(opened):
    row, _page, stamp = opened(asked=["contact"])
    send(row, stamp, contact="Jana", region="Bayern", score="99", state="converted", vendor="1", value="5")
    lead = Lead.objects.get()
    assert (lead.contact, lead.region, lead.score, lead.state, lead.value) == ("Jana", "", 0, "new", None)


def test_a_submission_that_is_sent_again_is_the_same(opened):
    row, _page, stamp = opened()
    for _ in range(3):
        assert send(row, stamp).status_code == 200
    assert Lead.objects.count() == 1


def test_who_is_known_makes_no_second_lead_and_is_not_told(opened, vendor):
    row, _page, stamp = opened(thanks="Thanks.")
    known = LeadFactory(vendor=vendor, email="info@adler.example")
    answer = send(row, stamp)
    assert "Thanks." in answer.content.decode()
    assert Lead.objects.get() == known
    assert TrailEntry.objects.get(verb="lead.asked_again").target_id == known.pk


@pytest.mark.parametrize("spam", [{"fax": "1"}, {"message": "http://a http://b http://c http://d"}])
def test_machines_are_put_aside_and_not_told(opened, spam):
    row, _page, stamp = opened(thanks="Thanks.")
    assert "Thanks." in send(row, stamp, **spam).content.decode()
    lead = Lead.objects.get()
    assert (lead.state, lead.route_at) == ("spam", None)


def test_who_is_too_quick_is_a_machine(vendor):
    row = LeadFormFactory(vendor=vendor)
    stamp = Client().get(row.public_url).context["stamp"]
    send(row, stamp)
    assert Lead.objects.get().state == "spam"


def test_a_stamp_of_yesterday_another_form_or_nobody_is_asked_for_again(opened, time_machine):
    row, _page, stamp = opened()
    other, _page, foreign = opened()
    for wrong in ("", "x:y:z", stamp[:-1] + ("a" if stamp[-1] != "a" else "b"), foreign):
        answer = send(row, wrong)
        assert answer.status_code == 422
        assert "Hotel Adler" in answer.content.decode(), "nothing has to be typed again"
    time_machine.move_to(now() + timedelta(days=2))
    assert send(other, foreign).status_code == 422
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent": ""},
        {"email": "no"},
        {"company": ""},
        {"company": "x" * 201},
        {"company": "a\x00b"},
        {"need": " \n "},
        {"size": "9000"},
        {"country": "Mars"},
        {"product_line": "Not ours"},
    ],
)
def test_what_is_wrong_is_said_and_kept_out(opened, wrong):
    row, _page, stamp = opened()
    assert send(row, stamp, **wrong).status_code == 422
    assert not Lead.objects.exists()


def test_html_is_text(opened, sign_in, vendor):
    row, _page, stamp = opened()
    send(row, stamp, company="<script>alert(1)</script>", need="<b>A pump</b>", message="</textarea><img src=x>")
    lead = Lead.objects.get()
    page = sign_in(vendor, "leads.view", "leads.manage").get(lead.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<img src=x>" not in page


def test_ten_megabytes_are_not_read(opened):
    row, _page, stamp = opened()
    answer = send(row, stamp, message="x" * 10_000_000)
    assert answer.status_code == 413
    assert not Lead.objects.exists()


def test_ten_thousand_are_not_let_in(vendor):
    row = LeadFormFactory(vendor=vendor)
    make, answers = RequestFactory(), []
    for _ in range(10_000):
        request = make.post(row.public_url, {**TYPED, "stamp": "x"})
        request.htmx = False
        if len(answers) < 25:
            answers.append(public_form(request, row.code).status_code)
        else:
            from leads.limits import may_submit

            answers.append(200 if may_submit(row.pk, "127.0.0.1") else 429)
    assert answers.count(429) == 10_000 - 20
    assert not Lead.objects.exists()
    other = make.post(row.public_url, {**TYPED, "stamp": "x"}, REMOTE_ADDR="10.9.8.7")
    other.htmx = False
    assert public_form(other, row.code).status_code == 422, "others are still let in"


def test_a_closed_form_and_an_unknown_code(opened, manager):
    row, _page, stamp = opened()
    switch_form(actor=manager, form=row, open_=False)
    assert send(row, stamp).status_code == 410
    assert Client().get(reverse("leads_public:form", args=["x" * 20])).status_code == 404
    assert Client().put(row.public_url).status_code == 405
    assert not Lead.objects.exists()


def test_another_consent_is_another_version(vendor, manager, act_for):
    fields = {"name": "A", "title": "B", "consent_text": "You may write.", "asked": ["phone", "nonsense"]}
    with pytest.raises(PermissionDenied):
        save_form(actor=act_for(vendor, "leads.manage"), fields=fields)
    with pytest.raises(DomainError):
        save_form(actor=manager, fields={**fields, "consent_text": " "})
    row = save_form(actor=manager, fields=fields)
    assert (row.asked, row.consent_version) == (["phone"], 1)
    assert save_form(actor=manager, fields={"title": "C"}, form=row).consent_version == 1
    assert save_form(actor=manager, fields={"consent_text": "You may call."}, form=row).consent_version == 2
    with pytest.raises(PermissionDenied):
        switch_form(actor=act_for(vendor, "leads.view"), form=row, open_=False)


def test_the_vendor_makes_a_form_on_its_page(vendor, sign_in):
    client = sign_in(vendor, "leads.view", "leads.manage", "leads.rules")
    values = {"name": "Site", "title": "Ask", "asked": ["phone"], "product_lines": "A, B", "consent_text": "Yes."}
    answer = client.post(reverse("leads:form_new"), values)
    page = client.get(answer["Location"]).content.decode()
    assert "&lt;iframe src=" in page
    assert "/l/" in page
    assert client.post(reverse("leads:form_new"), {"name": ""}).status_code == 422
    assert "Site" in client.get(reverse("leads:forms")).content.decode()
