"""May I? The answers of the exchange."""

from django.utils.translation import gettext as _

from edi.models import Interchange
from partners.access import Verdict, holds, no
from partners.actors import Actor


def may_see_exchange(actor: Actor) -> Verdict:
    """See traffic, documents and findings."""
    return holds(actor, "edi.view")


def may_exchange(actor: Actor) -> Verdict:
    """Post documents, collect and confirm them."""
    return holds(actor, "edi.send")


def may_manage_connections(actor: Actor) -> Verdict:
    """Set up with whom and how documents are exchanged."""
    return holds(actor, "integration.manage")


def may_settle(actor: Actor) -> Verdict:
    """Say who looks after an exception, and take it out of one's own queue."""
    return holds(actor, "edi.send")


def may_link_message(actor: Actor, interchange: Interchange) -> Verdict:
    """Say which order a waiting message is about: people of either company who exchange documents."""
    if not interchange.parked:
        return no(_("No message of this document waits for its order."))
    return may_exchange(actor)


def may_resend(actor: Actor, interchange: Interchange) -> Verdict:
    """Send once more what went out: the company that it comes from, or the one whose system collects it."""
    if interchange.direction != Interchange.Direction.OUT:
        return no(_("Only what was sent can be sent again."))
    if interchange.content == Interchange.Content.ACKNOWLEDGEMENT:
        return no(_("An acknowledgement is repeated when its document is posted again."))
    if interchange.delivery == Interchange.Delivery.FAILED and interchange.start == interchange.end:
        return no(_("This document could not be written, so there is nothing to send again."))
    return may_exchange(actor)


def may_read_again(actor: Actor, interchange: Interchange) -> Verdict:
    """Have a refused document of one's own read once more."""
    if interchange.organisation_id != actor.organisation.pk:
        return no(_("Only %(who)s can have its document read again.") % {"who": interchange.organisation})
    came_in = interchange.direction == Interchange.Direction.IN
    if not came_in or interchange.validation != Interchange.Validation.INVALID:
        return no(_("Only a document that was refused is read again."))
    return may_exchange(actor)
