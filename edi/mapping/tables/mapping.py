"""Which column of a table means what: a frozen value that a connection keeps as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from edi.mapping.tables.fields import FIELDS, ITEM_NUMBERS, NEEDED
from edi.mapping.tables.values import DATE_FORMATS

TEXTS = frozenset({"kind", "date_format", "decimal_mark", "sheet", "delimiter", "encoding"})


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """`columns` maps a field of FIELDS[kind] to the header of its column ("#3" for a column without one); `constants`
    are values that no column gives; `units` are the sender's own words for units. `header_row` is the number of the
    row of headers among the rows that are not empty, 0 to find it. `sheet`, `delimiter` and `encoding` are found
    where they are empty."""

    kind: str = "order"
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""
    decimal_mark: str = "."
    units: Mapping[str, str] = field(default_factory=dict)
    header_row: int = 0
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""

    def to_json(self) -> dict[str, Any]:
        """As a connection keeps it."""
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """From what a connection keeps. What is not known or has another type is left out, never an exception."""
        if not isinstance(data, dict):
            return cls()
        kept: dict[str, Any] = {}
        for name in (each.name for each in fields(cls)):
            value = data.get(name)
            if name in {"columns", "constants", "units"} and isinstance(value, dict):
                kept[name] = {str(key)[:100]: str(text)[:200] for key, text in value.items()}
            elif name == "header_row" and type(value) is int and 0 <= value <= 1_000:
                kept[name] = value
            elif name in TEXTS and isinstance(value, str):
                kept[name] = value[:100]
        return cls(**kept)

    @property
    def known(self) -> dict[str, str]:
        """The columns whose field this kind of document has."""
        return {name: header for name, header in self.columns.items() if name in FIELDS.get(self.kind, {})}

    def lacks(self) -> tuple[str, ...]:
        """The fields without which nothing can be read; "line.item" stands for a number of the item of any kind."""
        given = {**self.constants, **self.known}
        missing = tuple(name for name in NEEDED.get(self.kind, ()) if not given.get(name))
        return missing if any(given.get(name) for name in ITEM_NUMBERS) else (*missing, "line.item")

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the mapping itself, as sentences; empty when it can be used."""
        found = [] if self.kind in FIELDS else [f"The kind of document {self.kind[:20]!r} is not read from tables."]
        if self.decimal_mark not in {".", ","}:
            found.append("The decimal mark is a point or a comma.")
        if self.date_format and self.date_format not in DATE_FORMATS:
            found.append(f"The date format {self.date_format[:20]!r} is not known.")
        if len(self.delimiter) > 1:
            found.append("The delimiter is a single character.")
        return tuple(found)
