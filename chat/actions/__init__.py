"""What changes a room. Every function takes the actor first and returns what it changed."""

from chat.actions.call_upkeep import tidy_call
from chat.actions.calls import decline_call, join_call, leave_call, ring, ringable, start_call
from chat.actions.groups import archive_room, join_room, leave_room, reopen_room, settle_room
from chat.actions.marks import follow, mark_read
from chat.actions.messages import delete_message, edit_message, post_message, post_note, react
from chat.actions.own import mute, save_message
from chat.actions.pins import pin_message
from chat.actions.policy import ask_export, change_policy, hold, lift, note_download
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
    vacate,
)

__all__ = [
    "add_seat",
    "archive_room",
    "ask_export",
    "change_policy",
    "close_or_reopen",
    "decline_call",
    "delete_message",
    "edit_message",
    "follow",
    "hold",
    "join_call",
    "join_room",
    "leave_call",
    "leave_room",
    "lift",
    "mark_read",
    "mute",
    "note_download",
    "open_first_room",
    "open_group",
    "open_partnership_room",
    "open_room",
    "pin_message",
    "post_message",
    "post_note",
    "react",
    "remove_seat",
    "rename_room",
    "reopen_room",
    "ring",
    "ringable",
    "save_message",
    "settle_room",
    "start_call",
    "start_direct",
    "tidy_call",
    "vacate",
]
