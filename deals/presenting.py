"""How a deal is shown to one of its sides: the acts on offer, the track, the vendor's own knowledge."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.numbers import format_day
from deals import permissions, working_time
from deals.actions.petitions import may_be_asked
from deals.models import ConflictCase, ConflictCheck, Deal, Petition
from deals.plans import Plan, plan_for
from partners.access import Verdict
from partners.actors import Actor

State = Deal.State
ASKED_OF = {State.APPROVED: "extension", State.EXPIRED: "reinstatement", State.REJECTED: "appeal"}
ASKS = {
    "extension": gettext_lazy("Ask for more time…"),
    "reinstatement": gettext_lazy("Ask to be protected again…"),
    "appeal": gettext_lazy("Appeal…"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """A button on the page of a deal."""

    label: str | Promise
    verdict: Verdict
    url: str = ""
    key: str = ""
    primary: bool = False
    danger: bool = False
    quiet: bool = False
    method: str = "post"
    dialog: str = ""
    confirm: str | Promise = ""


def acts_for(actor: Actor, deal: Deal, suffix: str = "", plan: Plan | None = None) -> list[Act]:
    """What this side may do next, the primary act last; `suffix` is added to the addresses that post, `plan` is that of
    `plan_shown`."""
    on_vendor_side = permissions.is_vendor(actor, deal) and not deal.held_by_vendor
    return _vendor_acts(actor, deal, suffix, plan) if on_vendor_side else _partner_acts(actor, deal)


def _vendor_acts(actor: Actor, deal: Deal, suffix: str, plan: Plan | None) -> list[Act]:
    if plan is not None and plan.approval is not None:
        return _pending_acts(actor, deal, suffix, plan)
    may, approve = permissions.may_review(actor, deal), permissions.may_approve(actor, deal)
    reject = Act(gettext_lazy("Reject…"), may, dialog="#reject", key="X")
    if deal.state == State.SUBMITTED:
        take = _address("deals:take", deal) + suffix
        return [reject, Act(gettext_lazy("Take"), may, take, key="T", primary=True)]
    if deal.state == State.IN_REVIEW:
        words = gettext_lazy("Send for approval") if plan else gettext_lazy("Approve")
        return [
            Act(gettext_lazy("Give back"), may, _address("deals:release", deal) + suffix, quiet=True),
            Act(gettext_lazy("Return…"), may, dialog="#return", key="R"),
            reject,
            Act(words, approve, _address("deals:approve", deal) + suffix, key="A", primary=True),
        ]
    if deal.state == State.APPROVED:
        return _after_approval(may)
    return [reject] if deal.state == State.RETURNED else []


def _pending_acts(actor: Actor, deal: Deal, suffix: str, plan: Plan) -> list[Act]:
    """While others have to agree: to answer, for whom a step asks; to call it back, for who reviews."""
    sure = gettext_lazy("Call this deal back? What was agreed to so far is asked anew when you send it again.")
    back = Act(
        gettext_lazy("Call back"),
        permissions.may_review(actor, deal),
        _address("deals:recall", deal) + suffix,
        quiet=True,
        confirm=sure,
    )
    if plan.seat_of(actor.user.pk if actor.user else None) is None:
        return [back]
    may = permissions.may_vote(actor, deal)
    return [
        back,
        Act(gettext_lazy("Ask back…"), may, dialog="#step-hand-back", key="R"),
        Act(gettext_lazy("Refuse…"), may, dialog="#step-refuse", key="X"),
        Act(gettext_lazy("Agree…"), may, dialog="#step-agree", key="A", primary=True),
    ]


def plan_shown(actor: Actor, deal: Deal) -> Plan | None:
    """The approval that runs, or what sending the deal for approval would ask; None for everybody who does not decide
    for the vendor, and once the deal is decided."""
    concerned = actor.can("deals.decide") or actor.can("deals.approve")
    if not permissions.is_vendor(actor, deal) or not concerned or deal.state != State.IN_REVIEW:
        return None
    return plan_for(deal, deal.owner_id)


def _after_approval(may: Verdict) -> list[Act]:
    return [
        Act(gettext_lazy("Revoke…"), may, dialog="#revocation", quiet=True),
        Act(gettext_lazy("Mark as won…"), may, dialog="#win", key="W"),
    ]


def _partner_acts(actor: Actor, deal: Deal) -> list[Act]:
    may = permissions.may_edit(actor, deal)
    edit = _address("deals:edit", deal)
    if deal.state == State.DRAFT:
        sure = gettext_lazy("Delete this draft and its files? This cannot be undone.")
        return [
            Act(gettext_lazy("Delete"), may, _address("deals:delete", deal), danger=True, confirm=sure),
            *_hand_over(deal, may),
            Act(gettext_lazy("Go on writing"), may, edit, method="get", key="E", primary=True),
        ]
    acts = []
    if deal.state in Deal.OPEN:
        sure = gettext_lazy("Withdraw this deal? Its place and its protection are given up.")
        acts.append(Act(gettext_lazy("Withdraw"), may, _address("deals:withdraw", deal), quiet=True, confirm=sure))
    if deal.state == State.RETURNED:
        acts.append(Act(gettext_lazy("Correct"), may, edit, method="get", key="E", primary=True))
    if deal.state == State.APPROVED:
        acts.append(Act(gettext_lazy("Report as lost…"), may, dialog="#lose", key="L"))
    if kind := _may_be_asked(deal):
        asks = permissions.may_ask(actor, deal, kind)
        acts.append(Act(ASKS[kind], asks, dialog=f"#{kind}", key="M" if kind == "appeal" else "P"))
    return acts


def _hand_over(deal: Deal, may: Verdict) -> list[Act]:
    """Of a draft that the vendor prepares: giving it to the partner."""
    if not deal.held_by_vendor:
        return []
    sure = gettext_lazy("Hand it over? From then on the partner alone sees it, until it submits it.")
    return [Act(gettext_lazy("Hand over"), may, _address("deals:hand_over", deal), confirm=sure)]


def _may_be_asked(deal: Deal) -> str:
    """The one kind of request for which a deal leaves its partner room now, empty for none."""
    kind = ASKED_OF.get(State(deal.state), "")
    return kind if kind and may_be_asked(deal, kind) else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request on the page, with what this side may do about it."""

    row: Petition
    acts: list[Act]


def petitions_of(actor: Actor, deal: Deal) -> list[Asked]:
    """The requests of a deal that the actor may see, the newest first."""
    rows = Petition.objects.visible_to(actor).filter(deal=deal).select_related("asked_by", "decided_by")
    found = []
    for row in rows:
        row.deal = deal
        found.append(Asked(row, _petition_acts(actor, row) if row.state == Petition.State.PENDING else []))
    return found


def _petition_acts(actor: Actor, row: Petition) -> list[Act]:
    drop = reverse("deals:petition_drop", args=[row.deal_id, row.pk])
    if not permissions.is_vendor(actor, row.deal):
        return [Act(gettext_lazy("Take back"), permissions.may_drop(actor, row), drop, quiet=True)]
    may = permissions.may_decide_petition(actor, row)
    grant = reverse("deals:petition_grant", args=[row.deal_id, row.pk])
    acts = [Act(gettext_lazy("Refuse…"), may, dialog=f"#refuse-{row.pk}"), Act(gettext_lazy("Grant"), may, grant)]
    if row.kind == Petition.Kind.REVOCATION:
        sure = gettext_lazy("Revoke the approval? The partner is told, and the protection ends at once.")
        revoke = Act(gettext_lazy("Revoke now"), may, grant, danger=True, confirm=sure)
        own = Act(gettext_lazy("Take back"), permissions.may_drop(actor, row), drop, quiet=True)
        acts = [own, revoke] if actor.user and actor.user.pk == row.asked_by_id else [acts[0], revoke]
    return acts


def _address(route: str, deal: Deal) -> str:
    return reverse(route, args=[deal.pk])


def track_of(deal: Deal) -> list[dict[str, Any]]:
    """Where the deal stands, the same for both sides: submitted, in review, protected, closed."""
    return [_submitted(deal), _review(deal), _protected(deal), _closed(deal)]


def _step(label: str, note: str, status: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "note": note, "status": status, "tone": tone}


def _submitted(deal: Deal) -> dict[str, Any]:
    status = "now" if deal.state in {State.DRAFT, State.SUBMITTED} else "done"
    if deal.state == State.DRAFT:
        return _step(_("Draft"), _("only you see it"), status)
    left = _time_left(deal) if deal.state == State.SUBMITTED else ""
    return _step(_("Submitted"), left or format_day(deal.submitted_at), status)


def _review(deal: Deal) -> dict[str, Any]:
    if deal.state == State.RETURNED:
        return _step(_("Returned"), _("waits for %(who)s") % {"who": deal.partner}, "now", "warn")
    if deal.state == State.IN_REVIEW:
        return _step(_("In review"), _time_left(deal) or (str(deal.owner) if deal.owner else ""), "now")
    if deal.state == State.REJECTED:
        return _step(_("Rejected"), format_day(deal.decided_at), "now", "bad")
    decided = deal.decided_at is not None
    return _step(_("Review"), format_day(deal.decided_at) if decided else "", "done" if decided else "todo")


def _time_left(deal: Deal) -> str:
    """What is left of the review time, in business hours."""
    if deal.sla_due_at is None:
        return ""
    if deal.sla_due_at <= now():
        return _("overdue")
    calendar = working_time.calendar_of(deal.vendor_id)
    hours, minutes = divmod(working_time.minutes_between(now(), deal.sla_due_at, calendar), 60)
    return _("%(hours)d h %(minutes)d m left of %(all)d h") % {
        "hours": hours,
        "minutes": minutes,
        "all": deal.terms.review_hours,
    }


def _protected(deal: Deal) -> dict[str, Any]:
    if deal.protected_until is None:
        days = deal.protection_days
        return _step(_("Protected"), _("for %(days)d days") % {"days": days}, "todo")
    status = "now" if deal.state == State.APPROVED else "done"
    return _step(_("Protected"), _("until %(day)s") % {"day": format_day(deal.protected_until)}, status)


def _closed(deal: Deal) -> dict[str, Any]:
    if deal.state in {State.WON, State.LOST, State.EXPIRED, State.WITHDRAWN, State.REVOKED}:
        note = deal.closure_note[:60] if deal.state == State.WON else ""
        return _step(str(deal.get_state_display()), note, "now", deal.state_tone)
    return _step(_("Won"), "", "todo")


def conflict_of(actor: Actor, deal: Deal) -> ConflictCheck | None:
    """What the vendor's check found; None for everybody who does not decide for the vendor."""
    if not permissions.is_vendor(actor, deal) or not actor.can("deals.decide"):
        return None
    rows = ConflictCheck.objects.visible_to(actor).filter(deal=deal).select_related("blocker__partner")
    return rows.first()


def case_of(actor: Actor, deal: Deal) -> ConflictCase | None:
    """The newest conflict case of a deal; None for everybody who does not decide for the vendor."""
    if not permissions.is_vendor(actor, deal) or not actor.can("deals.decide"):
        return None
    return ConflictCase.objects.visible_to(actor).filter(sides__deal=deal).order_by("-pk").first()


def rivals_of(actor: Actor, check: ConflictCheck | None) -> QuerySet[Deal]:
    """The other registrations that the check named, as far as they still can be seen."""
    if check is None:
        return Deal.objects.none()
    named = {finding["deal"] for finding in check.findings if finding.get("deal")} | (
        {check.blocker_id} if check.blocker_id else set()
    )
    return Deal.objects.visible_to(actor).filter(pk__in=named).select_related("partner", "vendor").order_by("pk")
