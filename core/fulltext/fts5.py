# ruff: noqa: S608  every name below is that of a table of ours; what people type is a parameter
"""Words on SQLite: beside the table of a `Words` model an FTS5 table over it, which triggers keep (FTS5, 4.4.3)."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.expressions import Col

from core.fulltext.query import Query, for_fts5


def condition(column: Col, query: Query) -> tuple[str, list[Any]]:
    """That FTS5 finds the row of a column. What is unwanted is looked up apart: FTS5's NOT needs a left side."""
    table, key = _names(column)
    asked = (("IN", for_fts5(query.wanted, query.marks)), ("NOT IN", for_fts5(query.unwanted, joined=" OR ")))
    parts = [(word, text) for word, text in asked if text]
    sql = [f"{key} {word} (SELECT rowid FROM {table} WHERE {table} MATCH %s)" for word, _text in parts]
    return " AND ".join(sql), [text for _word, text in parts]


def rank(column: Col, query: Query) -> tuple[str, list[Any]]:
    """FTS5's bm25 in millionths, turned round: there the best is the lowest."""
    table, key = _names(column)
    one = f"SELECT CAST(-bm25({table}) * 1000000 AS INTEGER) FROM {table} WHERE {table} MATCH %s AND rowid = {key}"
    return f"COALESCE(({one}), 0)", [for_fts5(query.wanted, query.marks)]


def _names(column: Col) -> tuple[str, str]:
    """The FTS5 table of a column, and the key of the row that has it."""
    meta = column.target.model._meta
    return f'"{meta.db_table}_fts"', f'"{column.alias}"."{meta.pk.column}"'


def make_tables(connection: BaseDatabaseWrapper, models: Iterable[type[Model]]) -> None:
    """Make what is missing. A migration that rebuilt a table has dropped its triggers; then the words are read anew."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            if table in existing and cursor.fetchone()[0] < 3:
                for statement in _statements(table, str(model._meta.pk.column)):
                    cursor.execute(statement)


def _statements(table: str, key: str) -> list[str]:
    fts = f'"{table}_fts"'
    options = f'content="{table}", content_rowid="{key}", tokenize="unicode61 remove_diacritics 0", prefix="2 3"'
    add = f'INSERT INTO {fts}(rowid, vector) VALUES (new."{key}", new.vector);'
    drop = f"INSERT INTO {fts}({fts}, rowid, vector) VALUES ('delete', old.\"{key}\", old.vector);"
    trigger = f'CREATE TRIGGER IF NOT EXISTS "{table}'
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {fts} USING fts5(vector, {options})",
        f'{trigger}_words_in" AFTER INSERT ON "{table}" BEGIN {add} END',
        f'{trigger}_words_out" AFTER DELETE ON "{table}" BEGIN {drop} END',
        f'{trigger}_words_new" AFTER UPDATE ON "{table}" BEGIN {drop} {add} END',
        f"INSERT INTO {fts}({fts}) VALUES ('rebuild')",
    ]
