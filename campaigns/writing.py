"""The text of assets: Markdown with fields, which become what a participant says of itself. Pure.

Letters keep the fields of a contact (`{{first_name}}` and so on): audiences fill those in, for each recipient.
"""

import re
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from audiences.writing import FIELD, FIELDS, LOGO, MARK, written
from core.errors import DomainError

OURS = ("our_name", "our_contact", "our_email", "our_phone", "our_address", "our_city", "our_page")
IN_ADDRESSES = {"our_email", "our_page"}  # sound by themselves, and they may stand in a link
SIGNS = re.compile(r"([\\`*_\[\]<>#~|!])")


def check(text: str, *, letter: bool, where: str) -> None:
    """Raises DomainError for a field that nobody fills in (of a contact's, only those that every contact has may be
    named), for one that stands in an address, and for too many links."""
    theirs = FIELDS if letter else ()
    pictures = (LOGO,) if where == "body" else ()
    known = {*OURS, *theirs, *pictures}
    for match in FIELD.finditer(text):
        if match[1] not in known:
            raise DomainError(
                _("There is no field “%(name)s”. There are: %(names)s.")
                % {"name": match[1], "names": ", ".join(sorted(known))},
                field=where,
            )
    sample = {name: "https://page.example/" if name == "our_page" else name for name in OURS}
    written(filled(text, sample), (*theirs, *pictures))


def filled(text: str, values: Mapping[str, str], *, markdown: bool = True) -> str:
    """The text with a participant's own fields filled in; what it left empty is what the text says instead, or nothing.

    Values are text: no sign in them becomes Markdown. Other fields and the logo stay as they are.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in OURS:
            return match[0]
        said = " ".join((values.get(name) or (match[2] or "").strip()).split())
        return SIGNS.sub(r"\\\1", said) if markdown and name not in IN_ADDRESSES else said

    return FIELD.sub(value, text)


def html_of(text: str, logo: Callable[[str], str]) -> str:
    """Markdown as HTML without scripts, pictures and inline code: what may stand on a page or a letter's preview.

    `logo` gives the HTML of the logo, from what the text says where there is none.
    """
    body = written(FIELD.sub(lambda match: match[0] if match[1] == LOGO else f"[{match[1]}]", text), (LOGO,))
    html = body.html
    for number, url in enumerate(body.urls, start=1):
        html = html.replace(f'href="\ue000l{number}\ue001"', f'href="{_escaped(url)}"')
    html = re.sub(r' style="[^"]*"', "", html)
    return MARK.sub(lambda match: logo(body.fields[int(match[2])].otherwise), html)


def _escaped(url: str) -> str:
    return url.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
