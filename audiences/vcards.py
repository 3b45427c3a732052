"""Cards of people (vCard 3.0, RFC 2426; 4.0, RFC 6350), as address books export them. Pure; bounded in all it reads.

Strict where a card could be misread: each begins and ends, names a version, and holds a name. Properties that are not
asked for are passed over, as both standards have it (RFC 6350, section 3.3: unknown ones are ignored).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import DomainError

MAX_CARDS = 50_000
MAX_VALUE = 5_000  # characters of a value; the rest is cut off
MAX_FOLDS = 2_000  # lines into which one property may be folded: a photograph has many, and is passed over
NAME = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)
ASKED = {"FN", "N", "EMAIL", "TEL", "ORG", "ADR", "LANG", "CATEGORIES", "VERSION", "NOTE"}
ESCAPES = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\", ":": ":"}
VERSIONS = {"3.0", "4.0"}


@dataclass(slots=True)
class Card:
    """One card: the line of the file where it begins (1 is the first), its properties, and what is wrong with it."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    wrong: str = ""

    def first(self, name: str) -> str:
        """The first value of a property, whole."""
        return next(iter(self.values.get(name, ())), "")


def looks_like_cards(data: bytes) -> bool:
    """Whether a file is of cards rather than a table."""
    return data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").upper().startswith(b"BEGIN:VCARD")


def cards(text: str) -> Iterator[Card]:
    """The cards of a file. One that breaks off or holds another says so in `wrong`. Raises DomainError past 50,000."""
    card: Card | None = None
    found = 0
    for number, line in _unfolded(text):
        mark = line.strip().upper()
        if mark == "BEGIN:VCARD":
            if card is not None:
                card.wrong = _("The card does not end.")
                yield card
            found += 1
            if found > MAX_CARDS:
                raise DomainError(_("The file has more than %(n)d cards.") % {"n": MAX_CARDS}, field="file")
            card = Card(number)
        elif card is None:
            continue  # blank lines and remarks between cards
        elif mark == "END:VCARD":
            yield _judged(card)
            card = None
        else:
            _take(card, line)
    if card is not None:
        card.wrong = _("The card does not end.")
        yield card


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Lines as they were before folding (RFC 6350, section 3.2): a line end and one blank are taken away."""
    begins, parts = 1, [""]
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text.replace("\x00", "")), start=1):
        if line[:1] in {" ", "\t"} and number > 1:
            if len(parts) < MAX_FOLDS:
                parts.append(line[1:])
            continue
        if parts != [""]:
            yield begins, "".join(parts)
        begins, parts = number, [line]
    yield begins, "".join(parts)


def _take(card: Card, line: str) -> None:
    if not line.strip():
        return
    match = NAME.fullmatch(line)
    if match is None:
        card.wrong = card.wrong or _("A line has no name and value: “%(line)s”.") % {"line": line[:40]}
        return
    name = match.group(1).upper()
    if name in ASKED and len(card.values.setdefault(name, [])) < 20:
        card.values[name].append(match.group(3)[:MAX_VALUE])


def _judged(card: Card) -> Card:
    if not card.wrong and card.first("VERSION").strip() not in VERSIONS:
        card.wrong = _("Cards of version 3.0 and 4.0 can be read, no others.")
    return card


def parts_of(value: str, mark: str = ";") -> list[str]:
    """The components of a structured value, with their escapes undone (RFC 6350, section 3.4)."""
    found, part, escaped = [], [], False
    for letter in value:
        if escaped:
            part.append(ESCAPES.get(letter, letter))
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == mark:
            found.append("".join(part).strip())
            part = []
        else:
            part.append(letter)
    return [*found, "".join(part).strip()]


def plain(value: str) -> str:
    """A text value with its escapes undone, on one line."""
    return " ".join(parts_of(value, "\x00")[0].split())


def cells_of(card: Card) -> list[str]:
    """The card as a line of a table whose columns are COLUMNS."""
    names = [*parts_of(card.first("N")), "", ""]
    full = plain(card.first("FN")) or " ".join(part for part in (names[1], names[0]) if part)
    address = [*parts_of(card.first("ADR")), *[""] * 7]
    phone = plain(card.first("TEL")).removeprefix("tel:")
    email = plain(card.first("EMAIL")).removeprefix("mailto:")
    company = parts_of(card.first("ORG"))[0]
    tags = ", ".join(part for value in card.values.get("CATEGORIES", ()) for part in parts_of(value, ",") if part)
    return [full, names[1], email, phone, company, address[6], plain(card.first("LANG")), tags]


COLUMNS = ("name", "first_name", "email", "phone", "company", "country", "language", "tags")
