"""A table with its mapping into documents: rows with one number are one document, in the order of the file."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from edi.mapping.model import Interchange, Message, PartyRef, Reading
from edi.mapping.tables.building import document_of, identifier
from edi.mapping.tables.fields import MESSAGE_KINDS
from edi.mapping.tables.mapping import ColumnMapping
from edi.mapping.tables.records import Lines, record_of
from edi.mapping.tables.suggesting import Head, head_of, open_table
from edi.syntax.findings import Budget, Finding, Findings, Place
from edi.syntax.limits import DEFAULT_LIMITS, Limits
from edi.syntax.tables import Row, Table
from orders.documents import PartyDocument

Parties = Mapping[str, PartyDocument]
NOBODY = PartyRef("")


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table as a page shows them: headers, rows as text, and what was found in all of it."""

    head: Head
    rows: tuple[Row, ...]
    total: int
    reading: Reading
    sheets: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found."""
        return self.reading.all_findings


def read_table(
    data: bytes,
    mapping: ColumnMapping,
    *,
    sender: PartyRef = NOBODY,
    receiver: PartyRef = NOBODY,
    test: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """The documents of a CSV or XLSX file. A table has no envelope: who sends it to whom is given. Never raises: faults
    are findings, with row (`Place.line`) and column (`Place.column`)."""
    return preview(data, mapping, sender=sender, receiver=receiver, test=test, limits=limits, shown=0).reading


def preview(
    data: bytes,
    mapping: ColumnMapping,
    *,
    sender: PartyRef = NOBODY,
    receiver: PartyRef = NOBODY,
    test: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    shown: int = 20,
) -> Preview:
    """What reading would make of a file, with its first rows beside it."""
    budget = Budget()
    findings = Findings(limits.findings, budget)
    table = open_table(data, mapping, findings, limits)
    head = head_of(table, mapping.header_row)
    messages: tuple[Message, ...] = ()
    if table.rows and _usable(mapping, head, findings):
        messages = tuple(_messages(table, head, mapping, limits, budget, _parties(mapping, sender, receiver)))
        if not messages:
            findings.error(
                "no-lines", "Below the row of headers there is nothing.", Place(line=table.rows[head.position].line)
            )
    interchange = Interchange(
        "table",
        "XLSX" if table.sheets else "CSV",
        hashlib.sha256(data).hexdigest()[:14],
        sender,
        receiver,
        test=test,
        messages=messages,
        findings=findings.freeze(),
        end=len(data),
    )
    rows = table.rows[head.position + 1 :]
    return Preview(head, rows[:shown], len(rows), Reading("table", (interchange,)), table.sheets)


def _usable(mapping: ColumnMapping, head: Head, findings: Findings) -> bool:
    for text in mapping.faults():
        findings.error("mapping-unusable", text)
    for name in mapping.lacks():
        text = f"The mapping names no column for {name.replace('line.', '').replace('_', ' ')}."
        findings.error("column-not-mapped", text, value=name)
    for name, header in mapping.known.items():
        if header not in head.names:
            text = f"The file has no column {header[:60]!r}, which the mapping reads as {name.replace('_', ' ')}."
            findings.error("column-missing", text, value=header)
    return not any(finding.severity == "error" for finding in findings)


def _parties(mapping: ColumnMapping, sender: PartyRef, receiver: PartyRef) -> Parties:
    """Buyer and seller by who sends the file to whom: an order comes from its buyer, all else from the seller."""
    buyer, seller = (sender, receiver) if mapping.kind == "order" else (receiver, sender)
    known = {"buyer": buyer.id, "seller": seller.id}
    return {role: PartyDocument(identifiers=(identifier(code, role),)) for role, code in known.items() if code}


def _messages(
    table: Table, head: Head, mapping: ColumnMapping, limits: Limits, budget: Budget, parties: Parties
) -> Iterator[Message]:
    groups: dict[str, Lines] = {}
    key = "order_number" if mapping.kind == "response" else "number"
    for row in table.rows[head.position + 1 :]:
        found = Findings(limits.findings, budget)
        record = record_of(row, head, mapping, found)
        lines = groups.setdefault(
            str(record.values.get(key, "")), Lines([], Findings(limits.findings, budget), parties)
        )
        lines.records.append(record)
        for each in found:
            lines.findings.add(each.severity, each.code, each.message, each.place, value=each.value)
    for position, lines in enumerate(groups.values(), 1):
        if position > limits.messages:
            return
        document = document_of(mapping.kind, lines)
        yield Message(
            str(position),
            MESSAGE_KINDS[mapping.kind],
            "table",
            document=document,
            findings=lines.findings.freeze(),
            first_segment=lines.records[0].line,
            segment_count=len(lines.records),
        )
