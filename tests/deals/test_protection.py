"""No two exclusive protections ever overlap, and no partner ever learns of another's."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit import timeline_of
from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from deals import actions
from deals.actions.reviewing import AlreadyProtected
from deals.identity import name_key
from deals.models import ClusterKey, ConflictCheck, Deal, Protection
from tests.deals.factories import ApprovedFactory, DealFactory, QueuedFactory
from tests.factories import OrganisationFactory, PartnershipFactory

NAMES = ("Adige S.p.A.", "ADIGE spa", "Brenta GmbH")
PRODUCT_LINES = ("", "Pumps", "Drives")


def rival(deal, **values):
    """Another partner's registration with the same vendor, for the same customer unless told otherwise."""
    same = {name: getattr(deal, name) for name in ("customer_name", "customer_name_key", "customer_vat", "type")}
    return DealFactory(**{"partnership__vendor": deal.vendor, "state": "in_review", **same, **values})


def overlapping(rows):
    rows = list(rows)
    return [
        (one, other)
        for index, one in enumerate(rows)
        for other in rows[index + 1 :]
        if one.vendor_id == other.vendor_id
        and one.cluster_id == other.cluster_id
        and (one.product_line == other.product_line or "" in {one.product_line, other.product_line})
        and one.start <= other.end
        and other.start <= one.end
        and one.deal_id != other.deal_id
    ]


@pytest.mark.django_db
def test_a_second_partner_waits_and_nobody_tells_it_why(reviewer):
    held = ApprovedFactory()
    late = rival(held)
    with pytest.raises(AlreadyProtected, match=held.partner.name):
        actions.approve_deal(actor=reviewer(late), deal=late)
    late.refresh_from_db()
    assert (late.state, late.protected_until, late.version) == ("in_review", None, 1)
    assert ConflictCheck.objects.get(deal=late).queued
    entry = TrailEntry.objects.get(verb="deal.queued")
    assert list(entry.readers.values_list("organisation", flat=True)) == [held.vendor_id]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("theirs", "mine", "blocked"),
    [("Pumps", "Pumps", True), ("Pumps", "Drives", False), ("", "Drives", True), ("Pumps", "", True)],
)
def test_only_products_in_common_conflict(reviewer, theirs, mine, blocked):
    held = ApprovedFactory(lines=[{"product_line": theirs}])
    late = rival(held, lines=[{"product_line": mine}])
    try:
        actions.approve_deal(actor=reviewer(late), deal=late)
    except AlreadyProtected:
        assert blocked
    else:
        assert not blocked


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"customer_name": "Other", "customer_name_key": "other", "customer_vat": "IT00743110157"},
        {"customer_name": "Other", "customer_name_key": "other", "customer_domain": "adige.example"},
    ],
)
def test_a_customer_is_known_by_any_strong_key(reviewer, values):
    held = ApprovedFactory(customer_vat="IT00743110157", customer_domain="adige.example")
    late = rival(held, **values)
    with pytest.raises(AlreadyProtected):
        actions.approve_deal(actor=reviewer(late), deal=late)


@pytest.mark.django_db
def test_vendors_do_not_know_of_each_other(reviewer):
    held = ApprovedFactory()
    elsewhere = DealFactory(
        state="in_review", customer_name=held.customer_name, customer_name_key=held.customer_name_key
    )
    assert actions.approve_deal(actor=reviewer(elsewhere), deal=elsewhere).state == "approved"


@pytest.mark.django_db
def test_a_submission_teaches_no_keys(seller):
    draft = DealFactory(state="draft", number="", customer_vat="IT00743110157", customer_domain="adige.example")
    actions.submit_deal(actor=seller(draft), deal=draft, terms=True)
    assert not ClusterKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["withdraw", "lose", "expire"])
def test_who_waits_is_woken_when_the_protection_ends(seller, ending):
    queued = QueuedFactory()
    held = queued.conflict_check.blocker
    if ending == "withdraw":
        actions.withdraw_deal(actor=seller(held), deal=held)
    elif ending == "lose":
        actions.lose_deal(actor=seller(held), deal=held, reason="price")
    else:
        past = localdate() - timedelta(days=1)
        Deal.objects.filter(pk=held.pk).update(protected_until=past)
        Protection.objects.update(start=past, end=past)
        actions.expire_deal(deal=held)
    check = ConflictCheck.objects.get(deal=queued)
    # Who lost a customer lately leaves a mark on it; otherwise nothing is left of the conflict.
    assert (check.queued, check.verdict) == (False, "possible" if ending == "lose" else "clear")
    assert TrailEntry.objects.filter(verb="deal.unblocked", target_id=queued.pk).exists()


@pytest.mark.django_db
def test_open_rivals_are_named_to_the_reviewers_with_a_score(seller):
    first = DealFactory(customer_vat="IT00743110157")
    draft = rival(first, state="draft", number="")
    deal = actions.submit_deal(actor=seller(draft), deal=draft, terms=True)
    check = ConflictCheck.objects.get(deal=deal)
    assert (check.verdict, check.queued) == ("possible", False)
    [found] = check.findings
    assert (found["kind"], found["deal"], found["score"], found["lines"]) == ("deal", first.pk, 100, [""])
    assert found["matched"] == ["tax_id", "name_same", "name_country"]


@pytest.mark.django_db
def test_the_partner_never_meets_a_word_of_the_conflict(sign_in, act_for, seller):
    """Page, list, board, panel, CSV, API, timeline, notifications: the same as for a deal without a conflict."""
    held = ApprovedFactory()
    held.partner.name = "Zanella Secret Rival"
    held.partner.save()
    draft = rival(held, state="draft", number="")
    deal = actions.submit_deal(actor=seller(draft), deal=draft, terms=True)
    assert ConflictCheck.objects.get(deal=deal).queued
    client = sign_in(deal.partner, "deals.view", "deals.register", "chat.post", "trail.view", "customers.manage")
    pages = [f"/deals/{deal.pk}/", "/deals/", "/deals/board/", f"/api/v1/deals/{deal.pk}/", "/trail/", "/", "/inbox/"]
    seen = "".join(client.get(page).text for page in pages)
    seen += client.get(f"/deals/{deal.pk}/", headers={"HX-Request": "true"}).text
    seen += b"".join(client.get("/deals/?format=csv").streaming_content).decode()
    seen += client.get("/search/", {"q": deal.customer_name}).text
    actor = act_for(deal.partner, "deals.view", "deals.decide")
    lines = timeline_of(actor, deal)
    assert [line.entry.verb for line in lines] == ["deal.submitted"]
    assert deal.number in seen
    for word in (
        "queued",
        "conflict",
        "Zanella",
        "Waits behind",
        "stands in the way",
        "blocked",
        held.number,
    ):
        assert word.lower() not in seen.lower(), word
    vendor = sign_in(deal.vendor, "deals.view", "deals.decide")
    assert "Zanella Secret Rival" in vendor.get(f"/deals/{deal.pk}/").text
    reader = sign_in(deal.vendor, "deals.view")
    assert "Zanella" not in reader.get(f"/deals/{deal.pk}/").text


@pytest.mark.django_db
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["register", "approve", "withdraw", "expire"]),
            st.integers(0, 7),
            st.sampled_from(NAMES),
            st.sampled_from(PRODUCT_LINES),
        ),
        min_size=2,
        max_size=14,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_two_exclusive_protections_overlap_whatever_happens(act_for, steps):
    vendor = OrganisationFactory()
    edges = [PartnershipFactory(vendor=vendor) for _ in range(2)]
    decider = act_for(vendor, "deals.decide")
    sellers = {edge.partner_id: act_for(edge.partner, "deals.register") for edge in edges}
    deals = []
    for step, which, name, line in steps:
        if step == "register" or not deals:
            values = {"customer_name": name, "customer_name_key": name_key(name), "lines": [{"product_line": line}]}
            deals.append(DealFactory(partnership=edges[which % 2], state="in_review", **values))
            continue
        deal = deals[which % len(deals)]
        try:
            if step == "approve":
                actions.approve_deal(actor=decider, deal=deal)
            elif step == "withdraw":
                actions.withdraw_deal(actor=sellers[deal.partner_id], deal=deal)
            else:
                Deal.objects.filter(pk=deal.pk).update(protected_until=localdate() - timedelta(days=1))
                actions.expire_deal(deal=deal)
        except (DomainError, InvalidTransition):
            pass
        live = Protection.objects.filter(vendor=vendor, exclusive=True)
        assert overlapping(live) == []
        approved = Deal.objects.filter(vendor=vendor, state="approved")
        assert all(each.protections.exists() for each in approved)


@pytest.mark.django_db(transaction=True)
def test_approvals_at_once_protect_one(act_for):
    first = DealFactory(state="in_review")
    deals = [first, *(rival(first) for _ in range(3))]
    decider = act_for(first.vendor, "deals.decide")
    gate, outcomes = threading.Barrier(len(deals)), []

    def approve(deal):
        try:
            gate.wait()
            actions.approve_deal(actor=decider, deal=deal)
            outcomes.append("approved")
        except AlreadyProtected:
            outcomes.append("queued")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=[deal]) for deal in deals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["approved", "queued", "queued", "queued"]
    assert Protection.objects.count() == 1
    assert ConflictCheck.objects.filter(queued=True).count() == 3
    connection.close()
