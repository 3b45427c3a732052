"""Orders find their deal by its number, and only theirs."""

import pytest
from django.core.exceptions import PermissionDenied

from chat.models import Message, Room
from core.errors import DomainError
from core.models import TrailEntry
from core.numbers import with_check_digit
from orders.actions import link_deal, receive_order, respond_to_order
from tests.deals.factories import DealFactory
from tests.factories import PartnershipFactory
from tests.orders.factories import document, line, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal():
    return DealFactory(state="approved")


def order_of(act_for, deal, *lines, **more):
    return place(act_for, *(lines or [line()]), seller=deal.vendor, buyer=deal.partner, **more)


def codes(order):
    return [code for code in order.findings.values_list("code", flat=True) if code.startswith("deal")]


@pytest.mark.parametrize(
    "where",
    [
        lambda number: {"references": (("deal", number),)},
        lambda number: {"references": (("ACD", f"our ref {number.lower()}"),)},
        lambda number: {"notes": (f"For deal {number}, first part",)},
        lambda number: {"terms": f"as agreed in {number.replace('-', ' ')}"},
        lambda number: {"lines": (line(note=f"({number})"),)},
        lambda number: {"lines": (line(references=(("deal", number),)),)},
    ],
)
def test_a_deal_number_anywhere_links_the_order(act_for, deal, where):
    more = where(deal.number)
    order = order_of(act_for, deal, *more.pop("lines", ()), **more)
    assert (order.deal, order.deal_basis) == (deal, "number")
    assert codes(order) == []
    linked = TrailEntry.objects.get(verb="order.linked")
    assert (linked.data["deal"], linked.data["basis"]) == (deal.pk, "number")
    received = TrailEntry.objects.get(verb="order.received")
    assert received.data["related"] == [["deals.deal", deal.pk]]


def test_somebody_elses_deal_reads_like_one_that_does_not_exist(act_for, deal):
    foreign = DealFactory()
    rivals = DealFactory(partnership=PartnershipFactory(vendor=deal.vendor))
    missing = with_check_digit("D-", 777_777)
    said = set()
    for n, number in enumerate((foreign.number, rivals.number, missing)):
        order = order_of(act_for, deal, number=str(n), references=(("deal", number),))
        assert order.deal is None
        said.add(order.findings.get(code="deal_unknown").message.replace(number, "…"))
    assert len(said) == 1
    assert not TrailEntry.objects.filter(verb="order.linked").exists()


def test_a_mistyped_number_is_told_and_links_nothing(act_for, deal):
    wrong = deal.number[:-1] + str((int(deal.number[-1]) + 1) % 10)
    order = order_of(act_for, deal, references=(("deal", wrong),))
    assert order.deal is None
    assert codes(order) == ["deal_number_wrong"]


def test_of_several_deals_the_first_is_taken_and_the_rest_told(act_for, deal):
    other = DealFactory(partnership=deal.partnership)
    order = order_of(act_for, deal, notes=(f"{deal.number} and {other.number}",))
    assert order.deal == deal
    assert codes(order) == ["deal_several"]


def test_thousands_of_numbers_do_no_harm(act_for, deal):
    many = " ".join(with_check_digit("D-", n) for n in range(3000))
    order = order_of(act_for, deal, notes=(many,))
    assert order.findings.filter(code="deal_unknown").count() == 20


def test_a_line_in_both_rooms_says_so(act_for, deal, django_capture_on_commit_callbacks):
    actor = act_for(deal.partner, "orders.send")
    from chat.actions import open_room

    open_room(actor=actor, record=deal, title=str(deal), organisations=[deal.vendor, deal.partner])
    with django_capture_on_commit_callbacks(execute=True):
        order = receive_order(
            actor=actor,
            document=document(references=(("deal", deal.number),)),
            buyer=deal.partner,
            seller=deal.vendor,
        )
    for record in (order, deal):
        room = Room.objects.for_record(record).get()
        verbs = Message.objects.filter(room=room).values_list("entry__verb", flat=True)
        assert list(verbs).count("order.received") == 1


def test_an_accepted_order_wins_its_deal(act_for, deal, django_capture_on_commit_callbacks):
    order = order_of(act_for, deal, references=(("deal", deal.number),))
    with django_capture_on_commit_callbacks(execute=True):
        respond_to_order(actor=act_for(deal.vendor, "orders.respond"), order=order)
    deal.refresh_from_db()
    assert deal.state == "won"


def test_a_person_links_an_order_without_a_number(act_for, deal):
    order = order_of(act_for, deal)
    done = link_deal(actor=act_for(deal.vendor, "orders.respond"), order=order, deal=deal)
    assert (done.deal, done.deal_basis) == (deal, "person")
    assert TrailEntry.objects.get(verb="order.linked").data["related"] == [["deals.deal", deal.pk]]
    with pytest.raises(PermissionDenied):
        link_deal(actor=act_for(deal.vendor, "orders.respond"), order=order, deal=deal)


def test_only_deals_of_the_two_and_only_order_people(act_for, deal):
    order = order_of(act_for, deal)
    with pytest.raises(DomainError):
        link_deal(actor=act_for(deal.vendor, "orders.respond"), order=order, deal=DealFactory())
    for actor in (act_for(deal.vendor, "orders.view"), act_for(deal.partner, "orders.respond")):
        with pytest.raises(PermissionDenied):
            link_deal(actor=actor, order=order, deal=deal)
    order.refresh_from_db()
    assert order.deal is None


def test_the_page_shows_the_deal_only_to_who_may_see_deals(act_for, deal, sign_in):
    order = order_of(act_for, deal, references=(("deal", deal.number),))
    page = f"/orders/{order.pk}/"
    assert f"/deals/{deal.pk}/" in sign_in(deal.vendor, "orders.view", "deals.view").get(page).text
    assert f"/deals/{deal.pk}/" not in sign_in(deal.vendor, "orders.view").get(page).text
    data = sign_in(deal.vendor, "orders.view").get(f"/api/v1{page}").json()
    assert data["deal"] is None
