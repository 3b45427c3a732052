"""Reading and putting off what one was told, and choosing how to be told. Each can be undone."""

from inbox.actions.choosing import be_quiet, kinds_in_use, prefer, stop_mail
from inbox.actions.devices import add_device, remove_device
from inbox.actions.reading import (
    read,
    read_all,
    read_subject,
    snooze,
    unread,
    unread_all,
    unread_subject,
    wake,
    wake_due,
)

__all__ = [
    "add_device",
    "be_quiet",
    "kinds_in_use",
    "prefer",
    "read",
    "read_all",
    "read_subject",
    "remove_device",
    "snooze",
    "stop_mail",
    "unread",
    "unread_all",
    "unread_subject",
    "wake",
    "wake_due",
]
