"""May I write, change, manage? The doors show the reason, the actions require the verdict."""

from django.utils.translation import gettext as _

from chat.models import Message, Room
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor


def may_post(actor: Actor, room: Room) -> Verdict:
    """Whether the actor may write in a room that they may see."""
    if room.closed_at:
        return no(_("This room is closed: there is no active partnership between its organisations. You can read it."))
    return holds(actor, "chat.post")


def is_author(actor: Actor, message: Message) -> bool:
    """True for the member or the machine that wrote the message."""
    if actor.membership is not None:
        return message.membership_id == actor.membership.pk
    return actor.service_account is not None and message.service_account_id == actor.service_account.pk


def may_edit(actor: Actor, message: Message) -> Verdict:
    """Only the author changes the words."""
    if message.entry_id or message.deleted_at:
        return no(_("There is nothing here that can be changed."))
    if not is_author(actor, message):
        return no(_("Only the author can change a message."))
    return may_post(actor, message.room)


def may_delete(actor: Actor, message: Message) -> Verdict:
    """The author takes a message back; who manages rooms may take back a colleague's."""
    if message.entry_id or message.deleted_at:
        return no(_("There is nothing here that can be deleted."))
    if is_author(actor, message):
        return YES
    if message.organisation_id != actor.organisation.pk:
        return no(_("Only the author or their own organisation can delete a message."))
    return holds(actor, "chat.manage")


def may_manage(actor: Actor, room: Room) -> Verdict:
    """Seats and the name of groups and partnership rooms; a record's room follows its record."""
    if room.kind not in {Room.Kind.GROUP, Room.Kind.PARTNERSHIP}:
        return no(_("The seats of this room follow from what it is about."))
    return holds(actor, "chat.manage")


def may_open(actor: Actor) -> Verdict:
    """Whether the actor may open group and partnership rooms."""
    return holds(actor, "chat.manage")
