"""Indexes that one database has and the other does without."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table


class _Inverted(models.Index):
    """A GIN index on PostgreSQL; elsewhere there is none."""

    each = ""  # what follows the name of a column
    options = ""

    def create_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, *_: Any, **__: Any) -> Any:
        """CREATE INDEX … USING gin on PostgreSQL, a statement that does nothing elsewhere."""
        if schema_editor.connection.vendor != "postgresql":
            return _nothing(model, schema_editor)
        columns = [str(getattr(model._meta.get_field(name), "column", name)) for name in self.fields]
        quoted = ", ".join(f"{schema_editor.quote_name(column)}{self.each}" for column in columns)
        return Statement(
            f"CREATE INDEX %(name)s ON %(table)s USING gin (%(columns)s){self.options}",
            name=schema_editor.quote_name(self.name),
            table=Table(model._meta.db_table, schema_editor.quote_name),
            columns=quoted,
        )

    def remove_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, **kwargs: Any) -> Any:
        """DROP INDEX where there is one."""
        if schema_editor.connection.vendor != "postgresql":
            return _nothing(model, schema_editor)
        return super().remove_sql(model, schema_editor, **kwargs)


class TrigramIndex(_Inverted):
    """Finds any part of a text, however long the table, on PostgreSQL (pg_trgm). SQLite reads the rows instead.

    The app that uses it has the extension made before it migrates: `core.indexes.allow_trigrams`.
    """

    each = " gin_trgm_ops"


class WordIndex(_Inverted):
    """Finds the words of a `core.fulltext` vector on PostgreSQL; SQLite has a table of its own for them (FTS5).

    Each write goes into the index itself: a list of pending ones would be emptied at the cost of one unlucky writer.
    """

    options = " WITH (fastupdate = off)"


def _nothing(model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
    return Statement("SELECT 1", table=Table(model._meta.db_table, schema_editor.quote_name))


def allow_trigrams(using: str, **_kwargs: object) -> None:
    """For `pre_migrate`: make PostgreSQL's extension, which its owner may (it is a trusted one)."""
    from django.db import connections

    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
