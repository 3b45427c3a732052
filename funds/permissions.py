"""May I? Which side of a fund one is on, and what one's roles allow. States are judged by the tables on the models."""

from django.utils.translation import gettext as _

from funds.models import Claim, Fund, FundRequest
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor
from partners.models import Partnership


def _as_vendor(actor: Actor, vendor_id: int, capability: str) -> Verdict:
    if actor.organisation.pk != vendor_id:
        return no(_("Only the vendor whose fund this is can do that."))
    return YES if actor.via == "system" else holds(actor, capability)


def _as_partner(actor: Actor, partner_id: int) -> Verdict:
    if actor.organisation.pk != partner_id:
        return no(_("Only the partner that asked can do that."))
    return holds(actor, "funds.request")


def may_manage(actor: Actor, fund: Fund) -> Verdict:
    """Change a fund and put money into it."""
    return _as_vendor(actor, fund.vendor_id, "funds.manage")


def may_ask(actor: Actor, fund: Fund, partnership: Partnership) -> Verdict:
    """Ask for money of a fund over an edge."""
    verdict = _as_partner(actor, partnership.partner_id)
    if not verdict:
        return verdict
    if fund.state != Fund.State.OPEN:
        return no(_("This fund is closed."))
    return YES if fund.reaches(partnership) else no(_("This fund is not for you."))


def may_write(actor: Actor, request: FundRequest) -> Verdict:
    """Write, submit and claim: the partner's people."""
    return _as_partner(actor, request.partner_id)


def may_review(actor: Actor, request: FundRequest) -> Verdict:
    """Decide the lines of a request."""
    return _as_vendor(actor, request.vendor_id, "funds.decide")


def may_release(actor: Actor, request: FundRequest) -> Verdict:
    """Confirm what a colleague has reviewed: four eyes."""
    verdict = _as_vendor(actor, request.vendor_id, "funds.finance")
    if verdict and actor.user is not None and actor.user.pk == request.reviewer_id:
        return no(_("You reviewed it yourself. A colleague in finance confirms it."))
    return verdict


def may_cancel(actor: Actor, request: FundRequest) -> Verdict:
    """Cancel: either side."""
    if actor.organisation.pk == request.vendor_id:
        return may_review(actor, request)
    return may_write(actor, request)


def may_decide_claim(actor: Actor, claim: Claim) -> Verdict:
    """Say what of a claim is in order."""
    return _as_vendor(actor, claim.vendor_id, "funds.decide")


def may_write_claim(actor: Actor, claim: Claim) -> Verdict:
    """Write and submit a claim."""
    return _as_partner(actor, claim.partner_id)


def may_settle(actor: Actor, claim: Claim) -> Verdict:
    """Pay a claim that a colleague has reviewed, and take back what was paid."""
    verdict = _as_vendor(actor, claim.vendor_id, "funds.finance")
    if verdict and actor.user is not None and actor.user.pk == claim.reviewer_id:
        return no(_("You reviewed it yourself. A colleague in finance pays it."))
    return verdict
