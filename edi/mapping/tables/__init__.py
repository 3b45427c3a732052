"""Orders, answers, catalogues and stock as tables: CSV and XLSX, by a mapping that a connection keeps.

mapping = suggest(data, "order")               # a first guess, for a person to correct
preview(data, mapping)                         # rows and findings at row and column
read_table(data, mapping, sender=, receiver=)  # Reading, as edi.mapping.read gives it
write_table(documents, mapping, findings)      # bytes of a CSV file
"""

from edi.mapping.tables.fields import FIELDS, NEEDED
from edi.mapping.tables.mapping import ColumnMapping
from edi.mapping.tables.reading import Preview, preview, read_table
from edi.mapping.tables.suggesting import suggest
from edi.mapping.tables.values import DATE_FORMATS
from edi.mapping.tables.writing import write, write_table

__all__ = [
    "DATE_FORMATS",
    "FIELDS",
    "NEEDED",
    "ColumnMapping",
    "Preview",
    "preview",
    "read_table",
    "suggest",
    "write",
    "write_table",
]
