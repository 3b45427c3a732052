"""The pages of leads: what each side sees of what, and what is gone when it is gone."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from core.models import TrailEntry
from inbox.models import Notification
from leads import actions
from leads.models import Lead, LeadOffer, RoutingRule
from tests.leads.factories import LeadFactory, RuleFactory

pytestmark = pytest.mark.django_db
# Of the factory's lead, everything by which its company could be recognised.
SECRETS = ("irkonia", "uandt", "5550123", "Leverkusen", "before noon", "31415", "31,415", "Hannover", "87", "Stand 12")


@pytest.fixture
def vendor_page(vendor, sign_in):
    return sign_in(vendor, "leads.view", "leads.manage", "leads.rules")


@pytest.fixture
def partner_page(sign_in):
    return lambda offer: sign_in(
        offer.partner, "leads.view", "leads.work", "deals.view", "deals.register", "trail.view"
    )


def body_of(response):
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def doors(offer):
    """Every page on which the offer's partner could come across the lead."""
    return [
        reverse("leads:offers") + "?view=all",
        reverse("leads:offers") + "?view=all&format=csv",
        reverse("leads:offers") + "?view=all&columns=need,company,region,country,size,due",
        reverse("leads:list") + "?view=all",
        reverse("leads:list") + "?view=all&format=csv",
        reverse("leads:offer", args=[offer.pk]),
        reverse("home:home"),
        reverse("home:search") + "?q=Werke",
        reverse("home:trail"),
        reverse("inbox:list"),
    ]


def seen_in(client, offer):
    """The secrets that the partner finds, by page."""
    found = {}
    for url in doors(offer):
        text = body_of(client.get(url))
        hits = [secret for secret in SECRETS if secret in text and len(secret) > 2]
        if hits:
            found[url] = hits
    return found


def test_before_it_accepts_a_partner_sees_the_teaser_alone(offered, partner_page):
    offer = offered()
    client = partner_page(offer)
    assert seen_in(client, offer) == {}
    page = body_of(client.get(offer.get_absolute_url()))
    for shown in ("Booster set for a hotel", "Booster sets", "Nordrhein-Westfalen", "Germany", "50 to 249"):
        assert shown in page
    assert client.get(reverse("leads:detail", args=[offer.lead_id])).status_code == 404


def test_from_the_acceptance_on_it_sees_all_that_it_needs(held, sign_in, partner_page):
    offer, _actor = held()
    client = partner_page(offer)
    page = body_of(client.get(offer.get_absolute_url()))
    for shown in ("Zirkonia Werke", "Xaver Quandt", "5550123", "Leverkusen", "before noon", "You may write to me"):
        assert shown in page
    for hidden in ("Hannover", "Stand 12"):
        assert hidden not in page, "where it comes from is the vendor's"
    assert client.get(reverse("leads:detail", args=[offer.lead_id]))["Location"] == offer.get_absolute_url()


@pytest.mark.parametrize("end", ["decline", "expire", "recall", "pull_back", "reopen"])
def test_when_it_is_gone_it_is_gone_everywhere(held, offered, manager, worker, partner_page, end):
    if end == "expire":
        offer = offered()
        LeadOffer.objects.filter(pk=offer.pk).update(expires_at=now() - timedelta(minutes=1))
    else:
        offer, actor = held()
    if end == "decline":
        actions.decline_offer(actor=actor, offer=offer, code="no_fit")
    elif end == "recall":
        actions.recall_lead(actor=manager, lead=offer.lead)
    elif end == "reopen":
        actions.close_lead(actor=actor, lead=offer.lead, code="no_need")
        actions.reopen_lead(actor=manager, lead=offer.lead)
    else:
        LeadOffer.objects.filter(pk=offer.pk).update(first_touch_due=now() - timedelta(minutes=1))
        actions.pull_back(offer=offer)
    client = partner_page(offer)
    assert seen_in(client, offer) == {}
    assert client.get(reverse("leads:detail", args=[offer.lead_id])).status_code == 404
    for act in ("accept", "touch", "convert", "finish", "decline"):
        answer = client.post(
            reverse(f"leads:{act}", args=[offer.pk]),
            {"touch-note": "x", "close-code": "no_need", "decline-code": "no_fit"},
        )
        assert answer.status_code in {404, 422}
        assert "irkonia" not in body_of(answer)


def test_what_tells_of_an_offer_names_nobody(offered, act_for, django_capture_on_commit_callbacks, edge):
    partner = edge()
    member = act_for(partner.partner, "leads.view", "leads.work").membership
    with django_capture_on_commit_callbacks(execute=True):
        offered(to=partner)
    told = Notification.objects.get(membership=member)
    entry = TrailEntry.objects.get(verb="lead.offered")
    assert not [secret for secret in SECRETS if secret in f"{entry.title} {entry.data} {told}"]


def test_pages_of_offers_are_kept_by_nobody(held, partner_page):
    offer, _actor = held()
    client = partner_page(offer)
    for url in (offer.get_absolute_url(), reverse("leads:offers")):
        assert client.get(url)["Cache-Control"] == "no-store"


def test_searching_the_offers_tells_nothing(offered, partner_page):
    offer = offered()
    client = partner_page(offer)
    assert offer.lead.need in body_of(client.get(reverse("leads:offers") + f"?q={offer.lead.number}&view=all"))
    for word in ("Zirkonia", "Quandt", "hotel", "Leverkusen"):
        # the offer stands above the list, whatever is searched; the list itself is empty
        page = body_of(client.get(reverse("leads:offers") + f"?q={word}&view=all"))
        assert "Nothing matches" in page, word


def test_filters_do_not_tell_what_became_of_a_lost_lead(vendor, edge, manager, worker, partner_page):
    first, second = edge(), edge()
    lead = LeadFactory(vendor=vendor)
    lost, won = actions.offer_lead(actor=manager, lead=lead, partnerships=[first, second])
    actions.accept_offer(actor=worker(second), offer=won)
    page = body_of(partner_page(lost).get(reverse("leads:offers") + "?view=all&work=accepted"))
    assert lead.number not in page


def test_a_partner_accepts_declines_and_takes_it_back(offered, partner_page):
    offer = offered()
    client = partner_page(offer)
    answer = client.post(reverse("leads:decline", args=[offer.pk]), {"decline-code": "capacity"})
    assert answer.status_code == 302
    assert client.post(reverse("leads:reconsider", args=[offer.pk])).status_code == 302
    answer = client.post(reverse("leads:accept", args=[offer.pk]), headers={"HX-Request": "true"})
    assert "Zirkonia" in body_of(answer)
    assert "toast" in answer["HX-Trigger"]
    answer = client.post(reverse("leads:touch", args=[offer.pk]), {"touch-note": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    client.post(reverse("leads:touch", args=[offer.pk]), {"touch-note": "Visit on Friday"})
    answer = client.post(reverse("leads:convert", args=[offer.pk]))
    lead = Lead.objects.get()
    assert answer["Location"] == reverse("deals:edit", args=[lead.deal_id])
    form = body_of(client.get(answer["Location"]))
    for filled in ("Zirkonia Werke", "zirkonia.example", "Booster set for a hotel", "Booster sets"):
        assert filled in form


def test_without_the_capability_nothing_is_answered(offered, sign_in):
    offer = offered()
    client = sign_in(offer.partner, "leads.view")
    for act in ("accept", "decline", "reconsider", "touch", "convert", "finish"):
        assert client.post(reverse(f"leads:{act}", args=[offer.pk])).status_code == 403
    assert client.get(reverse("leads:accept", args=[offer.pk])).status_code == 405


def test_the_vendor_routes_offers_recalls_and_closes(vendor, edge, vendor_page):
    partner = edge("Brenta")
    lead = LeadFactory(vendor=vendor)
    page = body_of(vendor_page.get(lead.get_absolute_url()))
    assert "No rule holds" in page
    vendor_page.post(reverse("leads:route", args=[lead.pk]))
    lead.refresh_from_db()
    assert lead.state == "routed"
    answer = vendor_page.post(reverse("leads:offer_to", args=[lead.pk]), {"offer-partnerships": [partner.pk]})
    assert answer.status_code == 302
    assert "Brenta" in body_of(vendor_page.get(lead.get_absolute_url()))
    assert vendor_page.get(lead.offers.get().get_absolute_url())["Location"] == lead.get_absolute_url()
    vendor_page.post(reverse("leads:recall", args=[lead.pk]), {"recall-note": ""})
    vendor_page.post(reverse("leads:close", args=[lead.pk]), {"close-code": "no_need"})
    lead.refresh_from_db()
    assert lead.state == "closed"
    assert vendor_page.post(reverse("leads:route", args=[lead.pk])).status_code == 422
    vendor_page.post(reverse("leads:reopen", args=[lead.pk]))
    vendor_page.post(reverse("leads:bin", args=[lead.pk]))
    assert lead.company in body_of(vendor_page.get(reverse("leads:spam")))
    vendor_page.post(reverse("leads:restore", args=[lead.pk]))
    lead.refresh_from_db()
    assert lead.state == "new"


def test_a_foreign_partner_cannot_be_offered_anything(vendor, vendor_page):
    lead = LeadFactory(vendor=vendor)
    other = RuleFactory().vendor
    from tests.factories import PartnershipFactory

    foreign = PartnershipFactory(vendor=other)
    answer = vendor_page.post(reverse("leads:offer_to", args=[lead.pk]), {"offer-partnerships": [foreign.pk]})
    assert answer.status_code == 422
    assert not LeadOffer.objects.exists()


def test_a_lead_is_typed_in_and_corrected(vendor, vendor_page):
    typed = {"company": "Hotel Adler", "email": "a@adler.example", "country": "DE", "need": "A pump", "value": "1,200"}
    answer = vendor_page.post(reverse("leads:new"), typed)
    lead = Lead.objects.get()
    assert answer["Location"] == lead.get_absolute_url()
    again = vendor_page.post(reverse("leads:new"), typed)
    assert again.status_code == 422
    assert lead.get_absolute_url() in body_of(again)
    assert vendor_page.post(reverse("leads:new"), {"company": ""}).status_code == 422
    vendor_page.post(reverse("leads:edit", args=[lead.pk]), {**typed, "city": "Köln"})
    lead.refresh_from_db()
    assert (lead.city, lead.value) == ("Köln", 1200)


def test_chosen_leads_are_routed_and_put_aside_together(vendor, edge, to_all, vendor_page):
    edge()
    to_all()
    leads = [LeadFactory(vendor=vendor) for _ in range(2)]
    foreign = LeadFactory()
    chosen = {"pk": [str(each.pk) for each in (*leads, foreign)]}
    vendor_page.post(reverse("leads:bulk_route"), chosen)
    assert {each.state for each in Lead.objects.filter(vendor=vendor)} == {"offered"}
    vendor_page.post(reverse("leads:bulk_bin"), chosen)
    foreign.refresh_from_db()
    assert foreign.state == "new"
    assert vendor_page.post(reverse("leads:bulk_bin"), {"pk": ["x"]}).status_code == 404


@pytest.mark.parametrize("route", ["leads:list", "leads:offers", "leads:rules", "leads:forms", "leads:imports"])
def test_lists_cost_the_same_for_one_row_and_for_three(
    vendor, edge, offered, manager, vendor_page, sign_in, to_all, route, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    partner = edge()
    client = sign_in(partner.partner, "leads.view", "leads.work") if route == "leads:offers" else vendor_page
    url = reverse(route) + ("?view=all" if route in {"leads:list", "leads:offers"} else "")

    def count():
        offered(to=partner)
        to_all()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    count()
    one = count()
    count()
    assert count() == one


def test_csv_runs_no_formula(vendor, vendor_page):
    LeadFactory(vendor=vendor, company="=HYPERLINK(1)", need="+cmd")
    rows = list(csv.reader(io.StringIO(body_of(vendor_page.get(reverse("leads:list") + "?view=all&format=csv")))))
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert rows[1][2] == "'+cmd"


def test_rules_are_written_ordered_tried_and_deleted(vendor, edge, vendor_page):
    partner = edge("Brenta")
    LeadFactory(vendor=vendor)
    values = {
        "name": "North", "active": "on", "countries": ["DE"], "regions": "Nordrhein-Westfalen, Bayern", "way": "idle",
        "min_value": "10,000", "offer_hours": 9, "touch_hours": 18, "idle_days": 10, "partners": [partner.pk],
    }  # fmt: skip
    assert vendor_page.post(reverse("leads:rule_new"), values).status_code == 302
    rule = RoutingRule.objects.get()
    assert (rule.regions, rule.partners) == (["Nordrhein-Westfalen", "Bayern"], [partner.pk])
    page = body_of(vendor_page.get(reverse("leads:rules")))
    assert "the country is Germany" in page
    assert "the region is Nordrhein-Westfalen or Bayern" in page
    assert "at least 10,000" in page
    vendor_page.post(reverse("leads:rule_new"), {**values, "name": "All", "countries": [], "regions": ""})
    second = RoutingRule.objects.get(name="All")
    vendor_page.post(reverse("leads:rule_move", args=[second.pk]), {"to": "up"})
    assert list(RoutingRule.objects.values_list("name", flat=True)) == ["All", "North"]
    vendor_page.post(reverse("leads:rule_move", args=[second.pk]), {"to": "up"})
    trial = body_of(vendor_page.get(reverse("leads:trial")))
    assert "Zirkonia" in trial
    assert "Brenta" in trial
    assert not LeadOffer.objects.exists()
    vendor_page.post(reverse("leads:rule", args=[rule.pk]), {**values, "name": "South"})
    rule.refresh_from_db()
    assert (rule.name, rule.version) == ("South", 2)
    assert vendor_page.post(reverse("leads:rule", args=[rule.pk]), {**values, "way": "x"}).status_code == 422
    vendor_page.post(reverse("leads:rule_delete", args=[rule.pk]))
    assert RoutingRule.objects.count() == 1


def test_a_named_rule_names_its_own_partners(vendor, vendor_page, manager):
    from core.errors import DomainError
    from leads.actions.rules import save_rule
    from tests.factories import PartnershipFactory

    for partners in ([], [PartnershipFactory().pk]):
        with pytest.raises(DomainError):
            save_rule(actor=manager, fields={"name": "A", "way": "named", "partners": partners})


def test_rules_take_the_capability(vendor, edge, sign_in, act_for):
    from django.core.exceptions import PermissionDenied

    from leads.actions.rules import delete_rule, move_rule, save_rule, set_intake

    client = sign_in(vendor, "leads.view", "leads.manage")
    for route in ("leads:rules", "leads:rule_new", "leads:trial", "leads:forms", "leads:form_new"):
        assert client.get(reverse(route)).status_code == 403
    actor, rule = act_for(vendor, "leads.manage"), RuleFactory(vendor=vendor)
    for run in (
        lambda: save_rule(actor=actor, fields={"name": "x"}),
        lambda: move_rule(actor=actor, rule=rule, up=True),
        lambda: delete_rule(actor=actor, rule=rule),
        lambda: set_intake(actor=actor, partnership=edge(), fields={}),
    ):
        with pytest.raises(PermissionDenied):
            run()


def test_what_a_partner_takes_is_set(vendor, edge, vendor_page):
    partner = edge()
    url = reverse("leads:intake", args=[partner.pk])
    assert vendor_page.get(url).status_code == 200
    vendor_page.post(url, {"capacity": 3, "weight": 2, "certificates": "ATEX, Level 2", "paused": "on"})
    partner.refresh_from_db()
    assert (partner.intake.capacity, partner.intake.certificates, partner.intake.paused) == (
        3,
        ["ATEX", "Level 2"],
        True,
    )
    assert vendor_page.post(url, {"capacity": 3, "weight": 0}).status_code == 422


def test_who_has_no_leads_to_pass_on_is_shown_what_is_offered(edge, sign_in):
    client = sign_in(edge().partner, "leads.view", "leads.work")
    assert client.get(reverse("leads:list"))["Location"] == reverse("leads:offers")
