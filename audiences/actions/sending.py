"""Sending: recipients are written down once, and each letter is handed over once, whenever the process dies.

A job takes some of the waiting recipients under a claim. Before each letter it commits `sending`, and only then speaks
to the mail server; what that answered is committed with the next letter's `sending`. So after a kill at most one letter
of a job is in `sending`: it may have left or not, and no protocol can tell (RFC 5321 has no question for it). It
becomes `unsure` and is never sent again by itself. What was merely claimed was not handed over, and waits again.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPHeloError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from audiences.actions.consenting import put_key_on_list
from audiences.choosing import contacts_of
from audiences.keys import suppression_key
from audiences.letters import Writer
from audiences.models import AudienceSettings, Contact, Link, Mailing, Recipient, Suppression
from core.audit import record
from core.states import move
from partners.actors import system_actor

log = logging.getLogger("filiera.mailings")
TOGETHER = 50  # letters of one claim
LEASE = timedelta(minutes=5)  # after which a claim counts as a vanished job's
SECONDS = 60  # to wait for a mail server
ATTEMPTS = 5
State = Recipient.State


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a letter that was handed over."""

    recipient: Recipient
    state: str
    reason: str = ""
    hard: bool = False


@transaction.atomic
def write_down(*, pk: int) -> None:
    """Freeze the recipients of a mailing that was started; again it does nothing. Who is left out is counted by why."""
    mailing = _lock(pk)
    if mailing is None or mailing.frozen_at is not None or mailing.segment is None:
        return
    segment = contacts_of(mailing.segment)
    reachable = segment.exclude(email="")
    open_to = reachable.unsuppressed()
    chosen = list(open_to.agreed_to(mailing.purpose).order_by("pk").values_list("pk", "email"))
    total, with_address, unsuppressed = segment.count(), reachable.count(), open_to.count()
    mailing.left_out = {
        "no_address": total - with_address,
        "suppressed": with_address - unsuppressed,
        "no_consent": unsuppressed - len(chosen),
    }
    rows = [
        Recipient(
            mailing=mailing, organisation_id=mailing.organisation_id, contact_id=contact, email=email,
            variant=variant_of(mailing, contact),
        )
        for contact, email in chosen
    ]  # fmt: skip
    Recipient.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    urls = Writer(mailing).body.urls
    Link.objects.bulk_create(Link(mailing=mailing, number=at, url=url) for at, url in enumerate(urls, start=1))
    mailing.frozen_at = now()
    mailing.save(update_fields=["left_out", "frozen_at"])
    record(actor=system_actor(mailing.organisation), verb="mailing.frozen", target=mailing, total=len(rows))


def variant_of(mailing: Mailing, contact_id: int) -> str:
    """A or B, by chance that is the same each time it is asked."""
    if not mailing.subject_b:
        return "A"
    octets = hashlib.sha256(f"{mailing.pk}:{contact_id}".encode()).digest()
    return "B" if int.from_bytes(octets[:4], "big") % 100 < mailing.share_b else "A"


def _lock(pk: int) -> Mailing | None:
    rows = Mailing.objects.select_for_update(of=("self",)).select_related("organisation", "segment", "written_by")
    return rows.filter(pk=pk, state=Mailing.State.SENDING).first()


@transaction.atomic
def claim(*, pk: int) -> tuple[Mailing, list[Recipient]] | None:
    """Take the next letters, as far as the minute allows; None for a mailing that is not being sent.

    Who unsubscribed or was suppressed since the start is left out here. The last of them ends the mailing.
    """
    mailing = _lock(pk)
    if mailing is None:
        return None
    moment = now()
    waiting = mailing.recipients.filter(state=State.WAITING)
    due = waiting.filter(Q(due_at=None) | Q(due_at__lte=moment), claim="").order_by("pk")
    rows = list(due.select_related("contact")[: _allowed(mailing)])
    kept, lost = _still_wanted(mailing, rows)
    Recipient.objects.filter(pk__in=lost).update(state=State.DROPPED, reason=_("unsubscribed since the start"))
    token = secrets.token_hex(16)
    Recipient.objects.filter(pk__in=[row.pk for row in kept]).update(claim=token, claimed_at=moment)
    for row in kept:
        row.claim = token
    mailing.minute_count += len(kept)
    mailing.beat_at = moment
    open_rows = mailing.recipients.filter(state__in=(State.WAITING, State.SENDING))
    if not rows and not mailing.standing and not open_rows.exists():
        move(mailing, "finish")
        mailing.finished_at = moment
        record(actor=system_actor(mailing.organisation), verb="mailing.finished", target=mailing)
    mailing.save(update_fields=["minute_at", "minute_count", "beat_at", "state", "finished_at"])
    return mailing, kept


def _allowed(mailing: Mailing) -> int:
    """How many letters may be taken now; a minute begins with its first letter."""
    if mailing.minute_at is None or mailing.minute_at < now() - timedelta(minutes=1):
        mailing.minute_at, mailing.minute_count = now(), 0
    most = AudienceSettings.of(mailing.organisation).per_minute
    return max(0, min(TOGETHER, most - mailing.minute_count))


def _still_wanted(mailing: Mailing, rows: list[Recipient]) -> tuple[list[Recipient], list[int]]:
    known = Contact.objects.filter(pk__in=[row.contact_id for row in rows])
    open_to = set(known.unsuppressed().agreed_to(mailing.purpose).values_list("pk", flat=True))
    kept = [row for row in rows if row.contact_id in open_to and row.email]
    gone = {row.pk for row in rows} - {row.pk for row in kept}
    return kept, sorted(gone)


def send_some(*, pk: int) -> bool:
    """Hand over the next letters of a mailing; False when there are none to hand over now."""
    claimed = claim(pk=pk)
    if claimed is None or not claimed[1]:
        return False
    mailing, rows = claimed
    connection = get_connection(**_patience())
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        log.warning("mailing %s: no mail server: %s", pk, error)
        _release(rows)
        return False
    try:
        return _send_each(Writer(mailing), connection, rows)
    finally:
        connection.close()


def _patience() -> dict[str, Any]:
    """A mail server that says nothing must not hold a letter for longer than its claim lasts."""
    return {"timeout": SECONDS}


def _send_each(writer: Writer, connection: Any, rows: list[Recipient]) -> bool:
    fate: Fate | None = None
    for at, row in enumerate(rows):
        if not _begin(row, fate):
            _release(rows[at:])
            return False
        fate = hand_over(writer, connection, row)
    _settle(fate)
    return True


@transaction.atomic
def _begin(row: Recipient, before: Fate | None) -> bool:
    """Commit what became of the letter before, and that this one is being handed over; False where it must not be."""
    _settle(before)
    mine = Recipient.objects.filter(pk=row.pk, claim=row.claim, state=State.WAITING)
    running = mine.filter(mailing__state=Mailing.State.SENDING)
    return bool(running.update(state=State.SENDING, claimed_at=now(), attempts=F("attempts") + 1))


def hand_over(writer: Writer, connection: Any, row: Recipient) -> Fate:
    """Give one letter to the mail server, and say what it answered."""
    contact = row.contact or Contact(name="", email=row.email)
    try:
        connection.send_messages([writer.compose(row, contact)])
    except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPHeloError) as error:
        return _refused(row, error)
    except (SMTPException, OSError) as error:  # it broke off: the server may have taken the letter
        connection.close()
        return Fate(row, State.UNSURE, f"{type(error).__name__}: {error}"[:300])
    return Fate(row, State.SENT)


def _refused(row: Recipient, error: Any) -> Fate:
    """The server said no, so the letter has not left: for now (4xx) it waits, for good (5xx) it failed."""
    answers = list(error.recipients.values()) if isinstance(error, SMTPRecipientsRefused) else [error.args[:2]]
    code, words = answers[0] if answers else (550, b"")
    text = (words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))[:280]
    if 400 <= code < 500 and row.attempts + 1 < ATTEMPTS:
        return Fate(row, State.WAITING, f"{code} {text}")
    return Fate(row, State.FAILED, f"{code} {text}", hard=code >= 500 and text.startswith(("5.1.", "5.2.1")))


def _settle(fate: Fate | None) -> None:
    """Note what became of a letter, also of one that was taken for lost meanwhile: knowing is better than unsure."""
    if fate is None:
        return
    row, moment = fate.recipient, now()
    columns: dict[str, Any] = {"state": fate.state, "reason": fate.reason, "claim": ""}
    if fate.state == State.SENT:
        columns["sent_at"] = moment
    if fate.state == State.WAITING:
        columns["due_at"] = moment + timedelta(minutes=5 * 2**row.attempts)
    mine = Recipient.objects.filter(pk=row.pk, claim=row.claim, state__in=(State.SENDING, State.UNSURE))
    if mine.update(**columns) and fate.hard:
        Recipient.objects.filter(pk=row.pk).update(bounced_at=moment)
        key = suppression_key(row.organisation_id, row.email)
        put_key_on_list(row.organisation_id, key, Suppression.Reason.BOUNCED)


def _release(rows: list[Recipient]) -> None:
    """Give back what was claimed and not handed over."""
    keys = [row.pk for row in rows]
    Recipient.objects.filter(pk__in=keys, claim=rows[0].claim, state=State.WAITING).update(claim="")


def take_back_lost() -> tuple[int, int]:
    """Look after vanished jobs: how many letters wait again, and of how many it is unsure whether they left."""
    lost = Recipient.objects.filter(claimed_at__lt=now() - LEASE)
    again = lost.filter(state=State.WAITING).exclude(claim="").update(claim="")
    unsure = lost.filter(state=State.SENDING)
    return again, unsure.update(state=State.UNSURE, reason=_("The process ended while it was handed over."))
