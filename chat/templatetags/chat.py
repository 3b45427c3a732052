"""Pieces of a message that its template cannot say in words of its own."""

from typing import cast

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from chat.files import INLINE
from chat.models import Attachment, Message, Room
from chat.records import record_url
from core import audit
from core.models import TrailEntry

register = template.Library()


def _entry(message: Message) -> TrailEntry:
    return cast(TrailEntry, message.entry)  # a note has one


@register.simple_tag
def note_text(message: Message) -> str:
    """The sentence of what happened; the title of another record than the room's own leads to it."""
    entry = _entry(message)
    words = conditional_escape(audit.sentence(entry))
    room = message.room
    own = (entry.target, entry.target_id) in {(room.record, room.record_id), (Room._meta.label_lower, room.pk)}
    url = "" if own or not entry.title else record_url(entry.target, entry.target_id)
    if not url:
        return words
    link = format_html('<a href="{}">{}</a>', url, entry.title)
    return mark_safe(words.replace(conditional_escape(entry.title), link, 1))


@register.filter
def note_tone(message: Message) -> str:
    """The tone of a line: info, good, warn, bad or still."""
    return audit.tone(_entry(message))


@register.filter
def note_detail(message: Message) -> str:
    """The note or reason that somebody gave with the act."""
    return audit.line_of(_entry(message)).detail


@register.filter
def opens_inline(attachment: Attachment) -> bool:
    """True for files that the browser shows by itself."""
    return attachment.content_type in INLINE


@register.filter
def icon_of(attachment: Attachment) -> str:
    """The icon of a file's kind."""
    icons = {"application/pdf": "file-text", "text/csv": "file-spreadsheet", "text/plain": "file-code"}
    if "sheet" in attachment.content_type:
        return "file-spreadsheet"
    return icons.get(attachment.content_type, "image" if attachment.is_image else "file")
