"""Sending what is owed: claim, commit, send, note. No transaction stays open while a mail server answers.

A row that was claimed and never finished is given back after a quarter of an hour, so an e-mail leaves at least once;
its Message-ID stays the same, so a reader sees it once.
"""

import logging
import secrets
from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils.timezone import now

from inbox import away
from inbox.mail import compose
from inbox.models import EmailDelivery, Notification
from inbox.schedule import MAX_ATTEMPTS, back_off
from inbox.still import quiet_for
from partners.actors import acting
from partners.models import Membership

log = logging.getLogger("filiera.mail")
LEASE = timedelta(minutes=15)
State = EmailDelivery.State


def owed() -> "QuerySet[EmailDelivery]":
    """What is due and in nobody's hands."""
    return EmailDelivery.objects.filter(state=State.PENDING, due_at__lte=now())


def give_back() -> int:
    """Return to the queue what a vanished worker had claimed; how many."""
    lost = EmailDelivery.objects.filter(state=State.SENDING, claimed_at__lt=now() - LEASE)
    return lost.update(state=State.PENDING, claim="")


def send(deliveries: "QuerySet[EmailDelivery]") -> int:
    """Send these deliveries of one member as one message; returns how many entries it told of.

    What the member may no longer see, or has read in the portal before the digest, is dropped.
    """
    claimed = _claim(deliveries)
    if not claimed:
        return 0
    claimed = _undisturbed(claimed)
    if not claimed:
        return 0
    worth = _worth_sending(claimed)
    _note([row for row in claimed if row not in worth], State.DROPPED)
    if not worth:
        return 0
    try:
        compose(worth[0].membership, worth).send()
    except Exception as error:
        log.exception("an e-mail to membership %s was not sent", worth[0].membership_id)
        _put_off(worth, error)
        return 0
    _note(worth, State.SENT)
    return len(worth)


def send_digest(membership: Membership) -> int:
    """Send one member what is due of their digest and what waits unread for them; returns how many things it told."""
    taken = away.take(membership)
    claimed = _claim(owed().filter(digest=True, membership=membership))
    claimed = _undisturbed(claimed) if claimed else []
    worth = _worth_sending(claimed) if claimed else []
    _note([row for row in claimed if row not in worth], State.DROPPED)
    sections = taken[0] if taken else []
    if not worth and not sections:
        return 0
    try:
        compose(membership, worth, sections).send()
    except Exception as error:
        log.exception("a digest to membership %s was not sent", membership.pk)
        _put_off(worth, error)
        if taken:
            away.give_back(membership, taken[1])
        return 0
    _note(worth, State.SENT)
    return len(worth) + len(sections)


def _claim(deliveries: "QuerySet[EmailDelivery]") -> list[EmailDelivery]:
    """Take the pending ones by compare-and-set: of two workers only one gets each row."""
    claim = secrets.token_hex(16)
    deliveries.filter(state=State.PENDING).order_by().update(
        state=State.SENDING, claim=claim, claimed_at=now(), attempts=F("attempts") + 1
    )
    mine = EmailDelivery.objects.filter(claim=claim, state=State.SENDING).order_by("pk")
    return list(mine.select_related("membership__user", "membership__organisation", "entry"))


def _undisturbed(claimed: list[EmailDelivery]) -> list[EmailDelivery]:
    """Those that may be sent now; the others wait until the reader's quiet hours are over."""
    user, moment = claimed[0].membership.user, now()
    kept = []
    for urgent in (True, False):
        rows = [row for row in claimed if bool(not row.digest and row.rule and row.rule.urgent) is urgent]
        until = quiet_for(user, urgent=urgent, moment=moment) if rows else None
        if until is None:
            kept += rows
        else:
            waiting = EmailDelivery.objects.filter(pk__in=[row.pk for row in rows])
            waiting.update(state=State.PENDING, due_at=until, attempts=F("attempts") - 1)
    return sorted(kept, key=lambda row: row.pk)


def _worth_sending(claimed: list[EmailDelivery]) -> list[EmailDelivery]:
    membership: Membership = claimed[0].membership
    if not membership.active or not membership.user.is_active:
        return []
    keys = [row.pk for row in claimed]
    actor = acting(membership, "system")
    readable = EmailDelivery.objects.visible_to(actor).filter(pk__in=keys).readable_by(actor)
    kept = set(readable.values_list("pk", flat=True))
    read = Notification.objects.filter(membership=membership, read_at__isnull=False)
    seen = set(read.filter(entry__in=[row.entry_id for row in claimed]).values_list("entry", flat=True))
    return [row for row in claimed if row.pk in kept and not (row.digest and row.entry_id in seen)]


def _note(rows: list[EmailDelivery], state: str) -> None:
    if rows:
        EmailDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, sent_at=now(), error="")


def _put_off(rows: list[EmailDelivery], error: Exception) -> None:
    """Try again later, each after its own number of attempts; give up after the last."""
    for row in rows:
        row.error = f"{type(error).__name__}: {error}"[:300]
        row.state = State.FAILED if row.attempts >= MAX_ATTEMPTS else State.PENDING
        row.due_at = now() + back_off(row.attempts)
    if rows:
        EmailDelivery.objects.bulk_update(rows, ["error", "state", "due_at"])
