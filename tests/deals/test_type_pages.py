"""The pages of types: tabs, steps, the editor of rules, the test on past deals, and the partner's form they make."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate, now

from deals import actions
from deals.models import ConflictCheck, Deal, RegistrationType
from tests.deals.factories import DealFactory
from tests.deals.test_types import BUDGET, MEDIUM, PDF, SURVEY, a_type
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
MANAGER = ("deals.terms", "deals.view", "deals.decide", "deals.prepare", "deals.register")
ROW = {"r0-name": "Small", "r0-active": "on", "r0-join": "all", "r0g0-join": "all"}
SMALL = {**ROW, "r0g0c0-field": "amount", "r0g0c0-op": "lt", "r0g0c0-value": "25,000", "r0g0c0-currency": "EUR"}


@pytest.fixture
def vendor(act_for):
    return act_for(OrganisationFactory(), *MANAGER)


@pytest.fixture
def manager(vendor, sign_in):
    return sign_in(vendor.organisation, *MANAGER)


def test_every_tab_answers_the_vendor_and_nobody_else(vendor, manager, sign_in):
    made = a_type(vendor, own_fields=[BUDGET, MEDIUM], evidence_kinds=[SURVEY], tender=True)
    actions.save_type(actor=vendor, type_=made, fields={"protection_days": 60, "own_fields": [MEDIUM]})
    tabs = ["", "form/", "rules/", "preview/", "versions/"]
    for tab in tabs:
        page = f"/deals/terms/{made.pk}/{tab}"
        assert manager.get(page).status_code == 200
        assert sign_in(OrganisationFactory(), *MANAGER).get(page).status_code == 404
        assert sign_in(vendor.organisation, "deals.view").get(page).status_code == 403
    told = manager.get(f"/deals/terms/{made.pk}/versions/").content.decode()
    assert "Protection, days: 60 instead of 90" in told
    assert "“Budget released” is gone" in told


def test_a_type_is_made_copied_archived_and_ordered_on_the_page(vendor, manager):
    posted = {"name": "Tender", "protection_days": 90, "review_hours": 8, "keeps_priority_days": 5, "extensions": 1}
    posted |= {"extension_days": 60, "grace_days": 14, "cool_off_days": 30, "kinds": ["referral"]}
    assert manager.post("/deals/terms/new/", posted).status_code == 302
    made = RegistrationType.objects.get(name="Tender")
    assert made.kinds == ["referral"]
    for step in ("duplicate", "down", "up", "archive", "restore"):
        assert manager.post(f"/deals/terms/{made.pk}/{step}/").status_code == 302
    assert RegistrationType.objects.count() == 3
    assert manager.post(f"/deals/terms/{made.pk}/explode/").status_code == 404
    assert manager.get(f"/deals/terms/{made.pk}/archive/").status_code == 405


def test_own_fields_and_evidence_are_edited_without_script(vendor, manager):
    made = a_type(vendor)
    page = f"/deals/terms/{made.pk}/form/"
    count = {"own-TOTAL_FORMS": 2, "own-INITIAL_FORMS": 0, "kinds-TOTAL_FORMS": 1, "kinds-INITIAL_FORMS": 0}
    own = {"own-0-label": "Medium", "own-0-kind": "choice", "own-0-choices": "Water\nOil", "own-0-required": "on"}
    sent = {**count, **own, "kinds-0-label": "Survey", "kinds-0-count": 2, "required": ["customer_vat"], "version": 1}
    assert manager.post(page, sent).status_code == 302
    made.refresh_from_db()
    assert made.own_fields[0]["choices"] == ["Water", "Oil"]
    assert made.evidence_kinds == [{"key": "survey", "label": "Survey", "help": "", "count": 2}]
    assert made.required == ["customer_vat"]
    assert manager.post(page, {**sent, "own-0-choices": "", "version": 2}).status_code == 422
    emptied = {**count, "version": 2}
    assert manager.post(page, emptied).status_code == 302
    made.refresh_from_db()
    assert (made.own_fields, made.evidence_kinds, made.required) == ([], [], [])


def test_rules_are_edited_by_plain_posts(vendor, manager):
    made = RegistrationType.objects.default_of(vendor.organisation.pk)
    page = f"/deals/terms/{made.pk}/rules/"
    assert b"r0-name" in manager.post(page, {"act": "add-rule"}).content
    grown = manager.post(page, {**SMALL, "act": "add:0:0"}).content.decode()
    assert 'name="r0g0c1-field"' in grown
    assert 'value="25,000"' in grown
    assert b"r0g1c0-field" in manager.post(page, {**SMALL, "act": "add-group:0"}).content
    assert b"r0-name" not in manager.post(page, {**SMALL, "act": "drop-rule:0"}).content
    switched = manager.post(page, {**SMALL, "r0g0c0-field": "competitor", "act": "refresh"}).content.decode()
    assert "is filled in" in switched
    made.refresh_from_db()
    assert made.rules == []
    assert manager.post(page, {**SMALL, "act": "save", "version": made.version}).status_code == 302
    made.refresh_from_db()
    assert made.rules[0]["groups"][0]["conditions"][0]["value"] == {"amount": "25000", "currency": "EUR"}
    assert "Approve when Value is below €25,000.00." in manager.get(page).content.decode()


HOSTILE = [
    {"act": "drop:9:9:9"},
    {"act": "add:0"},
    {"act": "drop:-1:0:0"},
    {"act": "add:" + "9" * 500},
    {"act": "<script>", **SMALL},
    {"r999g999c999-field": "amount", "act": "refresh"},
    {"r0g0c0-field": "no-such-thing", "act": "refresh"},
    {f"r{n}-name": "x" for n in range(300)} | {"act": "refresh"},
]


@pytest.mark.parametrize("sent", HOSTILE, ids=range(len(HOSTILE)))
def test_the_editor_bears_whatever_is_sent(vendor, manager, sent):
    made = RegistrationType.objects.default_of(vendor.organisation.pk)
    assert manager.post(f"/deals/terms/{made.pk}/rules/", sent).status_code == 200


@pytest.mark.parametrize("value", ["", "NaN", "1e999", "-", "∞", "9" * 60, "<b>"])
def test_a_value_that_is_no_amount_is_refused_and_stays_in_its_field(vendor, manager, value):
    made = RegistrationType.objects.default_of(vendor.organisation.pk)
    answer = manager.post(f"/deals/terms/{made.pk}/rules/", {**SMALL, "r0g0c0-value": value, "act": "save"})
    assert answer.status_code == 422
    assert "“Small”: Value: write a value that it can have." in answer.content.decode()
    made.refresh_from_db()
    assert made.rules == []


def past(vendor, **values):
    deal = DealFactory(partnership__vendor=vendor.organisation, decided_at=now(), **values)
    verdict = "possible" if values.get("amount") == 7 else "clear"
    ConflictCheck.objects.create(vendor=deal.vendor, deal=deal, verdict=verdict)
    return deal


def test_the_test_on_past_deals_says_what_would_have_been_and_changes_nothing(
    vendor, manager, django_assert_max_num_queries
):
    made = RegistrationType.objects.default_of(vendor.organisation.pk)
    page = f"/deals/terms/{made.pk}/rules/"
    past(vendor, state="approved")
    past(vendor, state="rejected", amount=Decimal(9))
    past(vendor, state="approved", amount=Decimal(7))
    past(vendor, state="approved", amount=Decimal(90_000), title="=cmd()")
    DealFactory(state="approved", decided_at=now())  # another vendor's
    before = list(Deal.objects.order_by("pk").values())
    sent = {**SMALL, "act": "trial"}
    told = manager.post(page, sent).content.decode()
    assert "Would have approved 2 of 4. 1 of them you rejected. 1 more was in conflict" in told
    rows = list(csv.reader(io.StringIO(manager.post(page, {**sent, "act": "trial-csv"}).content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert {row[-1] for row in rows[1:]} == {"clear", "in conflict"}
    assert list(Deal.objects.order_by("pk").values()) == before
    made.refresh_from_db()
    assert made.rules == []
    with django_assert_max_num_queries(30):
        manager.post(page, sent)
    for n in range(6):
        past(vendor, state="approved", amount=Decimal(n + 10))
    with django_assert_max_num_queries(30):
        assert b"Would have approved 8 of 10" in manager.post(page, sent).content


# The partner's form -----------------------------------------------------------------------------------------------


def form_of(edge, type_, **values):
    sent = {"partnership": edge.pk, "type": type_.pk, "title": "Pump", "customer_name": "Acque S.p.A."}
    sent |= {"customer_country": "IT", "amount": "1000", "currency": "EUR", "terms": "on", "stage": "qualified"}
    sent |= {"decision_date": localdate().replace(year=localdate().year + 1, day=1).isoformat()}
    sent |= {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-0-product_text": "Pump", "lines-0-quantity": "1"}
    return {**sent, **values}


@pytest.fixture
def edge(vendor):
    return PartnershipFactory(vendor=vendor.organisation)


@pytest.fixture
def seller_client(edge, sign_in):
    return sign_in(edge.partner, "deals.view", "deals.register", "customers.manage")


def test_the_form_is_that_of_the_type(vendor, edge, seller_client):
    made = a_type(vendor, own_fields=[BUDGET, MEDIUM], evidence_kinds=[SURVEY])
    plain = seller_client.get("/deals/new/").content.decode()
    assert "own_medium" not in plain
    assert "Tender" in plain
    swapped = seller_client.post("/deals/new/parts/", form_of(edge, made, note="Kept")).content.decode()
    assert "own_medium" in swapped
    assert "evidence_site_survey" in swapped
    assert "Kept" in swapped
    assert "Deal.objects" not in swapped
    assert not Deal.objects.exists()


def test_own_values_are_autosaved_and_submitted(vendor, edge, seller_client):
    made = a_type(vendor, own_fields=[BUDGET, MEDIUM], evidence_kinds=[SURVEY])
    key = "0d9aa2d9-6f6b-4f50-8a07-3a7e0a7d94a1"
    sent = form_of(edge, made, own_medium="Oil", draft_key=key)
    saved = json.loads(seller_client.post("/deals/new/autosave/", sent).content)
    deal = Deal.objects.get()
    assert (deal.values, deal.type) == ({"medium": "Oil"}, made)
    again = seller_client.post("/deals/new/parts/", {**form_of(edge, made, draft_key=key)}).content.decode()
    assert '<option value="Oil" selected>' in again
    missing = seller_client.post(saved["page"], sent)
    assert missing.status_code == 422
    assert "Budget released" in missing.content.decode()
    full = {**sent, "own_budget_released": "yes", "evidence_site_survey": SimpleUploadedFile("s.pdf", PDF)}
    assert seller_client.post(saved["page"], full).status_code == 302
    deal.refresh_from_db()
    assert (deal.state, deal.values) == ("submitted", {"medium": "Oil", "budget_released": True})
    assert deal.evidence.get().kind == "site_survey"
    page = seller_client.get(deal.get_absolute_url()).content.decode()
    for part in ("Medium", "Oil", "Budget released", "Yes", "Site survey"):
        assert part in page


def test_a_type_that_is_not_offered_counts_as_none_named(vendor, edge, seller_client):
    foreign = RegistrationType.objects.default_of(OrganisationFactory().pk)
    hidden = a_type(vendor, name="Secret", kinds=["referral"])
    for type_ in (foreign, hidden):
        answer = seller_client.post("/deals/new/parts/", form_of(edge, type_)).content.decode()
        assert type_.name == "Standard" or type_.name not in answer
    assert "Secret" not in seller_client.get("/deals/new/").content.decode()


def test_own_fields_are_returned_on_the_page(vendor, edge, seller_client, manager):
    made = a_type(vendor, own_fields=[MEDIUM])
    assert seller_client.post("/deals/new/", form_of(edge, made)).status_code == 302
    deal = Deal.objects.get()
    manager.post(f"/deals/{deal.pk}/take/")
    assert "own_medium" in manager.get(f"/deals/{deal.pk}/").content.decode()
    sent = {"return-fields_asked": ["own_medium"], "return-reason": "Which?"}
    assert manager.post(f"/deals/{deal.pk}/return/", sent).status_code == 302
    correct = f"/deals/{deal.pk}/edit/"
    page = seller_client.get(correct).content.decode()
    assert "own_medium" in page
    assert 'name="title"' not in page
    assert seller_client.post(correct, {"own_medium": ""}).status_code == 422
    assert seller_client.post(correct, {"own_medium": "Oil", "title": "Changed"}).status_code == 302
    deal.refresh_from_db()
    assert (deal.state, deal.values, deal.title) == ("submitted", {"medium": "Oil"}, "Pump")
