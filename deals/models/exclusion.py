"""The database's own word that no two exclusive protections overlap (PostgreSQL; elsewhere a lock holds the rule)."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model
from django.db.models.constraints import BaseConstraint

# An empty product line stands for every product: its range has no ends, so that it overlaps each other one.
_ELEMENTS = """
    vendor_id WITH =, cluster_id WITH =,
    (CASE WHEN product_line = '' THEN int8range(NULL, NULL)
     ELSE int8range(hashtextextended(product_line, 0), hashtextextended(product_line, 0), '[]') END) WITH &&,
    daterange(start, "end", '[]') WITH &&
"""


class NoOverlap(BaseConstraint):
    """EXCLUDE over vendor, customer, product line and days of the exclusive protections of a table. Needs the extension
    btree_gist, which PostgreSQL lets the owner of a database install. Nothing on other databases."""

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """The clause for CREATE TABLE."""
        if schema_editor is None or schema_editor.connection.vendor != "postgresql":
            return ""
        return f"CONSTRAINT {schema_editor.quote_name(self.name)} EXCLUDE USING gist ({_ELEMENTS}) WHERE (exclusive)"

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        """The statement that adds it to a table."""
        clause = self.constraint_sql(model, schema_editor)
        if not clause or model is None or schema_editor is None:
            return ""
        return f"ALTER TABLE {schema_editor.quote_name(model._meta.db_table)} ADD {clause}"

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        """The statement that takes it off a table."""
        if model is None or schema_editor is None or schema_editor.connection.vendor != "postgresql":
            return ""
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The action that protects judges overlaps, under lock; a form never writes protections."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)
