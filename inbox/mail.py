"""The e-mails of the inbox: one about one entry, or a digest of several. Text and HTML say the same."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from inbox.models import EmailDelivery
from partners.actors import Actor, actor_for
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


def compose(membership: Membership, deliveries: list[EmailDelivery]) -> EmailMultiAlternatives:
    """The message about one or more deliveries, in the language and time zone of the reader."""
    user = membership.user
    with translation.override(user.language), timezone.override(user.time_zone):
        single = len(deliveries) == 1 and not deliveries[0].digest
        kind = deliveries[0].kind if single else ""
        context = {
            "membership": membership,
            "items": deliveries[:MAX_LINES],
            "more": max(0, len(deliveries) - MAX_LINES),
            "base": settings.BASE_URL,
            "unsubscribe": unsubscribe_url(membership, kind),
            "single": single,
        }
        subject = _subject(deliveries[0]) if single else _digest_subject(membership, len(deliveries))
        message = EmailMultiAlternatives(
            subject=" ".join(subject.split())[:200],
            body=render_to_string("inbox/email/message.txt", context),
            to=[user.email],
            headers=_headers(context["unsubscribe"], deliveries[0]),
        )
        message.attach_alternative(render_to_string("inbox/email/message.html", context), "text/html")
    return message


def _subject(delivery: EmailDelivery) -> str:
    return f"{delivery.title} · {delivery.about}" if delivery.about else delivery.title


def _digest_subject(membership: Membership, many: int) -> str:
    return ngettext("%(many)d thing happened for %(who)s", "%(many)d things happened for %(who)s", many) % {
        "many": many,
        "who": membership.organisation,
    }


def _headers(unsubscribe: str, first: EmailDelivery) -> dict[str, str]:
    """RFC 2369 and RFC 8058 unsubscription; a Message-ID that a repeated sending shares, so it is read once."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<delivery-{first.pk}@{host}>",
    }
