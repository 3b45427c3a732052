"""Where an invoice line came from: the chain with what it rests on, who is credited, and who may know."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import minor_units
from insights.attribution.keeping import keep_all, keep_deals, keep_invoice, keep_orders
from insights.attribution.splitting import MODELS, shared, split
from insights.models import Credit, Trace
from insights.tasks import follow_letters, keep_credits_of_lead, keep_credits_of_request
from orders.actions import receive_invoice
from orders.documents import InvoiceDocument, InvoiceLineDocument
from orders.models import InvoiceLine, Order, Quote
from tests.deals.factories import DraftFactory
from tests.factories import PartnershipFactory
from tests.insights.sales import CUSTOMER, Sale, snapshot
from tests.insights.stories import at
from tests.leads.factories import LeadFactory
from tests.orders.factories import place

AMOUNTS = st.decimals("-99999999", "99999999", places=2) | st.decimals("-9999", "9999", places=4)


@given(amount=AMOUNTS, count=st.integers(1, 45), currency=st.sampled_from(["EUR", "JPY", "KWD", "XXX"]))
def test_the_parts_of_every_model_add_up_to_the_amount(amount, count, currency):
    found = shared(amount, count, currency)
    assert set(found) == set(MODELS)
    for name, parts in found.items():
        assert len(parts) == count and sum(parts) == amount, name
        assert all(part * amount >= 0 for part in parts), "no part goes the other way"
    unit = Decimal(1).scaleb(-minor_units(currency))
    unit = unit if amount % unit == 0 else Decimal(1).scaleb(int(amount.normalize().as_tuple().exponent))
    assert max(found["linear"]) - min(found["linear"]) <= unit, "parts of the same weight differ by one unit at most"
    assert found["first"][0] == amount == found["last"][-1]
    assert found["linear"] == sorted(found["linear"], key=abs, reverse=True), "what is left over goes to the earlier"


def test_position_gives_two_fifths_to_each_end():
    assert split(Decimal("100.00"), MODELS["position"](4), "EUR") == [40, 10, 10, 40]
    assert split(Decimal("-0.05"), MODELS["position"](3), "EUR") == [
        Decimal("-0.02"),
        Decimal("-0.01"),
        Decimal("-0.02"),
    ]
    assert split(Decimal(5), MODELS["position"](2), "JPY") == [3, 2]


@pytest.fixture
def sale(db, time_machine):
    time_machine.move_to(at(20, 12), tick=False)
    return Sale()


def test_a_line_goes_back_to_its_lead_by_links_that_say_what_they_rest_on(sale):
    deal = sale.deal()
    lead = sale.lead(deal, campaign="Fair in Hannover")
    order = sale.order(deal)
    Quote.objects.create(
        vendor=sale.vendor, partner=sale.partner, partnership=sale.edge, number="Q-1", title="x", currency="EUR",
        valid_until=date(2026, 12, 1), order=order, state="accepted", sent_at=at(8),
    )  # fmt: skip
    sale.invoice(order, "120.00")
    trace, vendors, partners = sale.traced()
    assert (trace.deal, trace.deal_basis, trace.quote_basis, trace.get_confidence_display()) == (
        deal, "number", "key", "Certain",
    )  # fmt: skip
    assert vendors == [("campaign", "lead", "key", "certain", Decimal(120))]
    assert partners == [("lead", "lead", "key", "certain", Decimal(120))], "where it was found is the vendor's to know"
    assert Credit.objects.get(owner=sale.vendor).source_name == "Fair in Hannover"
    assert Credit.objects.get(owner=sale.vendor).touched_id == lead.pk
    assert "Hannover" not in str(Credit.objects.filter(owner=sale.partner).values())
    assert trace.order_id == order.pk


def test_a_person_s_word_is_probable_and_a_quote_may_name_the_deal(sale):
    sale.lead(deal := sale.deal())
    sale.invoice(sale.order(deal, basis="person"))
    assert sale.traced()[1][0][2:4] == ("key", "probable")
    named = sale.deal()
    Quote.objects.create(
        vendor=sale.vendor, partner=sale.partner, partnership=sale.edge, number="Q-7", title="x", currency="EUR",
        valid_until=date(2026, 12, 1), state="sent", sent_at=at(8), deal=named,
    )  # fmt: skip
    hostile = [["quotation"], "quotation", 7, ["quotation", {"a": 1}], ["quotation", "Q-7"]]
    sale.invoice(sale.order(references=hostile[:3] + hostile[4:]))
    trace, _vendors, _partners = sale.traced()
    assert (trace.deal, trace.deal_basis, trace.quote_basis) == (named, "number", "number")


def test_a_deal_is_guessed_only_where_there_is_one(sale):
    first = sale.deal(state="approved")
    sale.invoice(sale.order())
    trace, vendors, _partners = sale.traced()
    assert (trace.deal, trace.deal_basis, trace.get_confidence_display()) == (first, "product", "Possible")
    assert vendors == [("none", "none", "", "no link", Decimal(100))]
    second = sale.deal(state="approved")
    assert sale.traced()[0].deal is None, "of two nobody can say which"
    Order.objects.filter(pk=sale.order(second).pk).update(deal=second)
    assert sale.traced()[0].deal == first, "the other has an order of its own"
    first.decided_at = at(12)
    first.save(update_fields=["decided_at"])
    assert sale.traced()[0].deal is None, "approved after it was ordered"


def test_credit_notes_take_back_and_what_was_corrected_or_prepaid_is_out(sale):
    sale.lead(deal := sale.deal())
    order = sale.order(deal)
    sale.invoice(order, "100.00", "50.00", number="FT-A")
    sale.invoice(order, "30.00", kind="credit_note", preceding="FT-A")
    sale.invoice(order, "77.00", kind="prepayment")
    keep_all()
    assert sum(Trace.objects.values_list("amount", flat=True)) == 120
    assert sum(Credit.objects.filter(owner=sale.vendor, kind="campaign").values_list("last", flat=True)) == 120
    corrected = sale.invoice(order, "90.00", kind="corrected", preceding="FT-A")
    kept = keep_invoice(corrected.pk)
    assert sum(Trace.objects.values_list("amount", flat=True)) == 60
    assert kept.facts == 1 and len(kept.mended) == 3
    assert keep_all().mended == []


def test_what_led_there_is_shared_in_the_order_of_its_time(sale):
    deal = sale.deal(source="campaign", customer_email="anna@zirkonia.example")
    sale.lead(deal, created=at(2))
    order = sale.order(deal)
    sale.activity()
    sale.read(sale.vendor, clicked=at(4))
    sale.read(sale.vendor, opened=at(4, 15), email="otto@zirkonia.example")
    sale.read(sale.vendor, clicked=at(11))  # after the order
    sale.read(sale.vendor, clicked=at(4), email="anna@elsewhere.example")
    sale.redeem(order)
    sale.invoice(order, "100.01")
    _trace, vendors, _partners = sale.traced()
    assert vendors == [
        ("fund", "activity", "time", "possible", Decimal("20.01")),
        ("campaign", "lead", "key", "certain", 20),
        ("mailing", "click", "address", "probable", 20),
        ("mailing", "open", "customer", "possible", 20),
        ("promotion", "redeemed", "key", "certain", 20),
    ]
    mine = Credit.objects.filter(owner=sale.vendor)
    assert [row.first for row in mine.order_by("place")] == [Decimal("100.01"), 0, 0, 0, 0]
    assert mine.get(kind="promotion").last == Decimal("100.01") and mine.get(kind="fund").position == 40


def test_an_activity_named_by_its_number_or_its_title_is_surer_than_its_time(sale):
    from core.numbers import with_check_digit

    number = with_check_digit("MDF-", 4711)
    sale.activity(number=number)
    sale.activity(starts=date(2026, 10, 1))
    sale.invoice(sale.order(sale.deal(source="campaign", note=f"They came to our stand, see {number.lower()}")))
    assert sale.traced()[1] == [("fund", "activity", "number", "certain", Decimal(100))]
    other = Sale()
    other.activity()
    other.lead(deal := other.deal(), campaign="FAIR of  the year")
    other.invoice(other.order(deal))
    _trace, vendors, partners = other.traced()
    assert [row[:4] for row in vendors] == [
        ("fund", "activity", "person", "probable"), ("campaign", "lead", "key", "certain"),
    ]  # fmt: skip
    assert [row[0] for row in partners] == ["lead"], "what the vendor wrote on its lead is not told by a share"


def test_neither_side_s_own_knowledge_changes_a_share_of_the_other(sale):
    """A letter, a lead held by nobody or by a rival, another partner's activity: nothing in the other book moves."""
    sale.lead(deal := sale.deal(customer_email="anna@zirkonia.example"))
    order = sale.order(deal)
    sale.invoice(order, "99.99")
    before = sale.traced()[2]
    sale.read(sale.vendor, clicked=at(4), source="campaign", source_id=7)
    rival = Sale(PartnershipFactory(vendor=sale.vendor))
    rival.activity()
    rival.read(rival.partner, clicked=at(4))
    _trace, vendors, partners = sale.traced()
    assert partners == before and len(vendors) == 2
    sale.read(sale.partner, clicked=at(3))
    _trace, again, partners = sale.traced()
    assert again == vendors and len(partners) == 2
    assert not Credit.objects.filter(owner=rival.partner).exists()


def test_a_lead_that_looks_the_same_is_a_guess_of_those_who_know_it(sale):
    sale.invoice(sale.order(sale.deal(customer_email="Anna@Zirkonia.example", customer_name_key="nobody")))
    sale.lead(email="anna@zirkonia.example", campaign="")
    rival = PartnershipFactory(vendor=sale.vendor).partner
    sale.lead(email="anna@zirkonia.example", state="accepted", holder=rival)
    sale.lead(email="anna@zirkonia.example", created=at(7))  # after the deal
    _trace, vendors, partners = sale.traced()
    assert vendors == [("lead", "lead", "address", "probable", Decimal(100))]
    assert partners[0][0] == "none"
    sale.invoice(sale.order(sale.deal(customer_name_key="zirkonia werke", customer_country="DE")))
    sale.lead(company="Zirkonia Werke GmbH", email="", website="")
    assert sale.traced()[1][0][:4] == ("campaign", "lead", "customer", "possible")


def test_a_campaign_is_known_to_the_participant_on_whose_page_the_lead_came(sale):
    """Of a joint campaign the vendor knows its own leads and letters, the partner its own leads."""
    sale.lead(deal := sale.deal(customer_email="anna@zirkonia.example"), origin="campaign", origin_id=7)
    sale.invoice(sale.order(deal))
    sale.read(sale.vendor, clicked=at(4), source="campaign", source_id=7)
    sale.traced()
    assert set(Credit.objects.filter(owner=sale.vendor).values_list("kind", "source_id")) == {("campaign", 7)}
    assert Credit.objects.get(owner=sale.partner).source_name == "passed"
    own = sale.deal(customer_email="otto@elsewhere.example", customer_domain="")
    LeadFactory(
        vendor=sale.partner, origin="campaign", origin_id=8, email="otto@elsewhere.example", created=at(2), website=""
    )
    sale.invoice(sale.order(own))
    trace, vendors, partners = sale.traced()
    assert [row[0] for row in vendors] == ["none"]
    assert partners == [("campaign", "lead", "address", "probable", Decimal(100))]
    assert Credit.objects.get(trace=trace, owner=sale.partner).source_id == 8


def test_a_draft_of_the_buyer_says_nothing_to_the_seller(sale):
    """An order that the buyer only prepares takes no deal out of what is guessed, or the seller would know of it."""
    deal = sale.deal(state="approved")
    sale.invoice(sale.order())
    Order.objects.create(
        buyer=sale.partner, seller=sale.vendor, partnership=sale.edge, number="D", source="web", state="draft",
        currency="EUR", deal=deal,
    )  # fmt: skip
    DraftFactory(partnership=sale.edge)
    assert sale.traced()[0].deal == deal


def test_events_bring_the_same_as_tracing_everything_anew(sale, act_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        order = place(act_for, seller=sale.vendor, buyer=sale.partner)
        lines = (InvoiceLineDocument(number="1", quantity=Decimal(2), unit_price=Decimal(50), order_line="1"),)
        seller = act_for(sale.vendor, "orders.invoice", "orders.view", "orders.respond")
        document = InvoiceDocument(
            number="I-1", lines=lines, order_number="PO-1", currency="EUR", issued_on=date(2026, 11, 21)
        )
        receive_invoice(actor=seller, document=document, buyer=sale.partner, seller=sale.vendor)
    assert Trace.objects.get().order == order
    first = snapshot()
    assert keep_all().mended == [] and snapshot() == first
    from orders.actions import link_deal

    sale.lead(deal := sale.deal(state="approved"))
    with django_capture_on_commit_callbacks(execute=True):
        link_deal(actor=seller, order=order, deal=deal)
    assert Trace.objects.get().deal_basis == "person"
    assert Credit.objects.filter(owner=sale.vendor, kind="campaign").exists()
    second = snapshot()
    assert second != first and keep_all().mended == [] and snapshot() == second


STEPS = ("lead", "link", "unlink", "read", "promotion", "credit", "correct", "deal", "activity", "lose")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=8))
def test_in_any_order_it_comes_to_what_a_rebuild_gives(sale, steps):
    """After each change the verb that it would set off, then everything from nothing: the same."""
    InvoiceLine.objects.all().delete()  # of the example before
    other = Sale(sale.edge)
    other.product = sale.product
    deals = [other.deal(state="approved", source="campaign") for _each in range(2)]
    orders = [other.order() for _each in range(3)]
    invoices = [other.invoice(order, "10.01", "0.02") for order in orders]
    for invoice in invoices:
        keep_invoice(invoice.pk)
    for step, at_ in steps:
        _change(other, step, at_, deals, orders, invoices)
    for deal in deals:
        keep_deals([deal.pk])
    keep_orders([order.pk for order in orders])
    kept = snapshot()
    Trace.objects.all().delete()
    keep_all()
    assert snapshot() == kept
    for owner in (other.vendor, other.partner):
        for model in MODELS:
            found = sum(Credit.objects.filter(owner=owner).values_list(model, flat=True))
            assert found == sum(Trace.objects.filter(vendor=other.vendor).values_list("amount", flat=True))


def _change(sale, step, at_, deals, orders, invoices):
    deal, order, invoice = deals[at_ % 2], orders[at_], invoices[at_]
    if step == "lead":
        sale.lead(deal, created=at(1 + at_))
        keep_deals([deal.pk])
    elif step in ("link", "unlink"):
        row = deal if step == "link" else None
        Order.objects.filter(pk=order.pk).update(deal=row, deal_basis="person" if row else "")
        keep_orders([order.pk])
        keep_deals([deal.pk])
    elif step == "read":
        sale.read(sale.vendor if at_ else sale.partner, clicked=at(3 + at_), email=f"p{at_}@{CUSTOMER}")
    elif step == "promotion":
        sale.redeem(order)
        keep_orders([order.pk])
    elif step == "credit":
        keep_invoice(sale.invoice(order, "3.33", kind="credit_note", preceding=invoice.number).pk)
    elif step == "correct":
        keep_invoice(sale.invoice(order, "9.00", kind="corrected", preceding=invoice.number).pk)
    elif step == "deal":
        deals.append(sale.deal(state="approved"))
        keep_deals([deals[-1].pk])
    elif step == "activity":
        sale.activity()
    else:
        type(deal).objects.filter(pk=deal.pk).update(state="lost")
        keep_deals([deal.pk])


def test_many_lines_cost_as_many_queries_as_few(sale):
    sale.lead(deal := sale.deal(customer_email="anna@zirkonia.example"))
    order = sale.order(deal)
    sale.redeem(order)
    sale.read(sale.vendor, clicked=at(4))
    sale.activity()
    counts = []
    for many in (1, 60):
        sale.invoice(order, *["1.00"] * many)
        sale.invoice(sale.order(sale.deal()), *["1.00"] * many)
        with CaptureQueriesContext(connection) as queries:
            keep_all()
        counts.append(len([each for each in queries if each["sql"].startswith("SELECT")]))  # inserts go by the batch
    assert counts[0] == counts[1] <= 20
    assert InvoiceLine.objects.count() == Trace.objects.count() == 122


# What is told between two nights.


def sources(sale, owner):
    trace = Trace.objects.order_by("-line_id").first()
    return [row[:2] for row in sale.book(trace, owner)]


def test_a_letter_that_was_read_counts_within_a_run_of_the_job(sale, time_machine):
    time_machine.move_to(at(9, 12), tick=False)
    sale.invoice(sale.order(sale.deal()))
    keep_all()
    sale.read(sale.partner, clicked=at(9, 11), email="stranger@elsewhere.example")
    sale.read(sale.vendor, clicked=at(9, 11))
    follow_letters.call()
    assert sources(sale, sale.vendor) == [("none", "none")]  # an hour ago: that run is long over
    sale.read(sale.vendor, opened=at(9, 11) + timedelta(minutes=50))
    follow_letters.call()
    assert [did for _kind, did in sources(sale, sale.vendor)] == ["click", "open"]
    assert sources(sale, sale.partner) == [("none", "none")]
    before = snapshot()
    follow_letters.call()
    keep_all()
    assert snapshot() == before


def test_money_of_a_fund_counts_when_it_is_granted_and_no_longer_when_it_is_off(sale):
    sale.invoice(sale.order(sale.deal(source="campaign")))
    keep_all()
    request = sale.activity()
    keep_credits_of_request.call(request.pk)
    assert sources(sale, sale.partner) == [("fund", "activity")]
    request.state = "cancelled"
    request.save()
    keep_credits_of_request.call(request.pk)
    assert sources(sale, sale.partner) == [("none", "none")]


def test_a_lead_that_was_corrected_or_binned_counts_anew(sale):
    sale.invoice(sale.order(sale.deal(customer_email="Anna@zirkonia.example")))
    lead = sale.lead(email="someone@else.example")
    keep_all()
    assert sources(sale, sale.vendor) == [("none", "none")]
    lead.email, lead.email_key = "anna@zirkonia.example", "anna@zirkonia.example"
    lead.save()
    keep_credits_of_lead.call(lead.pk)
    assert sources(sale, sale.vendor) == [("campaign", "lead")]
    lead.state = "spam"
    lead.save()
    keep_credits_of_lead.call(lead.pk)
    assert sources(sale, sale.vendor) == [("none", "none")]
