"""Drafts that a vendor prepares: the vendor's alone, then the partner's alone."""

from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import InvalidTransition
from core.models import TrailEntry
from deals import actions
from deals.models import Deal
from deals.search import search
from inbox.models import Notification
from tests.deals.factories import DraftFactory
from tests.deals.test_actions import FIELDS, LINES
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
KEY = UUID("0d9aa2d9-6f6b-4f50-8a07-3a7e0a7d94a1")


@pytest.fixture
def edge():
    return PartnershipFactory()


@pytest.fixture
def manager(edge, act_for):
    return act_for(edge.vendor, "deals.prepare", "deals.view")


@pytest.fixture
def seller(edge, act_for):
    return act_for(edge.partner, "deals.register", "deals.view")


def prepared(manager, edge, **more):
    return actions.save_draft(actor=manager, partnership=edge, fields=FIELDS, lines=LINES, **more)


def sees(actor, deal):
    listed = Deal.objects.visible_to(actor).filter(pk=deal.pk).exists()
    assert listed == bool(search(actor, FIELDS["title"], 5))
    return listed


def test_it_is_the_vendors_alone_until_it_is_handed_over_and_the_partners_alone_then(manager, seller, edge, act_for):
    deal = prepared(manager, edge)
    rival = act_for(PartnershipFactory(vendor=edge.vendor).partner, "deals.register", "deals.view")
    assert (sees(manager, deal), sees(seller, deal), sees(rival, deal)) == (True, False, False)
    assert not TrailEntry.objects.visible_to(seller).filter(target="deals.deal").exists()
    actions.hand_over_draft(actor=manager, deal=deal)
    assert (sees(manager, deal), sees(seller, deal), sees(rival, deal)) == (False, True, False)
    mine = TrailEntry.objects.visible_to(seller).filter(target="deals.deal", target_id=deal.pk)
    assert list(mine.values_list("verb", flat=True)) == ["deal.handed_over"]
    changed = {"title": "Our own words"}
    actions.save_draft(actor=seller, partnership=edge, deal=deal, fields=changed)
    done = actions.submit_deal(actor=seller, deal=deal, terms=True)
    assert (done.state, done.prepared_by_vendor, done.submitter) == ("submitted", True, seller.user)
    assert Deal.objects.visible_to(manager).filter(pk=deal.pk).exists()


def test_the_partner_is_told(manager, seller, edge, django_capture_on_commit_callbacks):
    deal = prepared(manager, edge)
    with django_capture_on_commit_callbacks(execute=True):
        actions.hand_over_draft(actor=manager, deal=deal)
    told = Notification.objects.filter(entry__verb="deal.handed_over")
    assert list(told.values_list("membership__organisation", flat=True)) == [edge.partner_id]


def test_only_who_may_prepares_and_only_over_an_open_partnership(edge, act_for, manager):
    reader = act_for(edge.vendor, "deals.view", "deals.decide")
    suspended = PartnershipFactory(vendor=edge.vendor, state="suspended")
    foreign = PartnershipFactory()
    for actor, partnership in ((reader, edge), (manager, suspended), (manager, foreign)):
        with pytest.raises(PermissionDenied):
            prepared(actor, partnership)
    deal = prepared(manager, edge)
    for step in (
        lambda: actions.hand_over_draft(actor=reader, deal=deal),
        lambda: actions.save_draft(actor=reader, partnership=edge, deal=deal, fields={}),
        lambda: actions.delete_draft(actor=reader, deal=deal),
        lambda: actions.submit_deal(actor=manager, deal=deal, terms=True),
    ):
        with pytest.raises(PermissionDenied):
            step()


def test_it_is_handed_over_once_and_nothing_else_is(manager, seller, edge):
    deal = prepared(manager, edge)
    actions.hand_over_draft(actor=manager, deal=deal)
    with pytest.raises(Deal.DoesNotExist):
        actions.hand_over_draft(actor=manager, deal=deal)
    own = DraftFactory(partnership=edge)
    with pytest.raises(InvalidTransition):
        actions.hand_over_draft(actor=seller, deal=own)


def test_the_same_key_of_either_side_makes_a_draft_of_ones_own(manager, seller, edge):
    one = prepared(manager, edge, draft_key=KEY)
    assert prepared(manager, edge, draft_key=KEY) == one
    assert actions.save_draft(actor=seller, partnership=edge, fields=FIELDS, draft_key=KEY) != one


def test_the_pages(edge, sign_in):
    manager = sign_in(edge.vendor, "deals.prepare", "deals.view")
    seller = sign_in(edge.partner, "deals.register", "deals.view")
    sent = {"side": "vendor", "partnership": edge.pk, "title": "Prepared", "customer_name": "Acque", "amount": "5"}
    sent |= {"customer_country": "IT", "lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0, "save": "1", "draft_key": KEY}
    assert "Hand over to the partner" in manager.get("/deals/prepare/").content.decode()
    assert seller.get("/deals/prepare/").status_code == 403
    assert manager.post("/deals/new/autosave/", sent).status_code == 200
    assert manager.post("/deals/prepare/", sent).status_code == 302
    deal = Deal.objects.get()
    assert (deal.partner, deal.held_by_vendor) == (edge.partner, True)
    for page in (f"/deals/{deal.pk}/", f"/deals/{deal.pk}/edit/"):
        assert manager.get(page).status_code == 200
        assert seller.get(page).status_code == 404
    assert seller.post(f"/deals/{deal.pk}/hand-over/").status_code in (403, 404)
    assert manager.post(f"/deals/{deal.pk}/hand-over/").status_code == 302
    for page in (f"/deals/{deal.pk}/", f"/deals/{deal.pk}/edit/"):
        assert manager.get(page).status_code == 404
        assert seller.get(page).status_code == 200
    assert edge.vendor.name in seller.get(f"/deals/{deal.pk}/edit/").content.decode()
    stranger = sign_in(OrganisationFactory(), "deals.prepare", "deals.view", "deals.register")
    assert stranger.post(f"/deals/{deal.pk}/hand-over/").status_code == 404
