"""Rules as sentences in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.money import format_money
from core.numbers import format_day, format_number
from deals.rules.catalogue import WITHOUT_VALUE, Field


def sentence(rule: Mapping[str, Any], fields: Mapping[str, Field]) -> str:
    """The rule's conditions as one sentence, such as "Value is below €25,000.00 and Postcode starts with 37"."""
    groups = [
        _joined(group["join"], (condition_in_words(each, fields) for each in group["conditions"]))
        for group in rule["groups"]
    ]
    if len(groups) > 1:
        groups = [f"({words})" for words in groups]
    return _joined(rule["join"], groups)


def _joined(join: str, parts: Iterable[str]) -> str:
    word = pgettext("between conditions", " and ") if join == "all" else pgettext("between conditions", " or ")
    return word.join(parts)


def condition_in_words(condition: Mapping[str, Any], fields: Mapping[str, Field]) -> str:
    """One condition as a sentence."""
    field = fields.get(condition["field"])
    if field is None:
        return _("something that is not asked for any more")
    words = str(field.operators[condition["op"]])
    value = "" if condition["op"] in WITHOUT_VALUE else _value(field, condition["value"])
    return words % {"field": field.label, "value": value}


def _value(field: Field, value: Any) -> str:
    if field.kind == "money":
        return format_money(Decimal(value["amount"]), value["currency"])
    if field.kind == "number":
        number = format_number(Decimal(value))
        return f"{number} {field.unit}" if field.unit else number
    if field.kind == "date":
        return format_day(date.fromisoformat(value))
    names = dict(field.choices)
    return pgettext("between values", " or ").join(str(names.get(each, each)) for each in value)
