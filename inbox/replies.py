"""Answers by e-mail: addresses that say where an answer goes and whose it is, and the apps that post them.

`reply+<token>@<REPLY_DOMAIN>`: the token holds the kind of place, the place, what is answered there, the membership and
the last day, and an HMAC over them. It is 56 letters of base32 without case, as mail servers may change case, so that
the local part keeps to the 64 octets of RFC 5321, section 4.5.3.1.1. An app registers its places:

    replies.register("r", label="chat.room", quote=quote, post=post)
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email.headerregistry import Address

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate

from core.models import TrailEntry
from partners.actors import Actor
from partners.models import Membership

LIFE = timedelta(days=60)
SALT = "inbox.replies"
EPOCH = date(2020, 1, 1)
FIELDS = (("target_id", 6), ("item", 4), ("membership_id", 6), ("day", 2))  # octets of each number
MAC = 16
PREFIX = "reply+"
LETTERS = 56  # of base32: (1 + 6 + 4 + 6 + 2 + 16) octets


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that an e-mail is about, as their reader may see them now; `answerable`: may the reader answer?"""

    author: str
    organisation: str
    text: str
    html: str  # sanitised already
    target_id: int
    item: int
    place: str
    files: Sequence[str] = ()
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Handler:
    """A kind of place to which one may answer: `quote(actor, entry)` gives the words, `post(…)` says the answer.

    `post(actor=, target_id=, item=, text=, files=, client_id=)` returns the address where it stands; it raises Http404,
    PermissionDenied or DomainError where the member may not, with a sentence. The same `client_id` posts once.
    """

    code: str
    label: str
    quote: Callable[[Actor, TrailEntry], Quote | None]
    post: Callable[..., str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What an address says: whose answer to what, and until when."""

    code: str
    target_id: int
    item: int
    membership_id: int
    day: int

    @property
    def expired(self) -> bool:
        """True once its last day is over."""
        return localdate() > EPOCH + timedelta(days=self.day)


HANDLERS: dict[str, Handler] = {}


def register(
    code: str, *, label: str, quote: Callable[[Actor, TrailEntry], Quote | None], post: Callable[..., str]
) -> None:
    """Have answers to records of this label ("chat.room") posted; `code` is one ASCII letter of its own."""
    if len(code) != 1 or not code.isascii() or HANDLERS.get(code, Handler(code, label, quote, post)).label != label:
        raise ImproperlyConfigured(f"{code!r} is no letter of its own for answers by e-mail.")
    HANDLERS[code] = Handler(code, label, quote, post)


def quote_of(actor: Actor, entry: TrailEntry) -> tuple[str, Quote] | None:
    """The words that an entry of the trail is about, with the letter of their kind of place; None where it has none."""
    for handler in HANDLERS.values():
        if handler.label == entry.target and (found := handler.quote(actor, entry)):
            return handler.code, found
    return None


def address_for(membership: Membership, code: str, target_id: int, item: int = 0) -> str:
    """The address to which this member answers; "" where the portal receives no mail (no REPLY_DOMAIN)."""
    if not settings.REPLY_DOMAIN:
        return ""
    day = (localdate() + LIFE - EPOCH).days
    numbers = {"target_id": target_id, "item": item, "membership_id": membership.pk, "day": day}
    body = code.encode() + b"".join(numbers[name].to_bytes(size, "big") for name, size in FIELDS)
    token = base64.b32encode(body + _mac(body, settings.SECRET_KEY)).decode().lower()
    return f"{PREFIX}{token}@{settings.REPLY_DOMAIN}"


def named(address: str, place: str) -> str:
    """The address with the name of the place, as a header takes it."""
    user, domain = address.rsplit("@", 1)
    clean = "".join(letter for letter in place if letter.isprintable())[:60]
    return str(Address(clean, user, domain))


def read(token: str) -> Reply | None:
    """What a token says; None for one that is not ours. Whether it is over is the caller's to ask."""
    try:
        octets = base64.b32decode(token, casefold=True)
    except (binascii.Error, ValueError):
        return None
    body, mac = octets[:-MAC], octets[-MAC:]
    if len(body) != 1 + sum(size for _name, size in FIELDS):
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(mac, _mac(body, key)) for key in keys):
        return None
    numbers, start = {}, 1
    for name, size in FIELDS:
        numbers[name] = int.from_bytes(body[start : start + size], "big")
        start += size
    return Reply(code=body[:1].decode("latin-1"), **numbers)


def _mac(body: bytes, key: str | bytes) -> bytes:
    return salted_hmac(SALT, body, secret=key, algorithm="sha256").digest()[:MAC]


def post(reply: Reply, *, actor: Actor, text: str, files: Sequence[UploadedFile], client_id: str) -> str:
    """Say the answer where the address says; returns where it stands. Raises what the app's `post` raises."""
    handler = HANDLERS[reply.code]
    return handler.post(
        actor=actor, target_id=reply.target_id, item=reply.item, text=text, files=files, client_id=client_id
    )
