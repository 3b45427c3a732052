"""What changes a room. Every function takes the actor first and returns what it changed."""

from chat.actions.marks import follow, mark_read
from chat.actions.messages import delete_message, edit_message, post_message, post_note, react
from chat.actions.rooms import (
    add_seat,
    close_or_reopen,
    open_first_room,
    open_group,
    open_partnership_room,
    open_room,
    remove_seat,
    rename_room,
    start_direct,
)

__all__ = [
    "add_seat",
    "close_or_reopen",
    "delete_message",
    "edit_message",
    "follow",
    "mark_read",
    "open_first_room",
    "open_group",
    "open_partnership_room",
    "open_room",
    "post_message",
    "post_note",
    "react",
    "remove_seat",
    "rename_room",
    "start_direct",
]
