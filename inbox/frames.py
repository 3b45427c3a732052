"""What the inbox sends to a member's open tabs."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from core.realtime import broadcast
from inbox.models import Notification
from partners.actors import Actor, acting

COUNTED = 1000  # nobody waits while a million are counted


def stream_of(membership_id: int) -> str:
    """The group to which every tab of a member listens."""
    return f"member.{membership_id}"


def unread_count(actor: Actor) -> int:
    """How many unread notifications the actor would see, less those put off, counted up to 1,000. Two queries."""
    waiting = Notification.objects.visible_to(actor).waiting().readable_by(actor)
    return waiting.order_by()[:COUNTED].count()


def push(notification: Notification) -> None:
    """Show a new notification in the member's tabs once the transaction commits, in the language of each."""
    membership = notification.membership
    unread = unread_count(acting(membership, "system"))

    def frame() -> dict[str, Any]:
        with timezone.override(membership.user.time_zone):
            html = render_to_string("inbox/item.html", {"item": notification, "fresh": True})
        return {"on": "notification", "id": notification.pk, "html": html, "unread": unread}

    broadcast(stream_of(membership.pk), frame)
    _push_state(membership.pk, unread, notification.pk, "told")


def push_read(actor: Actor, notification_id: int | None = None) -> None:
    """Tell the member's other tabs that something was read, or is unread again."""
    if actor.membership is not None:
        _push_state(actor.membership.pk, unread_count(actor), notification_id, "read")


def _push_state(membership_id: int, unread: int, notification_id: int | None, verb: str) -> None:
    group = stream_of(membership_id)
    broadcast(group, {"on": "counts", "inbox": unread})
    broadcast(group, {"on": "changed", "what": "notification", "id": notification_id, "verb": verb})
