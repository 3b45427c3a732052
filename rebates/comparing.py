"""A partner's own list of lines beside the statement's. Pure."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.errors import DomainError

MOST = 2_000_000  # octets
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One invoice line on which the two lists do not say the same; None where a list does not have it."""

    invoice: str
    line: str
    ours: Decimal | None
    theirs: Decimal | None

    @property
    def gap(self) -> Decimal:
        """Theirs less ours."""
        return (self.theirs or Decimal(0)) - (self.ours or Decimal(0))


def read(content: bytes) -> dict[Key, Decimal]:
    """The amounts of a CSV with the columns invoice, line and amount (12.34), by invoice and line; lines named twice
    are added up. Raises DomainError naming the row that cannot be read."""
    if len(content) > MOST:
        raise DomainError(_("The file is larger than 2 MB. Nothing was compared."), field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DomainError(_("This is no CSV in UTF-8."), field="file") from error
    head = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [name.strip().lower() for name in next(rows, [])]
    if not {"invoice", "line", "amount"} <= set(names):
        raise DomainError(_("The first row has to name the columns invoice, line and amount."), field="file")
    places = [names.index(name) for name in ("invoice", "line", "amount")]
    found: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for number, row in enumerate(rows, 2):
        if any(cell.strip() for cell in row):
            key, amount = _row(row, places, number)
            found[key] += amount
    return dict(found)


def _row(row: list[str], places: list[int], number: int) -> tuple[Key, Decimal]:
    try:
        invoice, line, amount = (row[place].strip().lstrip("'") for place in places)
        value = Decimal(amount)
    except (IndexError, InvalidOperation) as error:
        raise DomainError(_("Row %(n)d has no amount such as 12.34.") % {"n": number}, field="file") from error
    if not value.is_finite() or abs(value) >= 10**15:
        raise DomainError(_("Row %(n)d has no amount such as 12.34.") % {"n": number}, field="file")
    return (invoice, line), value


def differences(ours: Iterable[tuple[Key, Decimal]], theirs: dict[Key, Decimal]) -> list[Difference]:
    """The lines on which they differ, in the order of invoice and line."""
    mine: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for key, amount in ours:
        mine[key] += amount
    return [
        Difference(*key, mine.get(key), theirs.get(key))
        for key in sorted({*mine, *theirs})
        if mine.get(key) != theirs.get(key)
    ]
