"""Documents to plain data that JSON can hold, and back, without losing a digit. Pure."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Document = TypeVar("Document")


def dump(value: Any) -> Any:
    """A document, or part of one, as dicts, lists and text; Decimals and dates become their plain spelling. Where its
    values stood (`origin`) belongs to the file and is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: dump(getattr(value, field.name)) for field in fields(value) if field.name != "origin"}
    if isinstance(value, list | tuple):
        return [dump(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value


def load(kind: type[Document], data: Mapping[str, Any]) -> Document:
    """The document of this kind that `dump` made the data from. Raises on data of any other shape."""
    hints = _hints(kind)  # type: ignore[arg-type]
    return kind(**{name: _load(hints[name], value) for name, value in data.items() if name in hints})


def load_all(kind: type[Document], data: list[Mapping[str, Any]]) -> tuple[Document, ...]:
    """Several of a kind."""
    return tuple(load(kind, item) for item in data)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _load(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _load(next(kind for kind in arguments if kind is not type(None)), value)
    if origin is tuple:
        inner = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(_load(kind, item) for kind, item in zip(inner, value, strict=True))
    if is_dataclass(hint):
        return load(hint, value)  # type: ignore[arg-type]
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Decimal | Enum):
        return hint(value)
    return value


@cache
def _texts(kind: Any) -> tuple[str, ...]:
    """The fields of a kind that may hold text; where values stood is not kept, so it need not be clean."""
    plain = {int, bool, date, Decimal, int | None, date | None, Decimal | None}
    return tuple(name for name, hint in _hints(kind).items() if name != "origin" and hint not in plain)


def clean(value: Any) -> Any:
    """The same document without the control characters that no database keeps (line breaks and tabs stay)."""
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{name: clean(getattr(value, name)) for name in _texts(type(value))})
    if isinstance(value, tuple):
        return tuple(clean(item) for item in value)
    if isinstance(value, str) and not isinstance(value, Enum) and not value.isprintable():
        return "".join(char for char in value if char in "\n\t" or (char >= " " and not "\ud800" <= char <= "\udfff"))
    return value
