"""A letter that came in is judged, and posted where its address says; each has its effect once."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.errors import DomainError
from inbox import replies
from inbox.inbound import returns
from inbox.inbound.letters import Letter, Unreadable, read_letter
from inbox.models import InboundMail
from partners.actors import Actor, actor_for
from partners.models import Membership

DAY, ANSWERS_A_DAY = timedelta(days=1), 3  # letters back to one address
HOUR, ANSWERS_AN_HOUR = timedelta(hours=1), 100  # and to all together
WRITE_BACK = "inbox.tasks.write_back"  # doors import this module, and no door imports jobs
Outcome = InboundMail.Outcome


class Refused(Exception):
    """The letter is not posted; the sentence goes back to who sent it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a letter, and why. `url` is where it stands."""

    outcome: str
    reason: str = ""
    url: str = ""


def receive(raw: bytes) -> Result:
    """Post a letter (RFC 5322, as it came). The same again says what became of it the first time.

    Ignored without a word: what no person wrote, and what is not addressed to us. Refused with a letter back: a wrong
    sender, an address that is over, a lost seat, files that are not taken, no words.
    """
    try:
        letter = read_letter(raw, settings.REPLY_DOMAIN)
    except Unreadable as fault:
        return Result(Outcome.REFUSED, str(fault))
    key = hashlib.sha256((letter.message_id or hashlib.sha256(raw).hexdigest()).encode()).hexdigest()
    if (known := InboundMail.objects.filter(key=key).first()) is not None:
        return Result(known.outcome, known.reason)
    with transaction.atomic():
        row, new = InboundMail.objects.get_or_create(
            key=key, defaults={"sender": letter.sender[:254], "outcome": Outcome.IGNORED}
        )
        if not new:  # the other of two that came at once
            return Result(row.outcome, row.reason)
        result = _reported(raw) or _judge(letter, key, row)
        row.outcome, row.reason = result.outcome, result.reason[:300]
        row.save(update_fields=["outcome", "reason", "answered"])
    return result


def _reported(raw: bytes) -> Result | None:
    """What a machine says of letters that were sent to many; None for a letter that is not about one of them."""
    report = returns.read_report(raw, settings.REPLY_DOMAIN)
    if report is None or not returns.taken(report):
        return None
    if report.kind == "other":
        return Result(Outcome.IGNORED, "It came back to a mailing, and is no report.")
    return Result(Outcome.POSTED, f"Noted as {report.kind}.")


def _judge(letter: Letter, key: str, row: InboundMail) -> Result:
    reply = next((found for token in letter.tokens if (found := replies.read(token))), None)
    if letter.automatic:
        return Result(Outcome.IGNORED, f"No person wrote it: {letter.automatic}.")
    if reply is None or reply.code not in replies.HANDLERS:
        return Result(Outcome.IGNORED, "It is not addressed to a room or topic.")
    if not letter.sender or letter.sender.endswith(f"@{settings.REPLY_DOMAIN.lower()}"):
        return Result(Outcome.IGNORED, "It names no sender.")
    membership = Membership.objects.filter(pk=reply.membership_id).select_related("user", "organisation").first()
    language = membership.user.language if membership else settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            with transaction.atomic():
                return Result(Outcome.POSTED, url=_posted(letter, reply, membership, key))
        except Refused as refusal:
            _write_back(letter, str(refusal), language, row)
            return Result(Outcome.REFUSED, str(refusal))


def _posted(letter: Letter, reply: replies.Reply, membership: Membership | None, key: str) -> str:
    actor = _actor(letter, membership)
    if reply.expired:
        raise Refused(_("The address that you answered to is too old. Open the portal and answer there."))
    if not letter.text and not letter.files:
        raise Refused(_("Your e-mail held no words of your own: write your answer above the text that you answer."))
    files = [SimpleUploadedFile(each.name, each.content, each.content_type) for each in letter.files]
    try:
        return replies.post(reply, actor=actor, text=letter.text, files=files, client_id=f"mail-{key[:40]}")
    except Http404 as fault:
        raise Refused(_("You have no seat there any more, or it is gone.")) from fault
    except (PermissionDenied, DomainError) as fault:
        raise Refused(str(getattr(fault, "message", fault)) or _("You may not write there.")) from fault


def _actor(letter: Letter, membership: Membership | None) -> Actor:
    """The member whose address it is, if it was they who wrote. Raises Refused."""
    if membership is None or letter.sender not in _addresses_of(membership):
        sentence = _(
            "This address answers for somebody else. Write from the e-mail address with which you sign in, "
            "or answer in the portal."
        )
        raise Refused(sentence)
    actor = actor_for(membership.user, membership.organisation_id, "mail") if membership.active else None
    if actor is None or actor.membership != membership:
        raise Refused(_("Your account does not act for this organisation any more."))
    return actor


def _addresses_of(membership: Membership) -> set[str]:
    verified = EmailAddress.objects.filter(user=membership.user_id, verified=True).values_list("email", flat=True)
    return {membership.user.email.lower(), *(email.lower() for email in verified)}


def _write_back(letter: Letter, sentence: str, language: str, row: InboundMail) -> None:
    """Say why, at most three times a day to one address and a hundred times an hour in all."""
    answered = InboundMail.objects.filter(answered=True)
    to_them = answered.filter(sender=letter.sender, received_at__gt=now() - DAY).count()
    if to_them >= ANSWERS_A_DAY or answered.filter(received_at__gt=now() - HOUR).count() >= ANSWERS_AN_HOUR:
        return
    row.answered = True
    given = (letter.sender, letter.subject, letter.message_id, sentence, language)
    transaction.on_commit(lambda: import_string(WRITE_BACK).enqueue(*given), robust=True)
