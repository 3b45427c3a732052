"""Numbers and dates as they repeat in a file: worked out once for each literal."""

from functools import lru_cache

from edi.syntax.numbers import parse_decimal, parse_edifact_date

_LITERALS = 4096  # at most so many are kept, none of them longer than an element may be

decimal = lru_cache(maxsize=_LITERALS)(parse_decimal)
day = lru_cache(maxsize=_LITERALS)(parse_edifact_date)
