"""A column for numbers that must come back exactly as they were written."""

from decimal import Decimal
from typing import Any

from django.db import models


class ExactDecimalField(models.Field):
    """A Decimal kept as text: no rounding to a scale, no float in between (SQLite keeps fifteen digits of a number).

    For unit prices and quantities, which are never summed or sorted by the database.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        """Stored like a short text."""
        return "CharField"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Decimal | None:
        """The number as it was saved, with its trailing zeros."""
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        """Numbers and their spelling become a Decimal."""
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        """Plain notation, never an exponent."""
        number = self.to_python(value)
        return None if number is None else format(number, "f")
