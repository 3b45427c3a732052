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
from deals.models import ConflictCheck, Deal
from partners.access import Verdict
from partners.actors import Actor

State = Deal.State


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


def acts_for(actor: Actor, deal: Deal, suffix: str = "") -> list[Act]:
    """What this side may do next, the primary act last; `suffix` is added to the addresses that post."""
    on_vendor_side = permissions.is_vendor(actor, deal)
    return _vendor_acts(actor, deal, suffix) if on_vendor_side else _partner_acts(actor, deal)


def _vendor_acts(actor: Actor, deal: Deal, suffix: str) -> list[Act]:
    may, approve = permissions.may_review(actor, deal), permissions.may_approve(actor, deal)
    reject = Act(gettext_lazy("Reject…"), may, dialog="#reject", key="X")
    if deal.state == State.SUBMITTED:
        take = _address("deals:take", deal) + suffix
        return [reject, Act(gettext_lazy("Take"), may, take, key="T", primary=True)]
    if deal.state == State.IN_REVIEW:
        return [
            Act(gettext_lazy("Give back"), may, _address("deals:release", deal) + suffix, quiet=True),
            Act(gettext_lazy("Return…"), may, dialog="#return", key="R"),
            reject,
            Act(gettext_lazy("Approve"), approve, _address("deals:approve", deal) + suffix, key="A", primary=True),
        ]
    return [reject] if deal.state == State.RETURNED else []


def _partner_acts(actor: Actor, deal: Deal) -> list[Act]:
    may = permissions.may_edit(actor, deal)
    edit = _address("deals:edit", deal)
    if deal.state == State.DRAFT:
        sure = gettext_lazy("Delete this draft and its files? This cannot be undone.")
        return [
            Act(gettext_lazy("Delete"), may, _address("deals:delete", deal), danger=True, confirm=sure),
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
    hours, minutes = divmod(working_time.minutes_between(now(), deal.sla_due_at), 60)
    return _("%(hours)d h %(minutes)d m left of %(all)d h") % {
        "hours": hours,
        "minutes": minutes,
        "all": deal.type.review_hours,
    }


def _protected(deal: Deal) -> dict[str, Any]:
    if deal.protected_until is None:
        days = deal.protection_days
        return _step(_("Protected"), _("for %(days)d days") % {"days": days}, "todo")
    status = "now" if deal.state == State.APPROVED else "done"
    return _step(_("Protected"), _("until %(day)s") % {"day": format_day(deal.protected_until)}, status)


def _closed(deal: Deal) -> dict[str, Any]:
    if deal.state in {State.WON, State.LOST, State.EXPIRED, State.WITHDRAWN}:
        note = deal.closure_note[:60] if deal.state == State.WON else ""
        return _step(str(deal.get_state_display()), note, "now", deal.state_tone)
    return _step(_("Won"), "", "todo")


def conflict_of(actor: Actor, deal: Deal) -> ConflictCheck | None:
    """What the vendor's check found; None for everybody who does not decide for the vendor."""
    if not permissions.is_vendor(actor, deal) or not actor.can("deals.decide"):
        return None
    rows = ConflictCheck.objects.visible_to(actor).filter(deal=deal).select_related("blocker__partner")
    return rows.first()


def rivals_of(actor: Actor, check: ConflictCheck | None) -> QuerySet[Deal]:
    """The other registrations that the check named, as far as they still can be seen."""
    if check is None:
        return Deal.objects.none()
    named = {finding["deal"] for finding in check.findings} | ({check.blocker_id} if check.blocker_id else set())
    return Deal.objects.visible_to(actor).filter(pk__in=named).select_related("partner", "vendor").order_by("pk")
