"""The pages: they work, they refuse in the right way, they cost the same for one row and for three."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from deals.models import Deal, EndCustomer
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory, EndCustomerFactory, QueuedFactory
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SELLS = ("deals.view", "deals.register", "customers.manage")
DECIDES = ("deals.view", "deals.decide")


def url(name, *args):
    return reverse(f"deals:{name}", args=args)


def typed(partnership, /, **changes):
    """The form as a person fills it in."""
    values = {
        "partnership": partnership.pk,
        "draft_key": "0d9aa2d9-6f6b-4f50-8a07-3a7e0a7d94a1",
        "customer_name": "Consorzio Adige S.p.A.",
        "customer_country": "IT",
        "customer_vat": "00743110157",
        "title": "Pumping station upgrade",
        "amount": "184200",
        "currency": "EUR",
        "decision_date": f"{localdate().year + 1}-01-15",
        "stage": "proposal",
        "terms": "on",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-product": "",
        "lines-0-product_text": "Vertical turbine pump",
        "lines-0-quantity": "6",
        "lines-0-asked_price": "23,064.00",
        "lines-1-product": "",
        "lines-1-product_text": "",
        "lines-1-quantity": "",
        "lines-1-asked_price": "",
    }
    return {**values, **changes}


# The form ---------------------------------------------------------------------------------------------------------


def test_a_new_form_stores_nothing_and_asks_for_at_most_nine_things(sign_in):
    partnership = PartnershipFactory()
    page = sign_in(partnership.partner, *SELLS).get(url("new"))
    assert page.status_code == 200
    assert not Deal.objects.exists()
    form, line = page.context["form"], page.context["lines"].forms[0]
    mandatory = [name for each in (form, line) for name, field in each.fields.items() if field.required]
    assert len(mandatory) <= 9, mandatory


def test_without_a_vendor_the_page_says_what_to_do(sign_in):
    page = sign_in(OrganisationFactory(), *SELLS).get(url("new"))
    assert "Ask the vendor for an invitation" in page.text


def test_submitting_from_the_form(sign_in):
    partnership = PartnershipFactory()
    answer = sign_in(partnership.partner, *SELLS).post(url("new"), typed(partnership))
    deal = Deal.objects.get()
    assert answer.url == url("detail", deal.pk)
    assert (deal.state, deal.customer_vat, deal.stage) == ("submitted", "IT00743110157", "proposal")
    assert deal.lines.get().asked_price == 23064


def test_sent_twice_it_is_one_deal(sign_in):
    partnership = PartnershipFactory()
    client = sign_in(partnership.partner, *SELLS)
    client.post(url("new"), typed(partnership))
    again = client.post(url("new"), typed(partnership))
    assert again.status_code == 422
    assert Deal.objects.count() == 1


def test_what_is_wrong_is_named_and_the_draft_is_kept(sign_in):
    partnership = PartnershipFactory()
    changes = {"title": "", "customer_vat": "123", "decision_date": "2020-01-01", "lines-0-quantity": "-1", "terms": ""}
    page = sign_in(partnership.partner, *SELLS).post(url("new"), typed(partnership, **changes))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"title", "customer_vat", "decision_date", "terms"}
    assert "quantity" in page.context["lines"].errors[0]
    deal = Deal.objects.get()
    assert (deal.state, deal.customer_name, deal.amount) == ("draft", "Consorzio Adige S.p.A.", 184200)
    assert "23,064.00" in page.text


def test_numbers_are_read_and_written_the_readers_way(sign_in):
    partnership = PartnershipFactory()
    client = sign_in(partnership.partner, *SELLS)
    client.user.language = "it"
    client.user.save()
    changes = {"amount": "184.200,50", "lines-0-quantity": "6.000", "lines-0-asked_price": "23.064,25", "save": "1"}
    client.post(url("new"), typed(partnership, **changes))
    deal = Deal.objects.get()
    assert str(deal.amount) == "184200.50"
    assert (deal.lines.get().quantity, str(deal.lines.get().asked_price)) == (6000, "23064.2500")
    page = client.get(url("edit", deal.pk))
    assert 'value="23.064,25"' in page.text
    assert 'value="6.000"' in page.text


def test_saving_keeps_a_draft_however_little_was_typed(sign_in):
    partnership = PartnershipFactory()
    client = sign_in(partnership.partner, *SELLS)
    bare = {
        "partnership": partnership.pk,
        "title": "Only a title",
        "lines-TOTAL_FORMS": "0",
        "lines-INITIAL_FORMS": "0",
    }
    answer = client.post(url("new"), {**bare, "save": "1"})
    deal = Deal.objects.get()
    assert (answer.url, deal.state, deal.title) == (url("detail", deal.pk), "draft", "Only a title")


def test_autosave_answers_where_the_draft_lives(sign_in):
    partnership = PartnershipFactory()
    client = sign_in(partnership.partner, *SELLS)
    first = client.post(url("autosave_new"), typed(partnership, title="Fir", amount="a lot"))
    deal = Deal.objects.get()
    assert json.loads(first.content)["autosave"] == url("autosave", deal.pk)
    client.post(url("autosave", deal.pk), typed(partnership, title="First"))
    client.post(url("autosave_new"), typed(partnership, title="First, from a second tab"))
    deal.refresh_from_db()
    assert (Deal.objects.count(), deal.title, deal.lines.count()) == (1, "First, from a second tab", 1)


def test_autosave_does_not_touch_what_was_submitted(sign_in):
    deal = DealFactory()
    answer = sign_in(deal.partner, *SELLS).post(url("autosave", deal.pk), typed(deal.partnership, title="Too late"))
    assert answer.status_code == 422
    assert Deal.objects.get().title == deal.title


def test_foreign_rows_in_the_form_are_as_good_as_missing(sign_in):
    partnership, foreign = PartnershipFactory(), PartnershipFactory()
    theirs = EndCustomerFactory()
    client = sign_in(partnership.partner, *SELLS)
    for field, value in (("partnership", foreign.pk), ("customer", theirs.pk), ("lines-0-product", 1)):
        seen = client.post(url("new"), typed(partnership, **{field: value}))
        none = client.post(url("new"), typed(partnership, **{field: 999_999}))
        assert (seen.status_code, none.status_code) == (422, 422)
        assert errors_of(seen) == errors_of(none) != ([], [])
    assert not Deal.objects.exclude(state="draft").exists()


def errors_of(page):
    return [str(page.context["form"].errors)], [str(each) for each in page.context["lines"].errors]


def test_hostile_text_stays_text(sign_in):
    partnership = PartnershipFactory()
    bad = "<script>alert(1)</script>\"'{{ 7*7 }}"
    client = sign_in(partnership.partner, *SELLS)
    changes = {"title": bad, "customer_name": bad, "note": bad, "competitor": bad, "lines-0-product_text": bad}
    client.post(url("new"), typed(partnership, **changes))
    deal = Deal.objects.get()
    for page in (client.get(url("detail", deal.pk)), client.get(url("list")), client.get(url("board"))):
        assert page.status_code == 200
        assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "x" * 100_000},
        {"amount": "9" * 500},
        {"amount": "NaN"},
        {"lines-TOTAL_FORMS": "100000"},
        {"lines-TOTAL_FORMS": "x"},
        {"customer": "9" * 400},
        {"partnership": "9" * 400},
        {"draft_key": "not a key"},
        {"decision_date": "0000-99-99"},
        {"note": "\x00"},
        {"customer_country": "XX"},
    ],
)
def test_huge_and_broken_values_are_refused_without_a_crash(sign_in, changes):
    partnership = PartnershipFactory()
    answer = sign_in(partnership.partner, *SELLS).post(url("new"), typed(partnership, **changes))
    assert answer.status_code in {302, 422}


def test_a_returned_deal_offers_only_what_was_asked_for(sign_in):
    deal = DealFactory(state="returned", returned_fields=["amount", "note"], returned_reason="How much exactly?")
    client = sign_in(deal.partner, *SELLS)
    page = client.get(url("edit", deal.pk))
    assert set(page.context["form"].fields) == {"amount", "note"}
    assert "How much exactly?" in page.text
    changed = typed(deal.partnership, amount="99", note="Six pumps", title="Smuggled in")
    assert client.post(url("edit", deal.pk), changed).url == url("detail", deal.pk)
    deal.refresh_from_db()
    assert (deal.state, deal.amount, deal.title == "Smuggled in") == ("submitted", 99, False)


def test_lines_of_a_returned_deal_can_be_corrected(sign_in):
    deal = DealFactory(state="returned", returned_fields=["lines"], returned_reason="Which pump?")
    client = sign_in(deal.partner, *SELLS)
    assert "lines-0-product_text" in client.get(url("edit", deal.pk)).text
    client.post(url("edit", deal.pk), typed(deal.partnership, **{"lines-0-product_text": "This pump"}))
    assert deal.lines.get().product_text == "This pump"


def test_evidence_goes_up_and_comes_down_as_a_download(sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    partnership = PartnershipFactory()
    client = sign_in(partnership.partner, *SELLS)
    survey = SimpleUploadedFile("site survey.csv", b"a;b\n1;2")
    client.post(url("new"), {**typed(partnership), "evidence": survey, "save": "1"})
    deal = Deal.objects.get()
    row = deal.evidence.get()
    answer = client.get(url("evidence", deal.pk, row.pk))
    assert b"".join(answer.streaming_content) == b"a;b\n1;2"
    assert answer["Content-Disposition"] == 'attachment; filename="site survey.csv"'
    assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == ("nosniff", True)
    assert sign_in(partnership.vendor, *DECIDES).get(url("evidence", deal.pk, row.pk)).status_code == 404
    other = DraftFactory(partnership=partnership, type=deal.type)
    assert client.get(url("evidence", other.pk, row.pk)).status_code == 404
    client.post(url("evidence_remove", deal.pk, row.pk))
    assert not deal.evidence.exists()


def test_a_wrong_file_is_refused_and_the_rest_is_kept(sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    partnership = PartnershipFactory()
    page = sign_in(partnership.partner, *SELLS).post(
        url("new"), {**typed(partnership), "evidence": SimpleUploadedFile("x.pdf", b"MZ")}
    )
    assert page.status_code == 422
    assert "evidence" in page.context["form"].errors
    assert Deal.objects.get().state == "draft"


def test_look_ups_show_ones_own_rows(sign_in):
    partnership = PartnershipFactory()
    mine = EndCustomerFactory(organisation=partnership.partner, name="Adige Nord", vat="IT00743110157", city="Bolzano")
    EndCustomerFactory(name="Adige of somebody else")
    client = sign_in(partnership.partner, *SELLS)
    found = client.get(url("customer_options"), {"q": "adige"}).json()["options"]
    assert [each["label"] for each in found] == ["Adige Nord"]
    assert found[0]["fill"]["customer_vat"] == mine.vat
    assert client.get(url("product_options"), {"q": "pump"}).json() == {"options": []}


def test_product_look_up_offers_the_chosen_vendors_living_products(sign_in):
    partner = OrganisationFactory()
    here, there = (PartnershipFactory(partner=partner) for _ in range(2))
    model = Deal.lines.rel.related_model._meta.get_field("product").related_model
    for vendor, name, lifecycle in (
        (here.vendor, "Pump here", "active"),
        (here.vendor, "Pump ended", "ended"),
        (there.vendor, "Pump there", "active"),
        (OrganisationFactory(), "Pump of a stranger", "active"),
    ):
        model.objects.create(vendor=vendor, sku=name, name=name, list_price=1, lifecycle=lifecycle)
    client = sign_in(partner, *SELLS)
    found = client.get(url("product_options"), {"q": "pump", "partnership": here.pk}).json()["options"]
    assert [each["label"] for each in found] == ["Pump here"]


# The record -------------------------------------------------------------------------------------------------------


def test_the_record_offers_each_side_its_acts(sign_in):
    deal = DealFactory(state="in_review")
    vendor = sign_in(deal.vendor, *DECIDES).get(url("detail", deal.pk))
    partner = sign_in(deal.partner, *SELLS).get(url("detail", deal.pk))
    assert [act.label for act in vendor.context["acts"]] == ["Give back", "Return…", "Reject…", "Approve"]
    assert [act.label for act in partner.context["acts"]] == ["Withdraw"]
    assert 'data-key="A"' in vendor.text


def test_a_colleague_without_the_capability_reads_why_not(sign_in):
    deal = DealFactory(state="in_review")
    page = sign_in(deal.vendor, "deals.view").get(url("detail", deal.pk))
    assert 'aria-disabled="true"' in page.text
    assert "Your role does not allow “Decide on deals”" in page.text
    assert 'data-key="A"' not in page.text


def test_htmx_gets_the_live_parts_and_the_panel_its_short_form(sign_in):
    deal = DealFactory()
    client = sign_in(deal.vendor, *DECIDES)
    live = client.get(url("detail", deal.pk), headers=HTMX)
    assert "<!doctype" not in live.text
    assert 'id="deal-top"' in live.text
    assert 'id="deal-left" hx-swap-oob="outerMorph"' in live.text
    panel = client.get(url("detail", deal.pk), headers={**HTMX, "HX-Target": "div#panel"})
    assert "deal-top" not in panel.text
    assert deal.title in panel.text
    restored = client.get(url("detail", deal.pk), headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<!doctype" in restored.text
    assert "hx-swap-oob" not in restored.text


def test_taking_answers_with_the_record_and_an_undo(sign_in):
    deal = DealFactory()
    client = sign_in(deal.vendor, *DECIDES)
    answer = client.post(url("take", deal.pk), headers=HTMX)
    assert answer.status_code == 200
    assert json.loads(answer["HX-Trigger"])["toast"]["undo"] == url("release", deal.pk)
    assert "In review" in answer.text
    client.post(url("release", deal.pk))
    assert Deal.objects.get().state == "submitted"


def test_a_refused_step_says_why_on_the_page(sign_in):
    deal = ApprovedFactory()
    client = sign_in(deal.vendor, *DECIDES)
    for headers in ({}, HTMX):
        page = client.post(url("approve", deal.pk), headers=headers)
        assert page.status_code == 422
        assert "That step is not possible now: this is approved." in page.text


def test_a_stale_page_is_told_to_look_again(sign_in):
    deal = DealFactory(state="in_review", version=4)
    page = sign_in(deal.vendor, *DECIDES).post(url("approve", deal.pk), {"version": "3"}, headers=HTMX)
    assert page.status_code == 422
    assert "Somebody changed this in the meantime" in page.text
    assert Deal.objects.get().state == "in_review"


def test_the_dialogs_ask_for_reasons(sign_in):
    deal = DealFactory(state="in_review")
    client = sign_in(deal.vendor, *DECIDES)
    bare = client.post(url("return", deal.pk), {"return-reason": ""}, headers=HTMX)
    assert bare.status_code == 422
    assert "<form" in bare.text
    assert "<!doctype" not in bare.text
    said = {"return-fields_asked": ["amount"], "return-reason": "How much?"}
    assert client.post(url("return", deal.pk), said, headers=HTMX)["HX-Redirect"] == url("detail", deal.pk)
    assert client.post(url("return", deal.pk), said).status_code == 422
    refused = {"reject-reason": "terms", "reject-note": "Not yours."}
    assert client.post(url("reject", deal.pk), refused).url == url("detail", deal.pk)
    assert Deal.objects.get().state == "rejected"


def test_the_partner_reports_a_loss(sign_in):
    deal = ApprovedFactory()
    client = sign_in(deal.partner, *SELLS)
    assert client.post(url("lose", deal.pk), {"lose-reason": ""}).status_code == 422
    client.post(url("lose", deal.pk), {"lose-reason": "price"})
    assert Deal.objects.get().state == "lost"


# Queue, board, lists ----------------------------------------------------------------------------------------------


def test_the_queue_opens_the_next_one_after_deciding(sign_in):
    first = DealFactory(title="Urgent")
    second = DealFactory(partnership__vendor=first.vendor, type=first.type, title="Later")
    Deal.objects.filter(pk=first.pk).update(sla_due_at="2020-01-01T00:00:00Z")
    client = sign_in(first.vendor, *DECIDES)
    assert client.get(url("queue")).context["deal"] == first
    taken = client.post(url("take", first.pk) + "?from=queue", headers=HTMX)
    assert taken.context["deal"] == first
    approved = client.post(url("approve", first.pk) + "?from=queue", headers=HTMX)
    assert approved.context["deal"] == second
    assert "Urgent" not in approved.text
    rejected = client.post(
        url("reject", second.pk) + "?from=queue", {"reject-reason": "terms", "reject-note": "No"}, headers=HTMX
    )
    assert rejected["HX-Redirect"] == url("queue")
    assert "Nothing waits for you" in client.get(url("queue")).text


def test_the_queues_list_refreshes_by_itself(sign_in):
    deal = DealFactory()
    part = sign_in(deal.vendor, *DECIDES).get(url("queue") + "?part=list", headers=HTMX)
    assert 'id="queue-list"' in part.text
    assert 'id="queue"' not in part.text


def test_a_refusal_in_the_queue_stays_with_the_deal(sign_in):
    queued = QueuedFactory(state="in_review")
    page = sign_in(queued.vendor, *DECIDES).post(url("approve", queued.pk) + "?from=queue", headers=HTMX)
    assert page.status_code == 422
    assert page.context["deal"] == queued
    assert "The deal waits in the queue" in page.text


@pytest.mark.parametrize("deal", ["9" * 400, "-1", "x", "999999"])
def test_the_queue_ignores_nonsense(sign_in, deal):
    assert sign_in(OrganisationFactory(), *DECIDES).get(url("queue"), {"deal": deal}).status_code == 200


def test_chosen_deals_are_taken_together(sign_in):
    deal = DealFactory()
    taken = DealFactory(partnership=deal.partnership, type=deal.type, state="in_review")
    foreign = DealFactory()
    client = sign_in(deal.vendor, *DECIDES)
    client.post(url("bulk_take"), {"pk": [deal.pk, taken.pk, foreign.pk, "x", "9" * 99]})
    states = dict(Deal.objects.values_list("pk", "state"))
    assert (states[deal.pk], states[taken.pk], states[foreign.pk]) == ("in_review", "in_review", "submitted")


def test_boards_sum_by_currency(sign_in):
    deal = DealFactory(amount=1000)
    DealFactory(partnership=deal.partnership, type=deal.type, amount=500, currency="USD")
    page = sign_in(deal.vendor, *DECIDES).get(url("board"))
    column = page.context["columns"][0]
    assert (column["count"], column["sums"]) == (2, {"EUR": 1000, "USD": 500})


def test_the_list_shows_both_roles_their_deals_and_csv_guards_formulas(sign_in):
    deal = DealFactory(title="=cmd|' /C calc'!A0")
    DealFactory(title="Of strangers")
    DraftFactory(partnership=deal.partnership, type=deal.type, title="My draft")
    for organisation, drafts in ((deal.vendor, False), (deal.partner, True)):
        client = sign_in(organisation, "deals.view")
        page = client.get(url("list") + "?view=all")
        assert ("Of strangers" in page.text, "My draft" in page.text) == (False, drafts)
        table = b"".join(client.get(url("list") + "?view=all&format=csv").streaming_content).decode()
        assert "'=cmd" in table
        assert "Of strangers" not in table


def test_the_list_narrows_to_one_company_on_either_side(sign_in):
    sold = DealFactory(title="Sold to a partner")
    me = sold.vendor
    bought = DealFactory(partnership=PartnershipFactory(partner=me), title="Registered with a vendor")
    page = sign_in(me, "deals.view").get(url("list"), {"view": "all", "with": sold.partner_id})
    assert ("Sold to a partner" in page.text, "Registered with a vendor" in page.text) == (True, False)
    page = sign_in(me, "deals.view").get(url("list"), {"view": "all", "with": bought.vendor_id})
    assert ("Sold to a partner" in page.text, "Registered with a vendor" in page.text) == (False, True)
    foreign = sign_in(me, "deals.view").get(url("list"), {"view": "all", "with": OrganisationFactory().pk})
    assert "Sold to a partner" not in foreign.text


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", ["list", "board", "queue", "customers", "new"])
def test_pages_cost_the_same_for_one_and_for_three(sign_in, page):
    deal = DealFactory()
    PartnershipFactory.create_batch(2, partner=deal.vendor)
    EndCustomerFactory(organisation=deal.vendor)
    client = sign_in(deal.vendor, *SELLS, "deals.decide")
    client.get(url(page))
    one = queries(client, url(page))
    for _ in range(2):
        DealFactory(partnership__vendor=deal.vendor, type=deal.type)
        EndCustomerFactory(organisation=deal.vendor)
        PartnershipFactory(partner=deal.vendor)
    assert queries(client, url(page)) == one <= 40


def test_the_record_costs_the_same_for_one_line_and_three(sign_in):
    one, three = DealFactory(), DealFactory(lines=[{}] * 3)
    costs = [queries(sign_in(deal.vendor, *DECIDES), url("detail", deal.pk)) for deal in (one, three)]
    assert costs[0] == costs[1] <= 40


# Customers --------------------------------------------------------------------------------------------------------


def test_customers_are_added_changed_and_deleted(sign_in):
    client = sign_in(OrganisationFactory(), *SELLS)
    assert "No end customers yet" in client.get(url("customers")).text
    bad = client.post(url("customer_new"), {"name": "Adige", "country": "IT", "vat": "12"})
    assert (bad.status_code, list(bad.context["form"].errors)) == (422, ["vat"])
    client.post(url("customer_new"), {"name": "Adige", "country": "IT", "vat": "00743110157"})
    row = EndCustomer.objects.get()
    client.post(url("customer", row.pk), {"name": "Adige Nord", "country": "IT"})
    row.refresh_from_db()
    assert row.name == "Adige Nord"
    assert "Adige Nord" in client.get(url("customer", row.pk)).text
    client.post(url("customer_delete", row.pk))
    assert not EndCustomer.objects.exists()


def test_a_customer_is_read_only_without_the_capability(sign_in):
    row = EndCustomerFactory()
    client = sign_in(row.organisation, "deals.view")
    assert "Your role does not allow" in client.get(url("customer", row.pk)).text
    assert client.post(url("customer", row.pk), {"name": "X", "country": "IT"}).status_code == 403
    assert client.get(url("customer_new")).status_code == 403


# Who may not ------------------------------------------------------------------------------------------------------

OBJECT_ROUTES = {
    "detail": "get", "edit": "get", "autosave": "post", "delete": "post", "take": "post", "release": "post",
    "return": "post", "approve": "post", "reject": "post", "withdraw": "post", "lose": "post", "move": "post",
}  # fmt: skip


@pytest.mark.parametrize("route", OBJECT_ROUTES)
def test_a_stranger_cannot_tell_the_deal_exists(sign_in, route):
    deal = DealFactory()
    client = sign_in(OrganisationFactory(), *SELLS, "deals.decide")
    theirs, none = (getattr(client, OBJECT_ROUTES[route])(url(route, pk)) for pk in (deal.pk, 999_999))
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert words_of(theirs, deal.pk) == words_of(none, 999_999)


def words_of(page, pk):
    """The page without what differs on every load: tokens, and the address that was asked for."""
    text = re.sub(r'(name="csrf-token" content|name="csrfmiddlewaretoken" value)="[^"]*"', "", page.text)
    return text.replace(f"/deals/{pk}/", "/")


@pytest.mark.parametrize("route", OBJECT_ROUTES)
def test_the_vendor_does_not_see_a_draft(sign_in, route):
    draft = DraftFactory()
    client = sign_in(draft.vendor, *SELLS, "deals.decide")
    assert getattr(client, OBJECT_ROUTES[route])(url(route, draft.pk)).status_code == 404


@pytest.mark.parametrize("route", OBJECT_ROUTES)
def test_a_colleague_without_capabilities_is_told_so(sign_in, route):
    deal = DealFactory()
    answer = getattr(sign_in(deal.vendor), OBJECT_ROUTES[route])(url(route, deal.pk))
    assert answer.status_code == 403
    assert "Your role does not allow" in answer.text


@pytest.mark.parametrize("route", OBJECT_ROUTES)
def test_who_is_not_signed_in_is_led_to_the_door(client, route):
    deal = DealFactory()
    answer = getattr(client, OBJECT_ROUTES[route])(url(route, deal.pk))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("route", [route for route, method in OBJECT_ROUTES.items() if method == "post"])
def test_changes_are_posted(sign_in, route):
    deal = DealFactory()
    assert sign_in(deal.vendor, *SELLS, "deals.decide").get(url(route, deal.pk)).status_code == 405
