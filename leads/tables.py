"""Tables of leads as spreadsheets write them: bytes become lines of cells. Pure: no database, no settings, no clock."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.imports import MAX_SIZE

MAX_LINES = 50_000
MAX_COLUMNS = 100
MAX_CELL = 5_000  # characters; the rest of a cell is cut off
SEPARATORS = (",", ";", "\t")
# By which headings a column is guessed, in the languages of our partners.
NAMES = {
    "company": (
        "company organisation organization account firm azienda ragione-sociale societa firma unternehmen "
        "societe entreprise empresa"
    ),
    "contact": (
        "contact name full-name person contatto nome nominativo referente ansprechpartner kontakt nom contacto"
    ),
    "email": "email e-mail mail email-address e-mail-address posta-elettronica correo",
    "phone": "phone telephone tel mobile telefono cellulare telefon telephone-number handy",
    "website": "website web web-site url sito sito-web webseite site-web domain dominio",
    "country": "country country-code paese nazione land pays pais",
    "region": "region state province regione provincia bundesland",
    "city": "city town citta ort stadt ville ciudad comune",
    "need": (
        "need interest subject request topic esigenza interesse oggetto richiesta bedarf betreff besoin objet necesidad"
    ),
    "message": (
        "message notes note comment comments description messaggio commenti descrizione nachricht bemerkung "
        "remarque mensaje"
    ),
    "product_line": "product-line product products line prodotto linea produkt produit producto",
    "size": "size employees company-size dimensione dipendenti mitarbeiter effectif empleados",
    "value": "value amount budget valore importo wert betrag montant valor importe",
    "score": "score points punteggio rating",
}
FIELDS = tuple(NAMES)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written, and its heading."""

    encoding: str
    separator: str
    heading: tuple[str, ...]


def shape_of(data: bytes) -> Shape:
    """Find out how a file is written. Raises DomainError for one that is empty, too large or no table."""
    if len(data) > MAX_SIZE:
        raise DomainError(_("The file is larger than 10 MB. Nothing was stored."), field="file")
    encoding = encoding_of(data)
    text = data.decode(encoding, errors="replace")
    if "\x00" in text or not text.strip():
        raise DomainError(_("This is no table. Save it as CSV and try again."), field="file")
    separator = _separator(text)
    heading = next((cells for _number, cells in rows(data, encoding, separator)), ())
    if len(heading) < 2:
        raise DomainError(_("The file needs a heading and at least two columns."), field="file")
    if len(heading) > MAX_COLUMNS:
        raise DomainError(_("The file has more than %(n)d columns.") % {"n": MAX_COLUMNS}, field="file")
    return Shape(encoding, separator, tuple(heading))


def encoding_of(data: bytes) -> str:
    """UTF-16 and UTF-8 by their mark, UTF-8 where it can be read so, else the Windows code page of western Europe."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _separator(text: str) -> str:
    """The sign that cuts the heading into most cells; quoted ones do not count."""
    heading = re.sub(r'"[^"]*"', "", text.lstrip().split("\n", 1)[0])
    return max(SEPARATORS, key=heading.count)


def rows(data: bytes, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not empty: the number of the line in the file where it begins (1 is the first), its cells.

    A quoted cell may hold separators and line ends. Cells are cut at MAX_CELL characters.
    """
    text = data.decode(encoding, errors="replace").replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a stray return in an unquoted cell; the line is given up
            cells = []
        if any(cell.strip() for cell in cells):
            yield begins, [cell.strip()[:MAX_CELL] for cell in cells]
        begins = reader.line_num + 1


def suggest(heading: tuple[str, ...], known: Mapping[str, str] = NAMES) -> dict[str, int]:
    """The field for each column that is named like one: {"company": 0, …}. A column serves once.

    `known` holds for each field the headings by which it is recognised, with blanks between them.
    """
    keys = [_plain(name) for name in heading]
    found: dict[str, int] = {}
    for field, names in known.items():
        for wanted in names.split():
            if wanted in keys and keys.index(wanted) not in found.values():
                found[field] = keys.index(wanted)
                break
    return found


def _plain(heading: str) -> str:
    """A heading without case, accents and signs: "Ragione sociale" becomes "ragione-sociale"."""
    letters = (
        letter for letter in unicodedata.normalize("NFKD", heading.casefold()) if not unicodedata.combining(letter)
    )
    return "-".join(re.findall(r"\w+", "".join(letters)))
