"""Percentiles: by PostgreSQL's PERCENTILE_DISC, and on SQLite exactly the same in Python over the sorted values.

The discrete percentile (ISO/IEC 9075-2, inverse distribution functions): the smallest value whose share of values not
above it reaches the fraction. So a median is always a time that some registration really took.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil
from typing import Any

from django.db import connections
from django.db.models import Aggregate, FloatField, QuerySet, Value

FRACTIONS = (0.5, 0.9)


class PercentileDisc(Aggregate):
    """PERCENTILE_DISC(fraction) WITHIN GROUP (ORDER BY expression)."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "PercentileDisc"

    def __init__(self, expression: Any, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=Value(fraction).value, **extra)


def percentile(values: Sequence[Any], fraction: float) -> Any:
    """The discrete percentile of sorted values; None of none."""
    return values[max(0, ceil(fraction * len(values)) - 1)] if values else None


def percentiles(rows: QuerySet, column: str, by: str = "") -> dict[Any, tuple[Any, Any]]:
    """Median and 90th percentile of a column of whole numbers; one pair a value of `by`, or one under None."""
    rows = rows.filter(**{f"{column}__isnull": False}).order_by()
    if connections[rows.db].vendor == "postgresql":
        return _by_sql(rows, column, by)
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, value in rows.order_by(column).values_list(by or column, column).iterator():
        groups[key if by else None].append(value)
    half, most = FRACTIONS
    return {key: (percentile(values, half), percentile(values, most)) for key, values in groups.items()}


def _by_sql(rows: QuerySet, column: str, by: str) -> dict[Any, tuple[Any, Any]]:
    half, most = (PercentileDisc(column, fraction, output_field=FloatField()) for fraction in FRACTIONS)
    if not by:
        found = rows.aggregate(half=half, most=most)
        return {None: (_whole(found["half"]), _whole(found["most"]))} if found["half"] is not None else {}
    grouped = rows.values(by).annotate(half=half, most=most)
    return {row[by]: (_whole(row["half"]), _whole(row["most"])) for row in grouped}


def _whole(value: Any) -> Any:
    return None if value is None else int(value)
