"""What a type of registration asks for on top of the common form: fields of its own, and kinds of evidence.

A field of one's own is {"key", "label", "help", "kind", "required", "choices"}, where kind is one of KINDS and choices
are texts. A kind of evidence is {"key", "label", "help", "count"}: so many files. Values are kept on the deal by key:
text and choices as text, numbers as decimal text, days as ISO 8601, yes or no as a boolean. Pure: no database.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.numbers import format_day, format_number

KINDS = {
    "text": gettext_lazy("Text"),
    "number": gettext_lazy("Number"),
    "date": gettext_lazy("Date"),
    "choice": gettext_lazy("Choice"),
    "yes_no": gettext_lazy("Yes or no"),
}
# Parts of the common form that are optional unless a type asks for them.
OPTIONAL = ("customer_vat", "customer_domain", "customer_city", "customer_postcode", "competitor",
            "requested_benefit", "note")  # fmt: skip
MAX_FIELDS = 20
MAX_KINDS = 10
MAX_CHOICES = 40
MAX_FILES = 10
MAX_TEXT = 1000
MAX_NUMBER = Decimal("999999999999.9999")
OWN = "own_"
EVIDENCE = "evidence_"
_KEY = re.compile(r"[a-z0-9_]{1,40}")


class Asks(Protocol):
    """A type, or a version of one."""

    own_fields: Any
    evidence_kinds: Any


def clean_fields(given: Any) -> list[dict[str, Any]]:
    """The fields of one's own in their stored shape, keys given to new ones. Raises DomainError in words."""
    rows = _rows(given, MAX_FIELDS, _("A type has at most %(n)d fields of its own."), "own_fields")
    taken: set[str] = set()
    return [_clean_field(row, taken) for row in rows]


def _clean_field(row: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    label = _label(row, "own_fields")
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise DomainError(_("“%(label)s”: choose what kind of field it is.") % {"label": label}, field="own_fields")
    choices = _choices(row.get("choices") or ()) if kind == "choice" else []
    if kind == "choice" and len(choices) < 2:
        raise DomainError(_("“%(label)s”: write at least two choices.") % {"label": label}, field="own_fields")
    return {
        "key": _key(row, label, taken),
        "label": label,
        "help": str(row.get("help") or "").strip()[:200],
        "kind": kind,
        "required": row.get("required") is True,
        "choices": choices,
    }


def _choices(given: Any) -> list[str]:
    lines = given.splitlines() if isinstance(given, str) else given if isinstance(given, list | tuple) else ()
    texts = dict.fromkeys(str(each).strip()[:80] for each in lines if isinstance(each, str) and each.strip())
    if len(texts) > MAX_CHOICES:
        raise DomainError(_("A field has at most %(n)d choices.") % {"n": MAX_CHOICES}, field="own_fields")
    return list(texts)


def clean_kinds(given: Any) -> list[dict[str, Any]]:
    """The kinds of evidence in their stored shape. Raises DomainError in words."""
    rows = _rows(given, MAX_KINDS, _("A type asks for at most %(n)d kinds of evidence."), "evidence_kinds")
    taken: set[str] = set()
    return [_clean_kind(row, taken) for row in rows]


def _clean_kind(row: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    label, count = _label(row, "evidence_kinds"), row.get("count", 1)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MAX_FILES:
        sentence = _("“%(label)s”: ask for 1 to %(n)d files.") % {"label": label, "n": MAX_FILES}
        raise DomainError(sentence, field="evidence_kinds")
    help_text = str(row.get("help") or "").strip()[:200]
    return {"key": _key(row, label, taken), "label": label, "help": help_text, "count": count}


def _rows(given: Any, most: int, sentence: str, field: str) -> list[Mapping[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        raise DomainError(_("That is not a list of fields."), field=field)
    if len(given) > most:
        raise DomainError(sentence % {"n": most}, field=field)
    return given


def _label(row: Mapping[str, Any], field: str) -> str:
    label = row.get("label")
    label = " ".join(label.split())[:80] if isinstance(label, str) else ""
    if not label or "\x00" in label:
        raise DomainError(_("Give each of them a name."), field=field)
    return label


def _key(row: Mapping[str, Any], label: str, taken: set[str]) -> str:
    """The key it has already, else one made of its name; never one that is taken."""
    given = row.get("key")
    base = given if isinstance(given, str) and _KEY.fullmatch(given) else slugify(label).replace("-", "_")[:30]
    base = base or "field"
    key, n = base, 2
    while key in taken:
        key, n = f"{base[:36]}_{n}", n + 1
    taken.add(key)
    return key


def parse(field: Mapping[str, Any], raw: Any) -> Any:
    """One value in its stored form, None for nothing. Raises DomainError, naming the field, for what it cannot be."""
    if raw is None or raw == "":
        return None
    try:
        return _PARSERS[field["kind"]](field, raw)
    except (ValueError, TypeError, InvalidOperation) as error:
        sentence = _("“%(label)s”: that is no value it can have.") % {"label": field["label"]}
        raise DomainError(sentence, field=OWN + field["key"]) from error


def _text(_field: Mapping[str, Any], raw: Any) -> str | None:
    if not isinstance(raw, str) or len(raw) > MAX_TEXT or "\x00" in raw:
        raise ValueError(raw)
    return raw.strip() or None


def _number(_field: Mapping[str, Any], raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal) or len(str(raw)) > 40:
        raise ValueError(raw)
    number = Decimal(raw)
    if not number.is_finite() or abs(number) > MAX_NUMBER:
        raise ValueError(raw)
    return format(number, "f")


def _date(_field: Mapping[str, Any], raw: Any) -> str:
    return (raw if isinstance(raw, date) else date.fromisoformat(raw)).isoformat()


def _choice(field: Mapping[str, Any], raw: Any) -> str:
    if raw not in field["choices"]:
        raise ValueError(raw)
    return str(raw)


def _yes_no(_field: Mapping[str, Any], raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(raw)
    return raw


_PARSERS: dict[str, Any] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "yes_no": _yes_no,
}


def clean_values(asks: Asks, given: Any) -> dict[str, Any]:
    """The values of a type's own fields in their stored form; keys it does not know are left out."""
    if not isinstance(given, Mapping):
        raise DomainError(_("Values are given by the key of their field."), field="values")
    found = {field["key"]: parse(field, given.get(field["key"])) for field in asks.own_fields}
    return {key: value for key, value in found.items() if value is not None}


def lacking(asks: Asks, values: Mapping[str, Any], files: Mapping[str, int]) -> tuple[str, str] | None:
    """The first thing that is asked for and missing: the name of its form field, and a sentence. None when complete.

    `files` counts the files that there are of each kind.
    """
    for field in asks.own_fields:
        value = values.get(field["key"])
        if field["required"] and (value is None or value == ""):
            return OWN + field["key"], _("“%(label)s” is asked for. Fill it in.") % {"label": field["label"]}
    for kind in asks.evidence_kinds:
        if files.get(kind["key"], 0) < kind["count"]:
            sentence = _("“%(label)s” is asked for as evidence. Add the file.")
            if kind["count"] > 1:
                sentence = _("“%(label)s” is asked for as evidence: %(n)d files.")
            return EVIDENCE + kind["key"], sentence % {"label": kind["label"], "n": kind["count"]}
    return None


def shown(asks: Asks, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each own field that was filled in, in the reader's way."""
    pairs = ((field["label"], in_words(field["kind"], values.get(field["key"]))) for field in asks.own_fields)
    return [(label, text) for label, text in pairs if text]


def in_words(kind: str, value: Any) -> str:
    """A stored value as people read it; empty for none."""
    if value is None or value == "":
        return ""
    if kind == "yes_no":
        return _("Yes") if value else _("No")
    if kind == "number":
        return format_number(Decimal(str(value)))
    return format_day(date.fromisoformat(str(value))) if kind == "date" else str(value)


def labels(asks: Asks) -> dict[str, str]:
    """The parts that only this type asks for, by the name of their form field, with their labels."""
    own = {OWN + field["key"]: field["label"] for field in asks.own_fields}
    return own | {EVIDENCE + kind["key"]: kind["label"] for kind in asks.evidence_kinds}


def kind_names(asks: Asks) -> dict[str, str]:
    """The kinds of evidence by key."""
    return {kind["key"]: kind["label"] for kind in asks.evidence_kinds}


_SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "maxLength": MAX_TEXT},
    "number": {"type": "string", "format": "decimal"},
    "date": {"type": "string", "format": "date"},
    "choice": {"type": "string"},
    "yes_no": {"type": "boolean"},
}


def json_schema(fields: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The own fields as a JSON schema (draft 2020-12) of the object `values`."""
    fields = list(fields)
    properties = {
        field["key"]: {
            **_SCHEMAS[field["kind"]],
            "title": field["label"],
            **({"description": field["help"]} if field["help"] else {}),
            **({"enum": field["choices"]} if field["kind"] == "choice" else {}),
        }
        for field in fields
    }
    required = [field["key"] for field in fields if field["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
