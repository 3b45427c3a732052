"""May I? Which side of an agreement one is on, and what one's roles allow. States are judged by the tables."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.states import can_move
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor
from rebates.models import CreditedLine, RebateAgreement, Statement


def may_draft(actor: Actor) -> Verdict:
    """Write agreements for one's own partners."""
    return holds(actor, "rebates.manage")


def may_step(actor: Actor, agreement: RebateAgreement, step: str) -> Verdict:
    """Take a step of an agreement: the partner accepts and declines, all else is the vendor's."""
    mine = agreement.partner_id if step in {"accept", "decline"} else agreement.vendor_id
    if actor.organisation.pk != mine:
        who = agreement.partner if step in {"accept", "decline"} else agreement.vendor
        return no(_("Only %(who)s can do that.") % {"who": who})
    if agreement.promotion_id is not None:
        return no(_("It follows its promotion: end that instead."))
    verdict = may_draft(actor)
    if verdict and not can_move(agreement, step):
        return no(_("That step is not possible now: this is %(state)s.") % {"state": _state(agreement)})
    return verdict


def may_change(actor: Actor, agreement: RebateAgreement) -> Verdict:
    """Change a draft; what the partner has seen is withdrawn first."""
    if actor.organisation.pk != agreement.vendor_id:
        return no(_("Only %(who)s can do that.") % {"who": agreement.vendor})
    if agreement.state != RebateAgreement.State.DRAFT:
        return no(_("Only a draft can be changed, and this is %(state)s.") % {"state": _state(agreement)})
    return may_draft(actor)


def may_settle(actor: Actor, statement: Statement, step: str) -> Verdict:
    """Close a period that is over ("close"), report its settlement ("settle") and answer a dispute ("answer"): the
    vendor's. Agree with what was issued ("confirm"), or not ("dispute"): the partner's."""
    side = "partner" if step in {"confirm", "dispute"} else "vendor"
    if actor.organisation.pk != getattr(statement, f"{side}_id"):
        return no(_("Only %(who)s can do that.") % {"who": getattr(statement, side)})
    verdict = YES if actor.via == "system" else holds(actor, "rebates.settle")
    if verdict and step == "settle" and statement.state == Statement.State.DISPUTED:
        return no(_("The partner disputes this statement. Answer it first."))
    if verdict and not can_move(statement, step):
        return no(_("That step is not possible now: this is %(state)s.") % {"state": _state(statement)})
    if verdict and step == "close" and statement.ends_on >= localdate():
        return no(_("The period is not over yet."))
    return verdict


def may_clear(actor: Actor, credited: CreditedLine, step: str) -> Verdict:
    """Say of a credit which invoice line it takes back ("match"), that it takes nothing back ("dismiss"), or take that
    back ("reopen"): the vendor's, who wrote the credit note."""
    if actor.organisation.pk != credited.vendor_id:
        return no(_("Only %(who)s can do that.") % {"who": credited.vendor})
    verdict = holds(actor, "rebates.settle")
    if verdict and not can_move(credited, step):
        return no(_("That step is not possible now: this is %(state)s.") % {"state": _state(credited)})
    return verdict


def _state(row: RebateAgreement | Statement | CreditedLine) -> str:
    return row.get_state_display().lower()
