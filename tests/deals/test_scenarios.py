"""The state table of a deal, row by row as in the specification: allowed, refused in every other state, refused to
everybody else. What `deals.steps.STEPS` says of trail and notification is what happens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils.timezone import localdate, now

from core.errors import DomainError
from core.models import TrailEntry
from deals import actions
from deals.actions import automatic
from deals.actions.checking import check
from deals.models import Approval, ApprovalStep, Deal, Petition, RegistrationType
from deals.steps import STEPS
from deals.working_time import calendar_of, minutes_between
from inbox.models import Notification
from partners.actors import system_actor
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.deals.test_automatic import SMALL, rule
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db


class World:
    """The two sides of one partnership, a stranger, and deals in any state."""

    def __init__(self, act_for):
        self.act_for = act_for
        self.edge = PartnershipFactory()
        self.seller = act_for(self.edge.partner, "deals.view", "deals.register")
        self.colleague = act_for(self.edge.partner, "deals.view", "deals.register")
        self.partner_reader = act_for(self.edge.partner, "deals.view")
        self.reviewer = act_for(self.edge.vendor, "deals.view", "deals.decide", "deals.terms")
        self.second = act_for(self.edge.vendor, "deals.view", "deals.decide")
        self.vendor_reader = act_for(self.edge.vendor, "deals.view")
        self.stranger = act_for(OrganisationFactory(), "deals.view", "deals.register", "deals.decide")
        self.system = system_actor(self.edge.vendor)

    def deal(self, state: str) -> Deal:
        """A deal in this state, consistent with it."""
        common = {"partnership": self.edge, "submitter": self.seller.user, "state": state, "note": "About."}
        if state not in {"submitted", "in_review"}:
            common["sla_due_at"] = None
        yesterday = localdate() - timedelta(days=1)
        if state == "draft":
            return DraftFactory(**common)
        if state == "approved":
            return ApprovedFactory(**common)
        if state == "returned":
            asked = {"returned_fields": ["note"], "returned_reason": "Why?", "returned_at": now()}
            return DealFactory(**common, **asked, sla_minutes_left=120)
        if state == "rejected":
            return DealFactory(**common, decided_at=now(), decided_by=self.reviewer.user, closure_note="No.")
        if state == "expired":
            return DealFactory(**common, protected_from=yesterday - timedelta(days=90), protected_until=yesterday)
        return DealFactory(**common)

    def asked(self, deal: Deal, kind: str, by: Any, decides: Any) -> Petition:
        """Ask for something and have it granted."""
        row = actions.ask(actor=by, deal=deal, kind=kind, reason="The tender moved.")
        return actions.grant(actor=decides, petition=row)


def submit(world, deal, actor):
    actions.submit_deal(actor=actor, deal=deal, terms=True)


def take(world, deal, actor):
    actions.take_deal(actor=actor, deal=deal)


def release(world, deal, actor):
    actions.release_deal(actor=actor, deal=deal)


def return_(world, deal, actor):
    actions.return_deal(actor=actor, deal=deal, fields=["note"], reason="Which pumps?")


def resubmit(world, deal, actor):
    actions.resubmit_deal(actor=actor, deal=deal, fields={"note": "Six vertical ones."})


def approve(world, deal, actor):
    actions.approve_deal(actor=actor, deal=deal)


def approve_by_rule(world, deal, actor):
    """What submitting calls last, with a rule that lets the deal through."""
    default = RegistrationType.objects.default_of(deal.vendor_id)
    actions.save_type(actor=world.reviewer, type_=default, fields={"rules": [rule(SMALL)]})
    deal = Deal.objects.select_related("vendor", "partnership", "type").get(pk=deal.pk)
    if not automatic.decide(deal, check(deal)):
        raise DomainError("no rule lets it through")


def reject(world, deal, actor):
    actions.reject_deal(actor=actor, deal=deal, reason="no_fit", note="Our pumps are too small.")


def withdraw(world, deal, actor):
    actions.withdraw_deal(actor=actor, deal=deal)


def win(world, deal, actor):
    actions.win_deal(actor=actor, deal=deal, order_number="PO-1")


def lose(world, deal, actor):
    actions.lose_deal(actor=actor, deal=deal, reason="price")


def expire(world, deal, actor):
    Deal.objects.filter(pk=deal.pk).update(protected_until=localdate() - timedelta(days=1))
    actions.expire_deal(deal=deal)


def reinstate(world, deal, actor):
    row = actions.ask(actor=world.seller, deal=deal, kind="reinstatement", reason="They came back.")
    actions.grant(actor=actor, petition=row)


def revoke(world, deal, actor):
    row = actions.ask(actor=actor, deal=deal, kind="revocation", reason="Wrong customer.")
    actions.grant(actor=world.second, petition=row)


def reopen(world, deal, actor):
    row = actions.ask(actor=world.seller, deal=deal, kind="appeal", reason="Look again.")
    actions.grant(actor=actor, petition=row)


def deem(world, deal, actor):
    RegistrationType.objects.filter(pk=deal.type_id).update(deemed_approval=True)
    Deal.objects.filter(pk=deal.pk).update(sla_due_at=now() - timedelta(days=30))
    check(deal)
    actions.deem_approved(deal=deal)


@dataclass(frozen=True)
class Row:
    """A row of the table: its name in the specification, the step, who takes it, and what holds afterwards."""

    row: str
    step: str
    run: Callable[..., None]
    actor: str
    after: Callable[[Deal], bool]

    @property
    def refused(self) -> tuple[str, ...]:
        """Who must not take it; nobody but the portal calls the steps of the portal."""
        if self.actor == "seller":
            return ("reviewer", "partner_reader", "stranger")
        if self.actor == "system":
            return ("reviewer", "seller", "stranger") if self.step == "win" else ()
        return ("seller", "vendor_reader", "stranger", "submitter")


def protected(deal: Deal) -> bool:
    """Protected for its days, with reminders ahead and no review due."""
    until = deal.protected_until
    ends = set(deal.protections.values_list("end", flat=True))
    return ends == {until} and until > localdate() and deal.reminders.exists() and deal.sla_due_at is None


def unprotected(deal: Deal) -> bool:
    """No protection is left, and no reminder of its end."""
    return not deal.protections.exists() and not deal.reminders.filter(sent_at=None).exists()


TABLE = [
    Row(
        "draft → submitted",
        "submit",
        submit,
        "seller",
        lambda d: bool(d.number and d.priority_at and d.sla_due_at and d.receipt_sha256),
    ),
    Row(
        "submitted → in_review", "take", take, "reviewer", lambda d: d.owner_id is not None and d.sla_due_at is not None
    ),
    Row(
        "in_review → submitted (given back)",
        "release",
        release,
        "reviewer",
        lambda d: d.owner is None and d.sla_due_at is not None,
    ),
    Row(
        "in_review → returned",
        "return",
        return_,
        "reviewer",
        lambda d: d.sla_due_at is None and (d.sla_minutes_left or 0) > 0 and d.returned_fields == ["note"],
    ),
    Row(
        "returned → submitted",
        "resubmit",
        resubmit,
        "seller",
        lambda d: d.sla_due_at is not None and d.sla_minutes_left is None and d.note == "Six vertical ones.",
    ),
    Row("in_review → (pending_approval →) approved", "approve", approve, "reviewer", protected),
    Row("submitted → approved (automatic rule)", "approve_by_rule", approve_by_rule, "system", protected),
    Row(
        "any open → rejected",
        "reject",
        reject,
        "reviewer",
        lambda d: d.closure_code == "no_fit" and d.sla_due_at is None,
    ),
    Row("approved → withdrawn, and any open", "withdraw", withdraw, "seller", unprotected),
    Row("approved → won", "win", win, "system", lambda d: d.closure_note == "PO-1" and d.probability == 100),
    Row("approved → lost", "lose", lose, "seller", unprotected),
    Row("approved → expired", "expire", expire, "system", lambda d: True),
    Row("expired → approved (reinstated)", "reinstate", reinstate, "reviewer", protected),
    Row("approved → revoked", "revoke", revoke, "reviewer", unprotected),
    Row(
        "rejected → submitted (appeal)",
        "reopen",
        reopen,
        "second",
        lambda d: d.owner is None and d.sla_due_at is not None,
    ),
    Row("approved → deemed approved", "deem", deem, "system", protected),
]
ALLOWED = [(row, state) for row in TABLE for state in sorted(Deal.TRANSITIONS[row.step].sources)]
REFUSED = [
    (row, state) for row in TABLE for state in Deal.State.values if state not in Deal.TRANSITIONS[row.step].sources
]
ACTORS = [(row, actor) for row in TABLE for actor in row.refused]


def named(value: Any) -> str:
    return value.row if isinstance(value, Row) else str(value)


@pytest.fixture
def world(act_for, at_noon):
    return World(act_for)


def test_the_table_is_complete():
    assert {row.step for row in TABLE} == set(Deal.TRANSITIONS) == set(STEPS)
    call_command("deals_diagram", check=True)


@pytest.mark.parametrize(("row", "state"), ALLOWED, ids=named)
def test_allowed(world, row, state, django_capture_on_commit_callbacks):
    deal = world.deal(state)
    with django_capture_on_commit_callbacks(execute=True):
        row.run(world, deal, getattr(world, row.actor))
    deal = Deal.objects.get(pk=deal.pk)
    assert deal.state == Deal.TRANSITIONS[row.step].target
    assert row.after(deal)
    says = STEPS[row.step]
    entry = TrailEntry.objects.filter(target="deals.deal", target_id=deal.pk, verb=says.verb).last()
    assert entry is not None
    assert set(entry.readers.values_list("organisation", flat=True)) == {deal.vendor_id, deal.partner_id}
    told = set(Notification.objects.filter(entry=entry).values_list("membership__organisation", flat=True))
    assert told == {"partner": {deal.partner_id}, "vendor": {deal.vendor_id}, "": set()}[says.told]


@pytest.mark.parametrize(("row", "state"), REFUSED, ids=named)
def test_refused_state(world, row, state):
    deal = world.deal(state)
    with pytest.raises((DomainError, Deal.DoesNotExist)):  # the vendor is told nothing of a draft, not even that it is
        row.run(world, deal, getattr(world, row.actor))
    assert Deal.objects.get(pk=deal.pk).state == state
    assert not TrailEntry.objects.filter(target="deals.deal", target_id=deal.pk, verb=STEPS[row.step].verb).exists()


@pytest.mark.parametrize(("row", "actor"), ACTORS, ids=named)
def test_refused_actor(world, row, actor):
    state = min(Deal.TRANSITIONS[row.step].sources)
    deal = world.deal(state)
    if actor == "submitter":  # somebody of the vendor who registered the deal themselves
        Deal.objects.filter(pk=deal.pk).update(submitter=getattr(world, row.actor).user)
        who = getattr(world, row.actor)
    else:
        who = getattr(world, actor)
    hidden = (PermissionDenied, Deal.DoesNotExist)
    with pytest.raises(Deal.DoesNotExist if actor == "stranger" else hidden if state == "draft" else PermissionDenied):
        row.run(world, deal, who)
    assert Deal.objects.get(pk=deal.pk).state == state


# Beside the table ---------------------------------------------------------------------------------------------------


def test_in_review_to_pending_approval_to_approved(world, act_for):
    approver = act_for(world.edge.vendor, "deals.view", "deals.approve")
    actions.set_policy(actor=world.reviewer, fields={"name": "Director"})
    deal = world.deal("in_review")
    actions.approve_deal(actor=world.reviewer, deal=deal)
    deal.refresh_from_db()
    assert (deal.state, Approval.objects.get().state) == ("in_review", "pending")
    for who in (world.reviewer, world.second, world.vendor_reader):
        with pytest.raises(PermissionDenied):
            actions.approve_step(actor=who, step=ApprovalStep.objects.get())
    actions.approve_step(actor=approver, step=ApprovalStep.objects.get())
    assert Deal.objects.get(pk=deal.pk).state == "approved"


def test_submitted_to_queued_and_woken(world):
    """An active exclusive protection blocks it; it keeps its place, and is woken when the blocker ends."""
    held = ApprovedFactory(partnership__vendor=world.edge.vendor)
    same = {"customer_name": held.customer_name, "customer_name_key": held.customer_name_key}
    draft = DraftFactory(partnership=world.edge, **same)
    deal = actions.submit_deal(actor=world.seller, deal=draft, terms=True)
    assert (deal.state, deal.conflict_check.queued) == ("submitted", True)
    before = deal.priority_at
    actions.withdraw_deal(actor=world.act_for(held.partner, "deals.register"), deal=held)
    deal = Deal.objects.get(pk=deal.pk)
    assert (deal.conflict_check.queued, deal.priority_at) == (False, before)
    assert TrailEntry.objects.filter(verb="deal.unblocked", target_id=deal.pk).exists()


@pytest.mark.parametrize("pending", [True, False])
def test_an_extension_freezes_the_clock(world, pending):
    deal = world.deal("approved")
    if pending:
        actions.ask(actor=world.seller, deal=deal, kind="extension", reason="The tender moved.")
        with pytest.raises(DomainError):
            expire(world, deal, None)
    else:
        expire(world, deal, None)
    assert Deal.objects.get(pk=deal.pk).state == ("approved" if pending else "expired")


def test_the_clock_of_the_review_stands_still_while_returned(world, time_machine):
    deal = world.deal("submitted")
    take(world, deal, world.reviewer)
    return_(world, deal, world.reviewer)
    left = Deal.objects.get(pk=deal.pk).sla_minutes_left
    time_machine.shift(timedelta(days=2))  # Wednesday noon, Friday noon
    resubmit(world, deal, world.seller)
    deal = Deal.objects.get(pk=deal.pk)
    assert minutes_between(now(), deal.sla_due_at, calendar_of(deal.vendor_id)) == max(left, 60)


@pytest.mark.parametrize("step", ["withdraw", "lose", "win", "revoke"])
def test_what_has_ended_leaves_nothing_to_decide(world, step):
    """A request for more time would otherwise keep alive the protection of a deal that is won, and block others."""
    deal = world.deal("approved")
    asked = actions.ask(actor=world.seller, deal=deal, kind="extension", reason="The tender moved.")
    row = next(each for each in TABLE if each.step == step)
    row.run(world, deal, getattr(world, row.actor))
    asked.refresh_from_db()
    assert asked.state == "dropped"
