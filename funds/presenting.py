"""What each side may do next with a fund, a request or a claim."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.money import format_money
from core.numbers import format_day
from deals.presenting import Act
from funds import permissions
from funds.models import Claim, Fund, FundRequest, Settlement, proof_needed
from partners.actors import Actor

Ask, Money = FundRequest.State, Claim.State
STEPS = (
    (_("Submitted"), (Ask.DRAFT, Ask.RETURNED)),
    (_("Reviewed"), (Ask.SUBMITTED, Ask.IN_REVIEW)),
    (_("Released"), (Ask.PENDING_FINANCE,)),
    (_("Running"), (Ask.APPROVED, Ask.PARTLY_APPROVED)),
    (_("Completed"), (Ask.ACTIVE,)),
)
ENDED_BADLY = {Ask.REJECTED, Ask.CANCELLED, Ask.LAPSED}


def _to(name: str, record: Any) -> str:
    return reverse(f"funds:{name}", args=[record.pk])


def acts_on_fund(actor: Actor, fund: Fund, may_ask: Any) -> list[Act]:
    """What may be done with a fund; `may_ask` is the verdict on asking, None for who is no partner of it."""
    if actor.organisation.pk == fund.vendor_id:
        may = permissions.may_manage(actor, fund)
        edit = Act(_("Edit"), may, _to("edit", fund), method="get", key="E", quiet=True)
        if fund.state != Fund.State.OPEN:
            return [edit]
        return [edit, Act(_("Put money in…"), may, dialog="#allocate", key="A", primary=True)]
    if may_ask is None or fund.state != Fund.State.OPEN:
        return []
    return [Act(_("Ask for money"), may_ask, _to("ask", fund), method="get", key="C", primary=True)]


def acts_on_request(actor: Actor, request: FundRequest) -> list[Act]:
    """What this side may do next, the primary act last."""
    if actor.organisation.pk == request.vendor_id:
        return _vendor_on_request(actor, request)
    may = permissions.may_write(actor, request)
    edit = Act(_("Edit"), may, _to("request_edit", request), method="get", key="E")
    submit = Act(_("Submit"), may, _to("submit", request), key="S", primary=True)
    cancel = Act(_("Cancel…"), may, dialog="#cancel", quiet=True)
    if request.state == Ask.DRAFT:
        throw = Act(_("Delete…"), may, _to("delete", request), quiet=True, confirm=_("Throw this draft away?"))
        return [throw, edit, submit]
    if request.state == Ask.RETURNED:
        return [cancel, edit, submit]
    claim = Act(_("Claim"), may, _to("claim_new", request), method="get", key="C", primary=True)
    if request.state in {Ask.APPROVED, Ask.PARTLY_APPROVED, Ask.ACTIVE}:
        return [cancel, claim]
    if request.state == Ask.COMPLETED and not request.released_on:
        return [claim]
    return [cancel] if request.state in {Ask.SUBMITTED, Ask.IN_REVIEW, Ask.PENDING_FINANCE} else []


def _vendor_on_request(actor: Actor, request: FundRequest) -> list[Act]:
    may, release = permissions.may_review(actor, request), permissions.may_release(actor, request)
    cancel = Act(_("Cancel…"), may, dialog="#cancel", quiet=True)
    decide = Act(_("Decide"), may, _to("review", request), method="get", key="R", primary=True)
    if request.state == Ask.SUBMITTED:
        return [Act(_("Take in hand"), may, _to("take", request), key="T"), decide]
    if request.state == Ask.IN_REVIEW:
        return [decide]
    if request.state == Ask.PENDING_FINANCE:
        return [
            Act(_("Reject…"), release, dialog="#reject", key="X", quiet=True),
            Act(_("Give back…"), release, dialog="#hand-back", key="B"),
            Act(_("Release the money"), release, _to("release", request), key="A", primary=True),
        ]
    return [cancel] if request.state in {Ask.APPROVED, Ask.PARTLY_APPROVED, Ask.ACTIVE} else []


def acts_on_claim(actor: Actor, claim: Claim) -> list[Act]:
    """What this side may do next, the primary act last."""
    if actor.organisation.pk == claim.partner_id:
        return _partner_on_claim(actor, claim)
    may, settle = permissions.may_decide_claim(actor, claim), permissions.may_settle(actor, claim)
    if claim.state in {Money.SUBMITTED, Money.IN_REVIEW}:
        take = [Act(_("Take in hand"), may, _to("claim_take", claim), key="T", quiet=True)]
        return [
            *(take if claim.state == Money.SUBMITTED else []),
            Act(_("Return…"), may, dialog="#return", key="B"),
            Act(_("Decide…"), may, dialog="#decide", key="A", primary=True),
        ]
    back = Act(_("Take back…"), settle, dialog="#take-back", quiet=True)
    if claim.state in Claim.TO_SETTLE:
        pay = Act(_("Settle…"), settle, dialog="#settle", key="P", primary=True)
        return [back, pay] if claim.state == Money.SETTLING else [pay]
    return [back] if claim.state == Money.SETTLED else []


def _partner_on_claim(actor: Actor, claim: Claim) -> list[Act]:
    may = permissions.may_write_claim(actor, claim)
    if claim.state not in {Money.DRAFT, Money.RETURNED}:
        return []
    throw = Act(_("Delete…"), may, _to("claim_delete", claim), quiet=True, confirm=_("Throw this draft away?"))
    return [
        *([throw] if claim.state == Money.DRAFT else []),
        Act(_("Edit"), may, _to("claim_edit", claim), method="get", key="E"),
        Act(_("Add proof…"), may, dialog="#proof", key="F"),
        Act(_("Submit"), may, _to("claim_submit", claim), key="S", primary=True),
    ]


def track_of(request: FundRequest) -> list[dict[str, Any]]:
    """Where a request stands, step by step."""
    at = next((n for n, (_label, states) in enumerate(STEPS) if request.state in states), len(STEPS))
    if request.state in ENDED_BADLY:
        tone = request.state_tone
        return [{"label": request.get_state_display(), "note": "", "status": "now", "tone": tone}]
    found = []
    for n, (label, _states) in enumerate(STEPS):
        status = "done" if n < at else "now" if n == at else "todo"
        found.append({"label": label, "note": _note(request, n), "status": status, "tone": ""})
    return found


def _note(request: FundRequest, step: int) -> str:
    """The day that belongs to a step."""
    days = (request.submitted_at, None, request.decided_at, request.first_day, request.last_day)
    reached = step < 3 or request.state in FundRequest.GRANTED
    return format_day(days[step]) if days[step] and reached else ""


def proof_of(claim: Claim) -> list[dict[str, Any]]:
    """What the activity needs as proof, and whether it is there."""
    had = {proof.kind for proof in claim.proofs.all()}
    return [{"name": name, "there": kind in had} for kind, name in proof_needed(claim.line.activity)]


def settled_words(claim: Claim, settlements: list[Settlement]) -> str:
    """How much of what was granted is paid, in words."""
    currency = claim.request.fund.currency
    paid = sum(each.amount for each in settlements if each.way != Settlement.Way.CLAW_BACK)
    return str(
        _("%(paid)s of %(granted)s")
        % {"paid": format_money(paid, currency), "granted": format_money(claim.approved, currency)}
    )
