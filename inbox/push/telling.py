"""What a device is told of a notification, and whether it is told at all."""

import hashlib

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import now

from inbox.models import Notification, PushDevice
from inbox.push.sending import Sent, send
from inbox.still import quiet_for
from partners.actors import acting


class NotTaken(Exception):
    """The push service asks for time; the job tries again."""


def tell(device_id: int, notification_id: int) -> str:
    """Send one notification to one device; returns what became of it. Raises NotTaken to be tried again.

    What was read, put off or went out of sight in the meantime is not sent, nor anything to a device that is gone.
    """
    device = PushDevice.objects.select_related("user").filter(pk=device_id).first()
    item = _still_worth(notification_id)
    if device is None or item is None or item.membership.user_id != device.user_id:
        return "dropped"
    sent = send(device, message(item), topic=_topic(item), urgent=bool(item.rule and item.rule.urgent))
    if sent is Sent.GONE:
        PushDevice.objects.filter(pk=device.pk, endpoint_key=device.endpoint_key).delete()
    elif sent is Sent.TAKEN:
        PushDevice.objects.filter(pk=device.pk).update(used_at=now())
    elif sent is Sent.LATER:
        raise NotTaken(device.name)
    return sent.value


def _still_worth(notification_id: int) -> Notification | None:
    rows = Notification.objects.select_related("membership__user", "membership__organisation", "subject")
    item = rows.waiting().filter(pk=notification_id).first()
    if item is None or not (item.membership.active and item.membership.user.is_active):
        return None
    actor = acting(item.membership, "system")
    known = Notification.objects.visible_to(actor).filter(pk=notification_id).readable_by(actor).with_words()
    return known.select_related("membership__user", "subject").first()


def message(item: Notification) -> dict[str, str]:
    """The record's name, the sentence, and where a click leads: no other words leave the portal."""
    user = item.membership.user
    with translation.override(user.language), timezone.override(user.time_zone):
        return {
            "title": (item.entry.title or str(item.entry.organisation))[:120],
            "body": item.title[:300],
            "url": reverse("inbox:open", args=[item.pk]),
            "tag": _topic(item),
        }


def _topic(item: Notification) -> str:
    """The same for all about one record: 32 letters of base64url at most (RFC 8030, section 5.4)."""
    return hashlib.sha256(f"subject {item.subject_id}".encode()).hexdigest()[:32]


def postponed(item: Notification):
    """Until when the person's quiet hours hold it back; None when it may go."""
    return quiet_for(item.membership.user, urgent=bool(item.rule and item.rule.urgent), moment=now())
