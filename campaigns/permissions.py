"""May I? Whether one leads a campaign or takes part, and what one's roles allow. States are judged by the tables on the
models."""

from django.utils.translation import gettext as _

from campaigns.models import Campaign, Participant, Step
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor


def may_open(actor: Actor) -> Verdict:
    """Begin a campaign of one's own organisation."""
    return holds(actor, "campaigns.manage")


def may_manage(actor: Actor, campaign: Campaign) -> Verdict:
    """Change a campaign, invite, share the budget, write steps and assets: the owner's people."""
    if actor.organisation.pk != campaign.owner_id:
        return no(_("Only %(who)s, who leads this campaign, can do that.") % {"who": campaign.owner})
    return YES if actor.via == "system" else holds(actor, "campaigns.manage")


def may_answer(actor: Actor, seat: Participant) -> Verdict:
    """Accept, decline, leave, agree to a share, change one's own details: the participant's people."""
    if actor.organisation.pk != seat.organisation_id:
        return no(_("Only %(who)s itself can do that.") % {"who": seat.organisation})
    return YES if actor.via == "system" else holds(actor, "campaigns.join")


def may_spend(actor: Actor, seat: Participant) -> Verdict:
    """Write down what one's own company spent, also when the campaign is over: invoices come late."""
    verdict = may_answer(actor, seat)
    if verdict and seat.state != Participant.State.ACTIVE:
        return no(_("Only who takes part records costs."))
    if verdict and seat.campaign.state == Campaign.State.DRAFT:
        return no(_("Nothing was spent on a draft. Send the invitations first."))
    return verdict


def may_leave(actor: Actor, seat: Participant) -> Verdict:
    """Leave, which the owner cannot."""
    verdict = may_answer(actor, seat)
    if verdict and seat.is_owner:
        return no(_("Who leads a campaign cannot leave it. Cancel it instead."))
    return verdict


def may_finish_step(actor: Actor, campaign: Campaign, step: Step) -> Verdict:
    """Say that a step is done: the owner, and who is responsible for it."""
    if actor.organisation.pk == campaign.owner_id:
        return may_manage(actor, campaign)
    if step.responsible is None or step.responsible.organisation_id == actor.organisation.pk:
        return holds(actor, "campaigns.join")
    return no(_("%(who)s does this step.") % {"who": step.responsible})
