"""A row of a table as its mapping reads it, and the rows that make one document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edi.mapping.tables.fields import FIELDS, Value
from edi.mapping.tables.mapping import ColumnMapping
from edi.mapping.tables.suggesting import Head
from edi.mapping.tables.values import as_day, as_number, as_text, as_unit
from edi.syntax.findings import Findings, Place
from edi.syntax.tables import Cell, Row
from orders.documents import Origin, PartyDocument


@dataclass(slots=True)
class Record:
    """One row as its mapping reads it: values by field, where each stood, and what no field takes."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    origin: list[Origin] = field(default_factory=list)
    extras: list[tuple[str, str]] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)


@dataclass(slots=True)
class Lines:
    """The rows of one document, and what was found in them."""

    records: list[Record]
    findings: Findings
    parties: Mapping[str, PartyDocument] = field(default_factory=dict)  # who they are where no column says so


def record_of(row: Row, head: Head, mapping: ColumnMapping, findings: Findings) -> Record:
    """What the mapping makes of one row; a value that is not what its field takes is an error at its cell."""
    kinds, record = FIELDS[mapping.kind], Record(row.line)
    for name, text in mapping.constants.items():
        if name in kinds and text and (constant := _value(text, kinds[name], mapping)) is not None:
            record.values[name] = constant
    fields = {header: name for name, header in mapping.known.items()}
    for column, header in enumerate(head.names, 1):
        cell = row.cell(column)
        if not as_text(cell):
            continue
        if field_name := fields.get(header):
            _take(record, field_name, cell, Place(line=row.line, column=column, tag=header[:30]), mapping, findings)
        else:
            record.extras.append((f"column:{header}", as_text(cell)))
    return record


def _take(record: Record, name: str, cell: Cell, place: Place, mapping: ColumnMapping, findings: Findings) -> None:
    text, kind = as_text(cell), FIELDS[mapping.kind][name]
    record.places[name] = place
    value = _value(cell, kind, mapping)
    if value is None:
        form = "a number" if kind == "number" else f"a date written as {mapping.date_format or 'YYYY-MM-DD'}"
        message = f"Row {record.line}, column {place.tag!r}: {text[:40]!r} is not {form}."
        findings.error("invalid-number" if kind == "number" else "invalid-date", message, place, value=text)
        return
    record.values[name] = value
    record.origin.append(Origin(name.removeprefix("line."), text, record.line, place.tag, place.column))


def _value(cell: Cell, kind: Value, mapping: ColumnMapping) -> Any:
    if kind == "number":
        return as_number(cell, mapping.decimal_mark)
    if kind == "day":
        return as_day(cell, mapping.date_format)
    return as_unit(cell, dict(mapping.units)) if kind == "unit" else as_text(cell)
