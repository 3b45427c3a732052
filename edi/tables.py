"""Tables in the exchange: which mapping a file is read with is kept with its bytes, so that it is read the same way
whenever it is read again."""

import re
from pathlib import PurePath

from edi import mapping
from edi.mapping import PartyRef, Reading
from edi.mapping.own_rules import OwnRules
from edi.mapping.tables import ColumnMapping, read_table
from edi.models import Connection, Transmission
from edi.models.transport import TableMapping
from edi.syntax.tables import is_workbook

ENDINGS = {".csv": "text/csv", ".txt": "text/csv", ".tsv": "text/csv", ".xlsx": "application/xlsx"}
_MARK = re.compile(r"\Atext/x-filiera-table; connection=(\d{1,18})\Z")


def marked(connection: Connection) -> str:
    """The content type under which the tables of a connection are kept."""
    return f"text/x-filiera-table; connection={connection.pk}"


def mapping_of(connection: Connection) -> ColumnMapping | None:
    """How the tables of a connection are read; None where nobody has said so."""
    found = TableMapping.objects.filter(connection=connection).first()
    return ColumnMapping.from_json(found.mapping) if found else None


def content_type_for(connection: Connection, filename: str, data: bytes) -> str:
    """The content type to take a file in under: that of the connection's tables when it is one, else ""."""
    ending = PurePath(filename).suffix.lower()
    table = is_workbook(data) or (ending in ENDINGS and mapping.read(data[:4_096]).standard == "unknown")
    return marked(connection) if table and mapping_of(connection) is not None else ""


def read_kept(transmission: Transmission, data: bytes, *, own_rules: OwnRules | None = None) -> Reading:
    """What a transmission holds: as a table where it was taken in as one, else in the standard its bytes tell. It is
    judged by the rules of its connection."""
    found = _MARK.match(transmission.content_type)
    if found is None:
        return mapping.read(data, own_rules=own_rules)
    rows = Connection.objects.filter(pk=int(found[1]), organisation=transmission.organisation_id)
    connection = rows.first()
    how = mapping_of(connection) if connection else None
    if connection is None or how is None:
        return mapping.read(data, own_rules=own_rules)
    sender = PartyRef(connection.own_id, connection.own_qualifier)
    return read_table(data, how, sender=sender, receiver=PartyRef(connection.their_id, connection.their_qualifier))
