"""May I? A trigger is one organisation's own. It may do what whoever writes and starts it may do by hand."""

from django.utils.translation import gettext as _

from audiences.models import AudienceSettings
from automation.models import Trigger
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor

NEEDS = {
    Trigger.Act.LETTER: "mailings.send",
    Trigger.Act.CODE: "promotions.manage",
    Trigger.Act.TASK: "deals.view",
}


def may_keep(actor: Actor) -> Verdict:
    """Write, pause and delete triggers."""
    return holds(actor, "automation.manage")


def may_have_done(actor: Actor, act: str) -> Verdict:
    """Have this done by itself: who may not do it by hand may not have it done."""
    verdict = may_keep(actor)
    needed = NEEDS.get(Trigger.Act(act))
    return holds(actor, needed) if verdict and needed else verdict


def may_activate(actor: Actor, trigger: Trigger) -> Verdict:
    """Start it. Letters are started by somebody else than their writer, where the organisation asks for four eyes."""
    verdict = may_have_done(actor, trigger.act)
    if verdict and asks_four_eyes(trigger) and actor.user == trigger.written_by:
        return no(_("You wrote this. At %(who)s somebody else starts it.") % {"who": actor.organisation})
    return verdict if not verdict else YES


def asks_four_eyes(trigger: Trigger) -> bool:
    """Whether whoever wrote it may not start it."""
    return trigger.act == Trigger.Act.LETTER and AudienceSettings.of(trigger.organisation).four_eyes
