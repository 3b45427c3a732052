"""Keeping messages of a room at hand."""

from django.db import transaction
from django.utils.translation import gettext as _

from chat.actions.messages import locked_message, republish
from chat.models import Message, Pin
from chat.permissions import may_pin
from core.errors import DomainError
from partners.access import require
from partners.actors import Actor

MAX_PINS = 50


@transaction.atomic
def pin_message(*, actor: Actor, message: Message, pinned: bool) -> Message:
    """Pin a message to its room, or let go of it; saying it twice changes nothing.

    Raises PermissionDenied, and DomainError for what says nothing and beyond 50 pins in a room.
    """
    message = locked_message(actor, message)
    require(may_pin(actor, message.room))
    if message.entry_id or message.deleted_at:
        raise DomainError(_("There is nothing here that can be pinned."))
    pins = Pin.objects.filter(room=message.room)
    if pins.filter(message=message).exists() == pinned:
        return message
    if not pinned:
        pins.filter(message=message).delete()
    elif pins.count() >= MAX_PINS:
        words = {"most": MAX_PINS}
        raise DomainError(_("This room has %(most)s pinned messages, which is the most. Let go of one first.") % words)
    else:
        Pin.objects.create(room=message.room, message=message, membership=actor.membership)
    republish(message)
    return message
