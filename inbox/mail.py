"""The e-mails of the inbox: one about one entry, or a digest of several. Text and HTML say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inbox import replies
from inbox.away import Section
from inbox.models import EmailDelivery
from partners.actors import Actor, acting, actor_for
from partners.models import Membership

SALT = "inbox.unsubscribe"
MAX_LINES = 50


def unsubscribe_url(membership: Membership, kind: str = "") -> str:
    """The address that stops e-mail of a kind (or all) without signing in, for the List-Unsubscribe header."""
    token = signing.dumps([membership.pk, kind], salt=SALT)
    return settings.BASE_URL + reverse("inbox:unsubscribe", args=[token])


def of_token(token: str) -> tuple[Actor, str] | None:
    """The member and the kind that a token names; None when it is forged or the membership is over."""
    try:
        membership_id, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    membership = Membership.objects.filter(pk=membership_id, active=True).select_related("user").first()
    if membership is None:
        return None
    actor = actor_for(membership.user, membership.organisation_id, "web")
    return (actor, kind) if actor and actor.membership == membership else None


@dataclass(frozen=True, slots=True)
class Group:
    """What a digest says of one record."""

    title: str
    items: Sequence[EmailDelivery]


@dataclass(frozen=True, slots=True)
class Place:
    """A room with unread messages, and the address to which one answers."""

    section: Section
    reply: str


def compose(
    membership: Membership, deliveries: Sequence[EmailDelivery], sections: Sequence[Section] = ()
) -> EmailMultiAlternatives:
    """The message about one or more deliveries and what waits unread, in the language and time zone of the reader."""
    user = membership.user
    with translation.override(user.language), timezone.override(user.time_zone):
        if len(deliveries) == 1 and not sections and not deliveries[0].digest:
            return _single(membership, deliveries[0])
        return _digest(membership, deliveries, sections)


def _single(membership: Membership, delivery: EmailDelivery) -> EmailMultiAlternatives:
    found = replies.quote_of(acting(membership, "system"), delivery.entry)
    code, quote = found or ("", None)
    reply = ""
    if quote is not None and quote.answerable:
        reply = replies.address_for(membership, code, quote.target_id, quote.item)
    context = {**_common(membership, delivery.kind), "item": delivery, "quote": quote, "reply": reply}
    subject = f"{delivery.title} · {delivery.about}" if delivery.about else delivery.title
    message = _message(membership, subject, "single", context)
    message.extra_headers |= _thread(delivery.entry.target, delivery.entry.target_id)
    message.extra_headers["Message-ID"] = f"<delivery-{delivery.pk}@{_host()}>"
    if quote is not None and reply:
        message.reply_to = [replies.named(reply, quote.place)]
    return message


def _digest(
    membership: Membership, deliveries: Sequence[EmailDelivery], sections: Sequence[Section]
) -> EmailMultiAlternatives:
    shown = sorted(deliveries[:MAX_LINES], key=lambda each: (each.entry.target, each.entry.target_id, each.pk))
    groups = [
        Group(items[-1].entry.title, items)
        for _record, found in groupby(shown, key=lambda each: (each.entry.target, each.entry.target_id))
        if (items := list(found))
    ]
    groups.sort(key=lambda group: max(item.pk for item in group.items), reverse=True)
    places = [Place(section, _reply(membership, section)) for section in sections]
    more = max(0, len(deliveries) - MAX_LINES)
    context = {**_common(membership), "groups": groups, "places": places, "more": more}
    message = _message(membership, _digest_subject(membership, len(deliveries), sections), "digest", context)
    if deliveries:
        message.extra_headers["Message-ID"] = f"<delivery-{deliveries[0].pk}@{_host()}>"
    if len(places) == 1 and places[0].reply:
        message.reply_to = [replies.named(places[0].reply, places[0].section.place)]
        if not deliveries:
            message.extra_headers |= _thread(replies.HANDLERS[sections[0].code].label, sections[0].target_id)
    return message


def _reply(membership: Membership, section: Section) -> str:
    if not section.answerable:
        return ""
    return replies.address_for(membership, section.code, section.target_id)


def _digest_subject(membership: Membership, many: int, sections: Sequence[Section]) -> str:
    if many:
        said = ngettext("%(many)d thing happened for %(who)s", "%(many)d things happened for %(who)s", many)
        return said % {"many": many, "who": membership.organisation}
    unread = sum(len(section.lines) + section.more for section in sections)
    places = ", ".join(section.place for section in sections[:3])
    said = ngettext("%(many)d unread message: %(places)s", "%(many)d unread messages: %(places)s", unread)
    return said % {"many": unread, "places": places}


def _common(membership: Membership, kind: str = "") -> dict:
    return {"membership": membership, "base": settings.BASE_URL, "unsubscribe": unsubscribe_url(membership, kind)}


def _message(membership: Membership, subject: str, template: str, context: dict) -> EmailMultiAlternatives:
    """RFC 2369 and RFC 8058 unsubscription; nothing that answers machines answers it (RFC 3834)."""
    subject = " ".join(subject.split())[:200]
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"inbox/email/{template}.txt", context),
        to=[membership.user.email],
        headers={
            "List-Unsubscribe": f"<{context['unsubscribe']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    html = render_to_string(f"inbox/email/{template}.html", {**context, "subject": subject})
    message.attach_alternative(html, "text/html")
    return message


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def _thread(label: str, pk: int) -> dict[str, str]:
    """All about one record hang on one message that nobody has: so mail programs show them together."""
    root = f"<{label}-{pk}@{_host()}>"
    return {"In-Reply-To": root, "References": root}


def refusal(address: str, subject: str, message_id: str, sentence: str, language: str) -> EmailMessage:
    """The letter that says why another was not posted."""
    with translation.override(language):
        about = " ".join(subject.split())[:120]
        context = {"sentence": sentence, "about": about, "base": settings.BASE_URL}
        body = render_to_string("inbox/email/refusal.txt", context)
        headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
        clean = "".join(message_id.split())
        if clean.startswith("<") and clean.endswith(">") and clean.isascii():
            headers |= {"In-Reply-To": clean, "References": clean}
        title = _("Not posted: %(about)s") % {"about": about} if about else _("Your e-mail was not posted")
        return EmailMessage(subject=title, body=body, to=[address], headers=headers)
