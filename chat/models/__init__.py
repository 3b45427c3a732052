"""Rooms, who sits in them, and what was said."""

from chat.models.messages import Attachment, Mention, Message, Reaction
from chat.models.rooms import ReadMark, Room, Seat

__all__ = ["Attachment", "Mention", "Message", "Reaction", "ReadMark", "Room", "Seat"]
