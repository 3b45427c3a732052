"""No two overlapping exclusive protections: by the rule in any order of events, and by the database's own word."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.errors import DomainError
from deals import actions
from deals.actions import AlreadyProtected
from deals.models import Deal, Protection
from deals.models.protection import CustomerCluster
from partners.actors import Actor
from tests.deals.factories import ApprovedFactory, DealFactory
from tests.factories import OrganisationFactory, UserFactory

DAY = date(2026, 3, 1)


def overlapping():
    """Pairs of exclusive protections of one vendor and customer that overlap in product line and days."""
    rows = list(Protection.objects.filter(exclusive=True))
    return [
        (one, other)
        for i, one in enumerate(rows)
        for other in rows[i + 1 :]
        if (one.vendor_id, one.cluster_id) == (other.vendor_id, other.cluster_id)
        and (one.product_line == other.product_line or "" in (one.product_line, other.product_line))
        and one.start <= other.end
        and other.start <= one.end
    ]


STEPS = ("approve", "approve", "approve", "withdraw", "lose", "extend", "revoke")


@pytest.mark.django_db
class TestAnyOrder(TestCase):
    """Two to five partners after the same customer, in any order of what they and the vendor do."""

    @settings(max_examples=40, deadline=None)
    @given(
        lines=st.lists(
            st.lists(st.sampled_from(["", "pumps", "valves"]), min_size=1, max_size=2), min_size=2, max_size=5
        ),
        story=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(STEPS)), max_size=12),
    )
    def test_nobody_is_protected_over_another(self, lines, story):
        vendor = OrganisationFactory()
        deals = [
            DealFactory(
                partnership__vendor=vendor,
                customer_name_key="one customer",
                customer_name="One customer",
                state="in_review",
                lines=[{"product_line": line} for line in set(wanted)],
            )
            for wanted in lines
        ]
        for number, step in story:
            self.act(deals[number % len(deals)], step)
            assert overlapping() == []

    def act(self, deal, step):
        deal = Deal.objects.get(pk=deal.pk)
        partner, manager, second = (person(deal.partner), person(deal.vendor), person(deal.vendor))
        try:
            if step == "approve":
                actions.approve_deal(actor=manager, deal=deal)
            elif step == "withdraw":
                actions.withdraw_deal(actor=partner, deal=deal)
            elif step == "lose":
                actions.lose_deal(actor=partner, deal=deal, reason="price")
            elif step == "extend":
                asked = actions.ask(actor=partner, deal=deal, kind="extension", reason="The tender moved.")
                actions.grant(actor=manager, petition=asked)
            else:
                asked = actions.ask(actor=manager, deal=deal, kind="revocation", reason="Wrong customer.")
                actions.grant(actor=second, petition=asked)
        except DomainError:  # its turn had passed, or somebody else is protected
            return


def person(organisation):
    """Somebody of the organisation who may do what either side does with deals."""
    return Actor(organisation, frozenset({"deals.view", "deals.register", "deals.decide"}), "web", UserFactory())


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the constraint is PostgreSQL's")
@pytest.mark.parametrize(
    ("line", "shift", "exclusive", "fits"),
    [
        ("pumps", 0, True, False),
        ("", 0, True, False),
        ("valves", 0, True, True),
        ("pumps", 90, True, False),
        ("pumps", 91, True, True),
        ("pumps", 0, False, True),
    ],
)
def test_the_database_refuses_an_overlap(line, shift, exclusive, fits):
    cluster = CustomerCluster.objects.create(vendor=OrganisationFactory(), name="One customer")

    def protect(line, start, exclusive):
        deal = DealFactory(partnership__vendor=cluster.vendor)
        row = {"vendor": cluster.vendor, "cluster": cluster, "deal": deal, "product_line": line, "exclusive": exclusive}
        Protection.objects.create(**row, start=start, end=start + timedelta(days=90))

    protect("pumps", DAY, True)
    if fits:
        protect(line, DAY + timedelta(days=shift), exclusive)
    else:
        with pytest.raises(IntegrityError, match="no_two_exclusive_protections"), transaction.atomic():
            protect(line, DAY + timedelta(days=shift), exclusive)
    assert Protection.objects.count() == (2 if fits else 1)


@pytest.mark.django_db
def test_an_approval_against_a_held_customer_waits(act_for):
    held = ApprovedFactory()
    rival = DealFactory(
        partnership__vendor=held.vendor,
        customer_name=held.customer_name,
        customer_name_key=held.customer_name_key,
        state="in_review",
    )
    with pytest.raises(AlreadyProtected):
        actions.approve_deal(actor=act_for(held.vendor, "deals.view", "deals.decide"), deal=rival)
    assert Protection.objects.get().deal == held


def test_the_diagram_in_the_docs_is_that_of_the_code():
    call_command("deals_diagram", check=True)
