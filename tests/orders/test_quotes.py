"""Quotes: written and priced, sent, approved by a second person, revised, accepted into exactly one order."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.timezone import localdate

from chat.models import Room
from core.errors import DomainError, InvalidTransition, StaleObject
from orders.actions import (
    accept_quote,
    approve_quote,
    decline_quote,
    delete_quote,
    hand_back_quote,
    revise_quote,
    save_options,
    save_quote,
    send_quote,
    set_discount_limits,
    withdraw_quote,
)
from orders.configuring import read_makeup
from orders.models import Order, Quote
from orders.price_notes import notes_of
from orders.quote_documents import differences_between
from orders.tasks import expire_quotes
from partners.models import Partnership
from tests.factories import OrganisationFactory, RoleFactory
from tests.orders.factories import PriceListFactory, PriceListItemFactory, ProductFactory, place, trade
from tests.orders.factories import line as ordered
from tests.orders.quotes import WRITES, content, line, offered, run_out
from tests.partners.factories import TierFactory

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def edge():
    return trade()[2]


@pytest.fixture
def product(edge):
    return ProductFactory(vendor=edge.vendor, sku="P-1", list_price=D(100))


def test_a_line_is_priced_with_its_options_its_tier_and_the_discount_that_somebody_gives(act_for, edge, product):
    edge.tier = TierFactory(programme__vendor=edge.vendor, discount_percent=10)
    edge.save()
    vendor = act_for(edge.vendor, *WRITES, "catalogue.manage")
    makeup = read_makeup("Motor; M-3; 3 kW\nMotor; M-5; 5 kW; 20", "")
    product = save_options(actor=vendor, product=product, makeup=makeup)
    said = line(product, "3", choices=("M-5",), discount_percent=D("2.5"), discount_reason="First order")
    row = save_quote(actor=vendor, partnership=edge, content=content(said))
    kept = row.lines.get()
    steps = [(note.kind, note.unit_price) for note in notes_of(kept.pricing)]
    assert steps == [("list", 100), ("options", 120), ("tier", 108), ("manual", D("105.3"))]
    assert (kept.choices, kept.unit_price, kept.amount, row.total) == (["M-5"], D("105.3"), D("315.9"), D("315.9"))
    assert row.number.startswith("Q-") and (row.asks, row.state) == (False, "draft")


def test_what_cannot_be_quoted(act_for, edge, product):
    vendor = act_for(edge.vendor, *WRITES)
    ended = ProductFactory(vendor=edge.vendor, lifecycle="ended")
    dollars = ProductFactory(vendor=edge.vendor, currency="USD")
    wrong = [
        (content(), "lines"),
        (content(line(product), title=" "), "title"),
        (content(line(product), valid_until=localdate() - timedelta(days=1)), "valid_until"),
        (content(line(product, "0")), "lines"),
        (content(line(product, "NaN")), "lines"),
        (content(line(ProductFactory())), "lines"),
        (content(line(ended)), "lines"),
        (content(line(product), line(dollars)), "lines"),
        (content(line(product, choices=("X",))), "lines"),
        (content(line(product, discount_percent=D(5))), "lines"),
        (content(line(product, discount_percent=D(101), discount_reason="x")), "lines"),
        (content(line(product, discount_percent=D("NaN"), discount_reason="x")), "lines"),
        (content(*[line(product)] * 201), "lines"),
    ]
    for said, field in wrong:
        with pytest.raises(DomainError) as refused:
            save_quote(actor=vendor, partnership=edge, content=said)
        assert refused.value.field == field
    assert not Quote.objects.exists()


def test_quotes_need_an_active_partnership_of_ones_own_and_the_capability(act_for, edge, product):
    with pytest.raises(PermissionDenied):
        save_quote(actor=act_for(edge.vendor, "orders.view"), partnership=edge, content=content(line(product)))
    with pytest.raises(Partnership.DoesNotExist):
        save_quote(actor=act_for(OrganisationFactory(), *WRITES), partnership=edge, content=content(line(product)))
    draft = save_quote(actor=act_for(edge.vendor, *WRITES), partnership=edge, content=content(line(product)))
    edge.state = Partnership.State.SUSPENDED
    edge.save()
    for run in (
        lambda: save_quote(actor=act_for(edge.vendor, *WRITES), partnership=edge, content=content(line(product))),
        lambda: send_quote(actor=act_for(edge.vendor, *WRITES), quote=draft),
    ):
        with pytest.raises(DomainError):
            run()


def test_a_draft_is_its_authors_alone_until_it_is_sent_and_then_has_a_room(act_for, edge, product):
    vendor, partner = act_for(edge.vendor, *WRITES), act_for(edge.partner, *WRITES)
    draft = save_quote(actor=vendor, partnership=edge, content=content(line(product)))
    assert not Quote.objects.visible_to(partner).exists()
    for act in (withdraw_quote, decline_quote, accept_quote, delete_quote, send_quote, revise_quote):
        with pytest.raises(Quote.DoesNotExist):
            act(actor=partner, quote=draft)
    sent = send_quote(actor=vendor, quote=draft)
    assert Quote.objects.visible_to(partner).get() == sent
    assert Room.objects.visible_to(partner).for_record(sent).exists()
    for act in (delete_quote, send_quote):
        with pytest.raises(PermissionDenied):
            act(actor=vendor, quote=sent)


def test_a_draft_is_changed_with_the_version_that_was_read(act_for, edge, product):
    vendor = act_for(edge.vendor, *WRITES)
    draft = save_quote(actor=vendor, partnership=edge, content=content(line(product)))
    again = save_quote(actor=vendor, quote=draft, content=content(line(product, "5")), version=draft.version)
    assert (again.total, again.number) == (500, draft.number)
    with pytest.raises(StaleObject):
        save_quote(actor=vendor, quote=draft, content=content(line(product)), version=draft.version)
    with pytest.raises(PermissionDenied):
        save_quote(actor=act_for(edge.vendor, "orders.view"), quote=draft, content=content(line(product)))


def test_it_is_sent_at_the_prices_of_that_day_and_keeps_them(act_for, edge, product):
    vendor = act_for(edge.vendor, *WRITES)
    draft = save_quote(actor=vendor, partnership=edge, content=content(line(product)))
    PriceListItemFactory(
        price_list=PriceListFactory(vendor=edge.vendor, partnership=edge), product=product, price=D(80)
    )
    sent = send_quote(actor=vendor, quote=draft)
    product.list_price = D(500)
    product.save()
    assert (sent.total, sent.lines.get().unit_price) == (160, 80)


def test_a_discount_over_the_limit_of_the_role_needs_a_second_person(act_for, edge, product):
    chief = act_for(edge.vendor, *WRITES)
    seller = act_for(edge.vendor, "orders.view", "quotes.write")
    role = seller.membership.roles.get()
    set_discount_limits(actor=chief, limits={None: D(20), role: D(5)})
    said = line(product, discount_percent=D("5.01"), discount_reason="Competition")
    draft = save_quote(actor=seller, partnership=edge, content=content(said))
    waiting = send_quote(actor=seller, quote=draft)
    assert waiting.state == "in_approval" and not Quote.objects.visible_to(act_for(edge.partner, *WRITES)).exists()
    with pytest.raises(PermissionDenied):
        approve_quote(actor=seller, quote=waiting)
    with pytest.raises(DomainError):
        hand_back_quote(actor=chief, quote=waiting, note=" ")
    back = hand_back_quote(actor=chief, quote=waiting, note="Four percent will do")
    assert (back.state, back.reason) == ("draft", "Four percent will do")
    sent = approve_quote(actor=chief, quote=send_quote(actor=seller, quote=back))
    assert (sent.state, sent.approver) == ("sent", chief.user)
    with pytest.raises(PermissionDenied):
        approve_quote(actor=chief, quote=sent)
    within = line(product, discount_percent=D(5), discount_reason="Usual")
    free = save_quote(actor=seller, partnership=edge, content=content(within))
    assert send_quote(actor=seller, quote=free).state == "sent"


def test_nobody_approves_what_they_wrote(act_for, edge, product):
    chief = act_for(edge.vendor, *WRITES)
    set_discount_limits(actor=chief, limits={None: D(0)})
    said = line(product, discount_percent=D(1), discount_reason="x")
    waiting = send_quote(actor=chief, quote=save_quote(actor=chief, partnership=edge, content=content(said)))
    with pytest.raises(PermissionDenied, match="their own"):
        approve_quote(actor=chief, quote=waiting)
    assert approve_quote(actor=act_for(edge.vendor, *WRITES), quote=waiting).state == "sent"


def test_limits_are_of_ones_own_roles_and_within_a_hundred(act_for, edge):
    chief = act_for(edge.vendor, *WRITES)
    for limits in ({RoleFactory(): D(5)}, {None: D(101)}, {None: D("NaN")}, {None: D("1.001")}):
        with pytest.raises(DomainError):
            set_discount_limits(actor=chief, limits=limits)
    with pytest.raises(PermissionDenied):
        set_discount_limits(actor=act_for(edge.vendor, "quotes.write"), limits={})


def test_the_next_version_replaces_the_one_before_only_when_it_is_sent(act_for, edge, product):
    vendor = act_for(edge.vendor, *WRITES)
    first = offered(act_for, edge, line(product))
    second = revise_quote(actor=vendor, quote=first)
    assert revise_quote(actor=vendor, quote=first) == second, "the one that is open"
    assert (str(second), second.root, second.state) == (f"{first.number}/2", first, "draft")
    first.refresh_from_db()
    assert first.state == "sent"
    dearer = content(line(product, "4"), line(ProductFactory(vendor=edge.vendor, sku="NEW")))
    second = send_quote(actor=vendor, quote=save_quote(actor=vendor, quote=second, content=dearer))
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "sent")
    told = {(each.line, each.what, each.before, each.after) for each in differences_between(first, second)}
    assert ("P-1", "quantity", "2", "4") in told
    assert any(line == "NEW" and what == "line" and not before for line, what, before, _after in told)
    with pytest.raises(PermissionDenied):
        revise_quote(actor=vendor, quote=first)
    partner = act_for(edge.partner, *WRITES)
    with pytest.raises(PermissionDenied):
        accept_quote(actor=partner, quote=first)
    assert accept_quote(actor=partner, quote=second).state == "accepted"


def test_a_partner_asks_and_the_vendor_answers_with_an_offer(act_for, edge, product):
    partner, vendor = act_for(edge.partner, *WRITES), act_for(edge.vendor, *WRITES)
    set_discount_limits(actor=vendor, limits={None: D(0)})
    wish = line(product, discount_percent=D(15), discount_reason="A large project")
    asked = send_quote(actor=partner, quote=save_quote(actor=partner, partnership=edge, content=content(wish)))
    assert (asked.asks, asked.state) == (True, "sent")
    for actor in (partner, vendor):
        with pytest.raises(PermissionDenied):
            accept_quote(actor=actor, quote=asked)
    answer = revise_quote(actor=vendor, quote=asked)
    assert (answer.asks, answer.lines.get().discount_percent) == (False, 15)
    assert send_quote(actor=vendor, quote=answer).state == "in_approval", "what is asked for is not given yet"
    sent = approve_quote(actor=act_for(edge.vendor, *WRITES), quote=answer)
    assert accept_quote(actor=partner, quote=sent).order.lines.get().unit_price == 85


def test_when_both_sides_write_the_next_version_the_later_one_has_the_higher_number(act_for, edge, product):
    first = offered(act_for, edge, line(product))
    vendor, partner = act_for(edge.vendor, *WRITES), act_for(edge.partner, *WRITES)
    ours, theirs = revise_quote(actor=vendor, quote=first), revise_quote(actor=partner, quote=first)
    assert ours.revision < theirs.revision
    send_quote(actor=partner, quote=theirs)
    assert send_quote(actor=vendor, quote=ours).revision > theirs.revision
    theirs.refresh_from_db()
    assert theirs.state == "replaced"


def test_accepting_makes_one_order_with_the_prices_codes_and_no_findings(act_for, edge, product):
    partner = act_for(edge.partner, *WRITES)
    said = line(product, discount_percent=D(10), discount_reason="Volume")
    quote = offered(act_for, edge, said, codes=("SPRING",))
    accepted = accept_quote(actor=partner, quote=quote, number="PO-7", send=True)
    order = accepted.order
    assert (order.number, order.state, order.total) == ("PO-7", "received", 180)
    assert order.references == [["quotation", quote.number], ["promotion", "SPRING"]]
    bought = order.lines.get()
    assert (bought.unit_price, bought.expected_price) == (90, 90)
    assert notes_of(bought.pricing)[-1].kind == "quotation"
    assert not order.findings.filter(code="price_differs").exists()
    for act in (accept_quote, decline_quote):
        with pytest.raises(PermissionDenied):
            act(actor=partner, quote=accepted)
    with pytest.raises(PermissionDenied):
        withdraw_quote(actor=act_for(edge.vendor, *WRITES), quote=accepted)
    assert Order.objects.count() == 1


def test_an_accepted_quote_may_stay_a_draft_order_of_its_buyer(act_for, edge, product):
    accepted = accept_quote(actor=act_for(edge.partner, *WRITES), quote=offered(act_for, edge, line(product)))
    assert accepted.order.state == "draft"
    assert not Order.objects.visible_to(act_for(edge.vendor, *WRITES)).exists()


def test_who_may_not_accept(act_for, edge, product):
    quote = offered(act_for, edge, line(product))
    with pytest.raises(PermissionDenied):
        accept_quote(actor=act_for(edge.vendor, *WRITES), quote=quote)
    with pytest.raises(PermissionDenied):
        accept_quote(actor=act_for(edge.partner, "orders.view", "quotes.write"), quote=quote)
    with pytest.raises(Quote.DoesNotExist):
        accept_quote(actor=act_for(OrganisationFactory(), *WRITES), quote=quote)
    with pytest.raises(DomainError):
        accept_quote(actor=act_for(edge.partner, *WRITES), quote=run_out(quote))
    assert not Order.objects.exists()


def test_a_repeated_order_number_leaves_the_quote_open(act_for, edge, product):
    place(act_for, ordered(), seller=edge.vendor, buyer=edge.partner, number="PO-7")
    quote = offered(act_for, edge, line(product))
    with pytest.raises(DomainError):
        accept_quote(actor=act_for(edge.partner, *WRITES), quote=quote, number="PO-7")
    quote.refresh_from_db()
    assert (quote.state, quote.order) == ("sent", None)


def test_an_order_that_names_a_quote_by_edi_may_rely_on_its_price(act_for, edge, product):
    quote = offered(act_for, edge, line(product, discount_percent=D(10), discount_reason="x"))
    named = (("quotation", quote.number), ("quotation", "Q-0000000"))
    bought = ordered(price="90", seller_sku="P-1")
    order = place(act_for, bought, seller=edge.vendor, buyer=edge.partner, references=named)
    assert not order.findings.filter(code="price_differs").exists()
    _vendor, other, rival = trade(vendor=edge.vendor)
    theirs = place(act_for, bought, seller=rival.vendor, buyer=other, references=named)
    assert theirs.findings.filter(code="price_differs").exists(), "somebody else's quote promises nothing"


def test_declined_withdrawn_and_expired(act_for, edge, product):
    vendor, partner = act_for(edge.vendor, *WRITES), act_for(edge.partner, *WRITES)
    assert decline_quote(actor=partner, quote=offered(act_for, edge), reason="Too dear").reason == "Too dear"
    assert withdraw_quote(actor=vendor, quote=offered(act_for, edge)).state == "withdrawn"
    late, fresh = run_out(offered(act_for, edge)), offered(act_for, edge)
    expire_quotes.call()
    expire_quotes.call()
    late.refresh_from_db()
    fresh.refresh_from_db()
    assert (late.state, fresh.state) == ("expired", "sent")
    again = send_quote(actor=vendor, quote=revise_quote(actor=vendor, quote=late))
    assert again.valid_until > localdate()
    with pytest.raises(PermissionDenied):
        decline_quote(actor=vendor, quote=fresh)
    with pytest.raises(PermissionDenied):
        withdraw_quote(actor=partner, quote=fresh)


def test_numbers_of_two_vendors_do_not_meet(act_for):
    first, second = (offered(act_for, trade()[2]) for _n in range(2))
    assert first.number == second.number


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_make_one_order(act_for):
    edge = trade()[2]
    quote, partner = offered(act_for, edge), act_for(edge.partner, *WRITES)
    start, outcomes = threading.Barrier(2), []

    def accept():
        try:
            start.wait()
            accept_quote(actor=partner, quote=quote)
            outcomes.append("accepted")
        except (PermissionDenied, InvalidTransition):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "refused"]
    assert Order.objects.count() == 1
