"""Rooms, who sits in them, what was said, what an organisation decides about it, and calls."""

from chat.models.beside import Bookmark, Pin, Revision
from chat.models.calls import Call, Participant
from chat.models.messages import Attachment, Mention, Message, Reaction
from chat.models.policy import Hold, TalkExport, TalkPolicy
from chat.models.rooms import MUTED_FOR_EVER, ReadMark, Room, Seat
from chat.models.words import MessageWords

__all__ = [
    "MUTED_FOR_EVER",
    "Attachment",
    "Bookmark",
    "Call",
    "Hold",
    "Mention",
    "Message",
    "MessageWords",
    "Participant",
    "Pin",
    "Reaction",
    "ReadMark",
    "Revision",
    "Room",
    "Seat",
    "TalkExport",
    "TalkPolicy",
]
