"""Letters of a mailing: composed once, filled in for each recipient. Text and HTML say the same."""

from collections.abc import Callable, Mapping
from email.utils import formataddr, parseaddr
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html

from audiences import tokens
from audiences.models import AudienceSettings, Contact, Mailing, Recipient
from audiences.writing import FIELDS, LOGO, Body, Field, Pieces, Slot, mark_of, pieces_of, said_of, with_marks, written
from inbox.inbound.returns import PREFIX
from partners.models import Organisation

OCCASION = ("record", "partner", "day", "code")  # what a standing mailing says beside the fields of a contact
ANY = "0" * 40  # stands where the token goes
LOGO_BOX = (240, 64)  # pixels
# What stands there until the picture is loaded is the name. In the dark it has a light plate, from the frame's style.
LOGO_IMAGE = (
    '<img class="logo" src="{}" width="{}" height="{}" alt="{}" style="border:0;max-width:100%;background:#ffffff;'
    'color:#17212b;font-size:18px;font-weight:600;vertical-align:middle;">'
)
MARKS = {"way_out": mark_of("u"), "picture": mark_of("p")}


def known_fields(organisation: Organisation) -> list[str]:
    """What a text may name: the columns of a contact, the organisation's own fields, and its logo."""
    return [*FIELDS, *AudienceSettings.of(organisation).fields, LOGO]


def values_of(contact: Contact) -> dict[str, str]:
    """The fields of a contact, by the names under which a text knows them."""
    own = {name: str(value) for name, value in contact.more.items()}
    return {**own, **{name: getattr(contact, name) for name in FIELDS}, "first_name": contact.called}


class Writer:
    """Writes the letters of one mailing: what is the same in all is made once, here."""

    def __init__(self, mailing: Mailing) -> None:
        self.mailing = mailing
        known = [*known_fields(mailing.organisation), *(OCCASION if mailing.standing else ())]
        self.body: Body = written(mailing.body, known)
        plain = [name for name in known if name != LOGO]
        self.subjects = {name: with_marks(mailing.subject_for(name), plain, "subject") for name in "AB"}
        self.host = urlsplit(settings.BASE_URL).hostname or "localhost"
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self.sender, self.named = address, formataddr((mailing.sender_name, address))
        self.language = mailing.written_by.language if mailing.written_by else settings.LANGUAGE_CODE
        self._frames: dict[str, dict[bool, Pieces]] = {}

    def pieces(self, contact: Contact, *, html: bool) -> Pieces:
        """The letter in its frame (why one gets it, and the way out) in the language of the reader, where the portal
        speaks it, else of the writer."""
        spoken = contact.language[:2].lower()
        language = spoken if spoken in dict(settings.LANGUAGES) else self.language
        if language not in self._frames:
            context = {"mailing": self.mailing, "language": language, "body": self.body, **MARKS}
            with translation.override(language):
                self._frames[language] = {
                    True: pieces_of(render_to_string("audiences/email/letter.html", context)),
                    False: pieces_of(render_to_string("audiences/email/letter.txt", context)),
                }
        return self._frames[language][html]

    def compose(self, recipient: Recipient, contact: Contact) -> EmailMultiAlternatives:
        """The letter to one recipient, with a Message-ID that is the same however often it is composed."""
        out = self.address("unsubscribe", tokens.UNSUBSCRIBE, recipient.pk or 0)
        html, text = self.filled(contact, recipient, html=True), self.filled(contact, recipient)
        headers = {
            "From": self.named,
            "List-Unsubscribe": f"<{out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        returned, sender = tokens.token_for(tokens.RETURN, recipient.pk or 0), self.sender
        if recipient.pk:
            headers["Message-ID"] = f"<return.{returned}@{settings.REPLY_DOMAIN or self.host}>"
            sender = f"{PREFIX}{returned}@{settings.REPLY_DOMAIN}" if settings.REPLY_DOMAIN else sender
        message = EmailMultiAlternatives(
            subject=self.subject(contact, recipient.variant, recipient.values), body=text, from_email=sender,
            to=[recipient.email], headers=headers, reply_to=[self.mailing.reply_to] if self.mailing.reply_to else None,
        )  # fmt: skip
        message.attach_alternative(html, "text/html")
        return message

    def subject(self, contact: Contact, variant: str, more: Mapping[str, str] | None = None) -> str:
        """The subject of a variant, for one contact; `more`: fields of this letter alone."""
        text, fields = self.subjects[variant]
        values = {**values_of(contact), **(more or {})}
        said = (piece if isinstance(piece, str) else said_of(fields[piece.number], values) for piece in pieces_of(text))
        return " ".join("".join(said).split())[:200]

    def filled(self, contact: Contact, recipient: Recipient, *, html: bool = False) -> str:
        """One of the two shapes, for one contact. A recipient that is not stored is a preview: nothing is counted."""
        values = {**values_of(contact), **recipient.values}
        counted = self.mailing.tracking and bool(recipient.pk)
        pieces = self.pieces(contact, html=html)
        write: dict[str, Callable[[Slot], str]] = {
            "f": lambda slot: self._field(self.body.fields[slot.number], values, html=html),
            "l": lambda slot: self._link(recipient.pk or 0, slot.number, counted),
            "u": lambda _slot: self.address("unsubscribe", tokens.UNSUBSCRIBE, recipient.pk or 0),
            "p": lambda _slot: self._picture(recipient.pk) if counted else "",
        }
        return "".join(piece if isinstance(piece, str) else write[piece.kind](piece) for piece in pieces)

    def _field(self, field: Field, values: Mapping[str, str], *, html: bool) -> str:
        if field.name != LOGO:
            return said_of(field, values, html=html)
        organisation = self.mailing.organisation
        if html and organisation.logo_code:
            width, height = organisation.logo_within(*LOGO_BOX)
            return format_html(LOGO_IMAGE, organisation.logo_url, width, height, organisation)
        said = said_of(field, {LOGO: "" if field.otherwise else str(organisation)}, html=html)
        return f"<strong>{said}</strong>" if html else said

    def _link(self, recipient_id: int, number: int, counted: bool) -> str:
        return self.address("follow", tokens.FOLLOWED, recipient_id, number) if counted else self.body.urls[number - 1]

    def _picture(self, recipient_id: int) -> str:
        address = self.address("opened", tokens.OPENED, recipient_id)
        return f'<img src="{address}" width="1" height="1" alt="" style="display:block;border:0;">'

    @staticmethod
    def address(name: str, kind: bytes, recipient_id: int, link: int = 0) -> str:
        """An address of the portal that names this letter."""
        return settings.BASE_URL + _path(name).replace(ANY, tokens.token_for(kind, recipient_id, link))


@cache
def _path(name: str) -> str:
    """Looking a path up costs more than all else about a link, of which a letter has a dozen."""
    return reverse(f"audiences_public:{name}", args=[ANY])
