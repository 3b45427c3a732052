"""Bringing rules that somebody wrote into their stored shape, or saying what is wrong with them."""

import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from deals.rules.catalogue import WITHOUT_VALUE, Field

MAX_RULES = 20
MAX_GROUPS = 5
MAX_CONDITIONS = 15
MAX_VALUES = 100
MAX_NUMBER = Decimal("999999999999.99")


class _Wrong(Exception):
    """What is wrong with one rule, in words."""


def clean(given: Any, before: Any, fields: Mapping[str, Field]) -> list[dict[str, Any]]:
    """The rules in their stored shape. One that changed counts a version more than in `before`; a new one begins at 1.

    Raises DomainError, naming the rule, for what is not in the catalogue `fields` or has no value that makes sense.
    """
    if not isinstance(given, list) or len(given) > MAX_RULES:
        raise DomainError(_("A type has at most %(n)d rules.") % {"n": MAX_RULES}, field="rules")
    known = {rule["id"]: rule for rule in before}
    taken: set[str] = set()
    rules = []
    for number, row in enumerate(given, start=1):
        name = _name(row) or _("Rule %(n)d") % {"n": number}
        try:
            rules.append(_rule(row, name, known, taken, fields))
        except _Wrong as error:
            sentence = _("“%(rule)s”: %(problem)s") % {"rule": name, "problem": error}
            raise DomainError(sentence, field="rules") from error
    return rules


def _name(row: Any) -> str:
    name = row.get("name") if isinstance(row, Mapping) else None
    return " ".join(name.replace("\x00", "").split())[:60] if isinstance(name, str) else ""


def _rule(row: Any, name: str, known: Mapping[str, Any], taken: set[str], fields: Mapping[str, Field]) -> dict:
    if not isinstance(row, Mapping):
        raise _Wrong(_("this is no rule."))
    groups = row.get("groups")
    if not isinstance(groups, list) or not 1 <= len(groups) <= MAX_GROUPS:
        raise _Wrong(_("a rule has 1 to %(n)d groups of conditions.") % {"n": MAX_GROUPS})
    said = {
        "name": name,
        "active": row.get("active", True) is True,
        "join": _join(row),
        "groups": [_group(group, fields) for group in groups],
    }
    given = row.get("id")
    key = given if isinstance(given, str) and given in known and given not in taken else secrets.token_hex(4)
    taken.add(key)
    old = known.get(key)
    if old is None:
        return {"id": key, "version": 1, **said}
    same = all(old.get(each) == value for each, value in said.items() if each != "active")
    return {"id": key, "version": old["version"] + (not same), **said}


def _join(row: Mapping[str, Any]) -> str:
    join = row.get("join", "all")
    if join not in ("all", "any"):
        raise _Wrong(_("say whether all or any of it has to hold."))
    return str(join)


def _group(group: Any, fields: Mapping[str, Field]) -> dict[str, Any]:
    conditions = group.get("conditions") if isinstance(group, Mapping) else None
    if not isinstance(conditions, list) or not 1 <= len(conditions) <= MAX_CONDITIONS:
        raise _Wrong(_("a group has 1 to %(n)d conditions.") % {"n": MAX_CONDITIONS})
    return {"join": _join(group), "conditions": [_condition(each, fields) for each in conditions]}


def _condition(row: Any, fields: Mapping[str, Field]) -> dict[str, Any]:
    key = row.get("field") if isinstance(row, Mapping) else None
    field = fields.get(key) if isinstance(key, str) else None
    if field is None:
        raise _Wrong(_("a condition asks about something that a registration of this type does not have."))
    op = row.get("op")
    if not isinstance(op, str) or op not in field.operators:
        raise _Wrong(_("choose how %(field)s is compared.") % {"field": field.label})
    try:
        value = None if op in WITHOUT_VALUE else _CLEANERS[field.kind](field, row.get("value"))
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as error:
        raise _Wrong(_("%(field)s: write a value that it can have.") % {"field": field.label}) from error
    return {"field": field.key, "op": op, "value": value}


def _number(_field: Field, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or len(str(value)) > 40:
        raise ValueError(value)
    number = Decimal(value)
    if not number.is_finite() or abs(number) > MAX_NUMBER:
        raise ValueError(value)
    return format(number, "f")


def _money(field: Field, value: Any) -> dict[str, str]:
    currency = value["currency"]
    if not isinstance(currency, str) or len(currency) != 3 or not (currency.isascii() and currency.isupper()):
        raise ValueError(currency)
    return {"amount": _number(field, value["amount"]), "currency": currency}


def _list(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_VALUES:
        raise ValueError(value)
    texts = list(dict.fromkeys(_word(each) for each in value))
    allowed = {key for key, _label in field.choices}
    if field.kind in ("choice", "many") and not field.suggestions and allowed and not set(texts) <= allowed:
        raise ValueError(value)
    if field.kind == "choice" and not allowed:
        raise ValueError(value)
    return texts


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 120 or "\x00" in value:
        raise ValueError(value)
    return value.strip()


def _date(_field: Field, value: Any) -> str:
    return date.fromisoformat(value).isoformat()


def _nothing(_field: Field, _value: Any) -> None:
    return None


_CLEANERS: dict[str, Any] = {
    "money": _money,
    "number": _number,
    "choice": _list,
    "many": _list,
    "text": _list,
    "date": _date,
    "yes_no": _nothing,
}
