"""May I write, change, manage? The doors show the reason, the actions require the verdict."""

from django.utils.translation import gettext as _

from chat.models import Call, Message, Participant, Room
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor


def may_post(actor: Actor, room: Room) -> Verdict:
    """Whether the actor may write in a room that they may see."""
    if room.closed_at:
        return no(_("This room is closed: there is no active partnership between its organisations. You can read it."))
    if room.archived_at:
        return no(_("This room is archived. You can read it; who manages rooms can open it again."))
    return holds(actor, "chat.post")


def may_pin(actor: Actor, room: Room) -> Verdict:
    """Whether the actor may keep messages of the room at hand: as the room has it."""
    verdict = may_post(actor, room)
    if verdict and room.pinning == Room.Pinning.MANAGERS:
        return holds(actor, "chat.manage")
    return verdict


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


def may_archive(actor: Actor, room: Room) -> Verdict:
    """Whether the actor may bring a group or a partnership room to rest, or open it again."""
    return may_manage(actor, room)


def may_set_history(actor: Actor, room: Room) -> Verdict:
    """Who did not see everything cannot decide that everything is shown."""
    if room.seats.held_by(actor).filter(from_seq=0).exists():
        return may_manage(actor, room)
    return no(_("Only somebody who has been here from the beginning decides what those see who come later."))


def may_join(actor: Actor, room: Room) -> Verdict:
    """Whether the actor may take a seat in a room that is open to their organisation."""
    return holds(actor, "chat.post")


def may_leave(actor: Actor, room: Room) -> Verdict:
    """One leaves a group; the seats of other rooms are whole organisations', or belong to a talk of two."""
    if room.kind != Room.Kind.GROUP:
        return no(_("One cannot leave this room. Keep it quiet instead."))
    return YES


def may_govern(actor: Actor) -> Verdict:
    """Whether the actor decides about the organisation's talk: seats, time, holds, exports."""
    return holds(actor, "organisation.manage")


def may_open(actor: Actor) -> Verdict:
    """Whether the actor may open group and partnership rooms."""
    return holds(actor, "chat.manage")


def may_call(actor: Actor, room: Room) -> Verdict:
    """Whether the actor may start and join calls in a room that they may see: who may write there may talk there."""
    if actor.membership is None:
        return no(_("Only people can talk in a call."))
    return may_post(actor, room)


def may_ring(actor: Actor, call: Call) -> Verdict:
    """Who is in a call may ring others of the room into it."""
    if not call.participants.filter(membership=actor.membership, state=Participant.State.JOINED).exists():
        return no(_("Join the call first, then ring others."))
    return may_call(actor, call.room)
