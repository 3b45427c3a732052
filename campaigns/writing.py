"""The text of assets: Markdown with fields, which become what a participant says of itself. Pure.

Letters keep the fields of a contact (`{{first_name}}` and so on): audiences fill those in, for each recipient.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from audiences.writing import FIELD, FIELDS, written
from core.errors import DomainError

OURS = ("our_name", "our_contact", "our_email", "our_phone", "our_address", "our_city", "our_page")
IN_ADDRESSES = {"our_email", "our_page"}  # sound by themselves, and they may stand in a link
SIGNS = re.compile(r"([\\`*_\[\]<>#~|!])")


def check(text: str, *, letter: bool, where: str) -> None:
    """Raises DomainError for a field that nobody fills in (of a contact's, only those that every contact has may be
    named), for one that stands in an address, and for too many links."""
    known = {*OURS, *FIELDS} if letter else set(OURS)
    for match in FIELD.finditer(text):
        if match[1] not in known:
            raise DomainError(
                _("There is no field “%(name)s”. There are: %(names)s.")
                % {"name": match[1], "names": ", ".join(sorted(known))},
                field=where,
            )
    sample = {name: "https://page.example/" if name == "our_page" else name for name in OURS}
    written(filled(text, sample), FIELDS if letter else ())


def filled(text: str, values: Mapping[str, str], *, markdown: bool = True) -> str:
    """The text with a participant's own fields filled in; what it left empty is what the text says instead, or nothing.

    Values are text: no sign in them becomes Markdown. Other fields stay as they are.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in OURS:
            return match[0]
        said = " ".join((values.get(name) or (match[2] or "").strip()).split())
        return SIGNS.sub(r"\\\1", said) if markdown and name not in IN_ADDRESSES else said

    return FIELD.sub(value, text)


def html_of(text: str) -> str:
    """Markdown as HTML without scripts, pictures and inline code: what may stand on a page or a letter's preview."""
    body = written(FIELD.sub(lambda match: f"[{match[1]}]", text), ())
    html = body.html
    for number, url in enumerate(body.urls, start=1):
        html = html.replace(f'href="\ue000l{number}\ue001"', f'href="{_escaped(url)}"')
    return re.sub(r' style="[^"]*"', "", html)


def _escaped(url: str) -> str:
    return url.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
