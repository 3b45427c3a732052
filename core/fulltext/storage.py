"""Keeping words and finding rows by them: a tsvector with a GIN index on PostgreSQL, an FTS5 table on SQLite."""

from typing import Any, ClassVar, TypeVar, cast

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, IntegerField, Lookup, Model, QuerySet
from django.db.models.expressions import Col

from core.fulltext import fts5
from core.fulltext.query import Query, for_postgres
from core.fulltext.words import MARK, STEM, Content, indexed
from core.indexes import WordIndex

Row = TypeVar("Row", bound=Model)
RANKED = 1000  # of so many newest finds the best come first
FEW = 5000  # finds that are looked up at once


class VectorField(models.Field):
    """The words of a row. Written from a `Content`; what is read back is the database's own form of it."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """tsvector on PostgreSQL, text that FTS5 reads elsewhere."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, _value: Any, _compiler: Any, connection: BaseDatabaseWrapper) -> str:
        """The text is cast where it has to be."""
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """The content in the form that this database reads."""
        if not isinstance(value, Content):
            return value
        return _tsvector(value) if connection.vendor == "postgresql" else _line(value)


def _tsvector(content: Content) -> str:
    """Each word with its number in the text and the weight A, its stem at the same number without weight."""
    parts = [f"'{MARK}{mark}'" for mark in content.marks]
    for number, (word, stem) in enumerate(indexed(content), 1):
        parts.append(f"'{word}':{number}A")
        if stem:
            parts.append(f"'{STEM}{stem}':{number}")
    return " ".join(parts)


def _line(content: Content) -> str:
    """The words in their order, then the stems and marks, which no phrase can reach."""
    words = indexed(content)
    stems = dict.fromkeys(f"{STEM}{stem}" for _word, stem in words if stem)
    return " ".join([*(word for word, _stem in words), *stems, *(f"{MARK}{mark}" for mark in content.marks)])


@VectorField.register_lookup
class Found(Lookup):
    """`vector__found=query`."""

    lookup_name = "found"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """PostgreSQL's @@."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*params, for_postgres(self.rhs)]

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:
        """FTS5's MATCH."""
        return fts5.condition(cast(Col, self.lhs), cast(Query, self.rhs))


class Rank(Func):
    """How well a row fits, in millionths: words as they were typed count more than their kin."""

    output_field: ClassVar[Any] = IntegerField()

    def __init__(self, vector: F, query: Query) -> None:
        super().__init__(vector)
        self.query = query

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """ts_rank with the length of the text taken into account (normalisation 1)."""
        column, params = compiler.compile(self.source_expressions[0])
        wanted = for_postgres(Query(self.query.wanted, self.query.marks))
        return f"(ts_rank({column}, %s::tsquery, 1) * 1000000)::bigint", [*params, wanted]

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """FTS5's bm25, which is the better the lower."""
        return fts5.rank(cast(Col, self.source_expressions[0]), self.query)


class Words(models.Model):
    """Beside a row, what it is found by. Subclasses add the one-to-one key to the row, as their primary key."""

    vector = VectorField()

    class Meta:
        abstract = True
        indexes = [WordIndex(fields=["vector"], name="%(class)s_by_word")]


def keep(words: type[Words], row: Model, content: Content | None, *, new: bool = False) -> None:
    """Have the row found by this content from the end of this transaction on; by nothing for None. `new` spares a
    statement where the row was made in this transaction."""
    key = words._meta.pk.name
    rows = words._base_manager.filter(pk=row.pk)
    if content is None:
        rows.delete()
    elif new or not rows.update(vector=content):
        words._base_manager.create(**{key: row, "vector": content})


def matching(rows: "QuerySet[Row]", query: Query, through: str = "words") -> "QuerySet[Row]":
    """`rows` narrowed to those that the query finds; none for an empty query.

    On PostgreSQL the finds of a word that is not common are looked up at once, by the index: told to stop at the first
    thirty in order, its planner would rather read a million rows backwards in the hope of meeting them.
    """
    if not query:
        return rows.none()
    if connections[rows.db].vendor == "postgresql":
        words = rows.model._meta.get_field(through).related_model
        found = words._base_manager.filter(vector__found=query)  # type: ignore[union-attr]
        keys = list(found.values_list("pk", flat=True)[: FEW + 1])
        if len(keys) <= FEW:
            return rows.filter(pk__in=keys)
    return rows.filter(**{f"{through}__vector__found": query})


def ranked(rows: "QuerySet[Row]", query: Query, through: str = "words") -> "QuerySet[Row]":
    """Of the newest thousand of `rows` that the query finds, with their `rank`: the higher the better."""
    newest = matching(rows, query, through).order_by("-pk").values("pk")[:RANKED]
    within = cast("QuerySet[Row]", rows.model._base_manager.filter(pk__in=newest))
    if query.wanted:
        within = cast("QuerySet[Row]", within.annotate(rank=Rank(F(f"{through}__vector"), query)))
    return within


def prepare(sender: Any, using: str, **_kwargs: Any) -> None:
    """After migrating: the tables of words that SQLite wants beside those of the models of an app."""
    models_ = [model for model in sender.get_models() if issubclass(model, Words)]
    if models_ and connections[using].vendor == "sqlite":
        fts5.make_tables(connections[using], models_)
