"""May I? Everything here is one organisation's own; what is left to ask is the role, and the second pair of eyes."""

from django.utils.translation import gettext as _

from audiences.models import AudienceSettings, Mailing
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor


def may_keep(actor: Actor) -> Verdict:
    """Change contacts, consent, segments and drafts."""
    return YES if actor.via == "system" else holds(actor, "audiences.manage")


def may_send(actor: Actor, mailing: Mailing) -> Verdict:
    """Start or schedule a mailing: by somebody else than who wrote it, where the organisation asks for four eyes."""
    verdict = may_steer(actor)
    if not verdict or actor.via == "system":
        return verdict
    if AudienceSettings.of(mailing.organisation).four_eyes and actor.user == mailing.written_by:
        return no(_("You wrote this. At %(who)s somebody else sends it.") % {"who": actor.organisation})
    return YES


def may_steer(actor: Actor) -> Verdict:
    """Pause, resume, stop, send once more."""
    return YES if actor.via == "system" else holds(actor, "mailings.send")
