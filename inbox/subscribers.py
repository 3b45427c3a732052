"""Every entry of the trail passes here: the rules say whom to tell, the preferences say how."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.timezone import now

from core.audit import may_know, subscribe
from core.models import TrailEntry, TrailReader
from inbox.frames import push
from inbox.models import EmailDelivery, Notification, Preference, PushDevice, Subject
from inbox.rules import Rule, rules_for
from inbox.schedule import due
from partners.actors import acting
from partners.models import Membership


@subscribe("*")
def tell(entry: TrailEntry) -> None:
    """Tell each recipient once, in the transaction that marks the entry delivered."""
    rules = rules_for(entry.verb)
    if not rules:
        return
    readers = set(TrailReader.objects.filter(entry=entry).values_list("organisation_id", flat=True))
    told: set[int] = set()
    for rule in rules:
        members = [m for m in may_be_told(entry, rule.to(entry), readers) if m.pk not in told]
        _tell_by(rule, entry, members)
        told |= {member.pk for member in members}


def may_be_told(entry: TrailEntry, proposed: Iterable[Membership], readers: set[int]) -> list[Membership]:
    """Live members of organisations that may read the entry, whose role may know of it, other than its author."""
    different = {member.pk: member for member in proposed}.values()
    return [
        member
        for member in different
        if member.active and member.organisation_id in readers
        if entry.user_id is None or member.user_id != entry.user_id
        if may_know(acting(member, "system"), entry.verb)
    ]


def _tell_by(rule: Rule, entry: TrailEntry, members: list[Membership]) -> None:
    chosen = {p.membership_id: p for p in Preference.objects.filter(membership__in=members, kind=rule.kind)}
    url = rule.url(entry) if members else ""
    for member in members:
        preference = chosen.get(member.pk) or Preference(membership=member, kind=rule.kind)
        about = {"membership": member, "entry": entry, "kind": rule.kind, "url": url}
        if preference.in_app:
            subject = Subject.of(member, entry, rule.kind)
            item = Notification.objects.create(**about, subject=subject)
            push(item)
            if preference.push:
                _push_to_devices(item)
        _owe_email(rule, preference, about)


def _push_to_devices(item: Notification) -> None:
    from inbox.tasks import push_to

    devices = list(PushDevice.objects.filter(user=item.membership.user_id).values_list("pk", flat=True))

    def push_to_all() -> None:
        for device_id in devices:
            push_to.enqueue(device_id, item.pk)

    if devices:
        transaction.on_commit(push_to_all, robust=True)


def _owe_email(rule: Rule, preference: Preference, about: dict) -> None:
    member: Membership = about["membership"]
    when = due(preference.email, urgent=rule.urgent, moment=now(), time_zone=member.user.time_zone)
    if when is None:
        return
    due_at, digest = when
    owed = EmailDelivery.objects.create(**about, due_at=due_at, digest=digest)
    if not digest:
        from inbox.tasks import send_now

        transaction.on_commit(lambda: send_now.enqueue(owed.pk), robust=True)
