"""The editor of rules: what was sent as drafts, what a press of a button makes of them, and the rules they stand for.

A draft is a rule whose conditions carry `raw`, a list of texts as typed, beside `field`, `op` and `currency`.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from core.numbers import format_number
from deals.forms.pieces import NumberField
from deals.rules import MAX_CONDITIONS, MAX_GROUPS, MAX_RULES, Field
from deals.rules.catalogue import SHORT, WITHOUT_VALUE

_NAME = re.compile(r"r(\d{1,3})(?:g(\d{1,3})(?:c(\d{1,3}))?)?-(id|name|active|join|field|op|value|currency)")
Draft = dict[str, Any]


def read(data: QueryDict) -> list[Draft]:
    """The drafts that a form sent, in its order; names that are none of the editor's are ignored."""
    found: dict[tuple[int, ...], dict[str, list[str]]] = {}
    for name in data:
        if match := _NAME.fullmatch(name):
            place = tuple(int(part) for part in match.groups()[:3] if part is not None)
            found.setdefault(place, {})[match[4]] = data.getlist(name)
    return [_rule(found, place) for place in _below(found, ())[: MAX_RULES + 1]]


def _below(found: Mapping[tuple[int, ...], Any], place: tuple[int, ...]) -> list[tuple[int, ...]]:
    level = len(place) + 1
    return sorted({each[:level] for each in found if len(each) >= level and each[: level - 1] == place})


def _rule(found: Mapping[tuple[int, ...], Any], place: tuple[int, ...]) -> Draft:
    said = found.get(place, {})
    groups = [_group(found, each) for each in _below(found, place)[: MAX_GROUPS + 1]]
    return {
        "id": _one(said, "id"),
        "name": _one(said, "name"),
        "active": "active" in said,
        "join": _one(said, "join") or "all",
        "groups": groups or [_blank_group()],
    }


def _group(found: Mapping[tuple[int, ...], Any], place: tuple[int, ...]) -> Draft:
    rows = [found.get(each, {}) for each in _below(found, place)[: MAX_CONDITIONS + 1]]
    conditions = [
        {
            "field": _one(row, "field"),
            "op": _one(row, "op"),
            "raw": row.get("value", []),
            "currency": _one(row, "currency"),
        }
        for row in rows
    ]
    return {"join": _one(found.get(place, {}), "join") or "all", "conditions": conditions}


def _one(said: Mapping[str, list[str]], name: str) -> str:
    return (said.get(name) or [""])[-1]


def _blank_condition() -> Draft:
    return {"field": "amount", "op": "lt", "raw": [], "currency": ""}


def _blank_group() -> Draft:
    return {"join": "all", "conditions": [_blank_condition()]}


def pressed(drafts: list[Draft], act: str) -> list[Draft]:
    """The drafts after a press: "add-rule", or "drop-rule:1", "add-group:1", "drop-group:1:0", "add:1:0", "drop:1:0:2".
    What does not exist is left alone."""
    name, *places = act.split(":")
    step = _STEPS.get(name)
    if step is not None and all(place.isdecimal() and len(place) < 4 for place in places):
        try:
            step(drafts, *(int(place) for place in places))
        except (IndexError, TypeError):
            return drafts
    return drafts


def _add_rule(drafts: list[Draft]) -> None:
    if len(drafts) < MAX_RULES:
        drafts.append({"id": "", "name": "", "active": True, "join": "all", "groups": [_blank_group()]})


def _drop_rule(drafts: list[Draft], rule: int) -> None:
    del drafts[rule]


def _add_group(drafts: list[Draft], rule: int) -> None:
    if len(drafts[rule]["groups"]) < MAX_GROUPS:
        drafts[rule]["groups"].append(_blank_group())


def _drop_group(drafts: list[Draft], rule: int, group: int) -> None:
    if len(drafts[rule]["groups"]) > 1:
        del drafts[rule]["groups"][group]


def _add(drafts: list[Draft], rule: int, group: int) -> None:
    if len(drafts[rule]["groups"][group]["conditions"]) < MAX_CONDITIONS:
        drafts[rule]["groups"][group]["conditions"].append(_blank_condition())


def _drop(drafts: list[Draft], rule: int, group: int, condition: int) -> None:
    del drafts[rule]["groups"][group]["conditions"][condition]


_STEPS: dict[str, Callable[..., None]] = {
    "add-rule": _add_rule,
    "drop-rule": _drop_rule,
    "add-group": _add_group,
    "drop-group": _drop_group,
    "add": _add,
    "drop": _drop,
}


def drafts_of(rules: list[Any], fields: Mapping[str, Field]) -> list[Draft]:
    """Stored rules as drafts."""
    return [
        {
            **rule,
            "groups": [
                {"join": group["join"], "conditions": [_draft_of(each, fields) for each in group["conditions"]]}
                for group in rule["groups"]
            ],
        }
        for rule in rules
    ]


def _draft_of(condition: Mapping[str, Any], fields: Mapping[str, Field]) -> Draft:
    field, value = fields.get(condition["field"]), condition["value"]
    draft = {"field": condition["field"], "op": condition["op"], "raw": [], "currency": ""}
    if value is None:
        return draft
    if isinstance(value, dict):
        return {**draft, "raw": [format_number(Decimal(value["amount"]))], "currency": value["currency"]}
    if isinstance(value, list):
        return {**draft, "raw": value if field and _is_listed(field) else [", ".join(value)]}
    return {**draft, "raw": [format_number(Decimal(value)) if field and field.kind == "number" else value]}


def _is_listed(field: Field) -> bool:
    return bool(field.choices or field.suggestions)


def rules_of(drafts: list[Draft], fields: Mapping[str, Field], currency: str) -> list[dict[str, Any]]:
    """The drafts as rules.clean takes them; what cannot be read is left for it to refuse."""
    return [
        {
            **{name: draft[name] for name in ("id", "name", "active", "join")},
            "groups": [_group_of(group, fields, currency) for group in draft["groups"]],
        }
        for draft in drafts
    ]


def _group_of(group: Draft, fields: Mapping[str, Field], currency: str) -> dict[str, Any]:
    conditions = [_condition(each, fields, currency) for each in group["conditions"]]
    return {"join": group["join"], "conditions": conditions}


def _condition(draft: Draft, fields: Mapping[str, Field], currency: str) -> dict[str, Any]:
    field = fields.get(draft["field"])
    said = {"field": draft["field"], "op": draft["op"], "value": None}
    if field is None or draft["op"] in WITHOUT_VALUE:
        return said
    typed = draft["raw"][0].strip() if draft["raw"] else ""
    if field.kind == "money":
        return {**said, "value": {"amount": _number(typed), "currency": draft["currency"] or currency}}
    if field.kind == "number":
        return {**said, "value": _number(typed)}
    if field.kind == "date":
        return {**said, "value": typed}
    texts = draft["raw"] if _is_listed(field) else re.split(r"[,;\n]", typed)
    return {**said, "value": [text.strip() for text in texts if text.strip()]}


def _number(typed: str) -> str:
    """As people write it; left as it is where it is no number, which is refused then."""
    try:
        value = NumberField(max_digits=20, decimal_places=6, required=False).clean(typed)
    except ValidationError:
        return typed
    return "" if value is None else str(value)


def shown(drafts: list[Draft], fields: Mapping[str, Field], currency: str) -> list[Draft]:
    """The drafts with what their widgets need: names, options, the kind of value."""
    rows = []
    for r, draft in enumerate(drafts):
        groups = [
            {
                **group,
                "name": f"r{r}g{g}",
                "at": f"{r}:{g}",
                "conditions": [
                    _shown(each, f"r{r}g{g}c{c}", f"{r}:{g}:{c}", fields, currency)
                    for c, each in enumerate(group["conditions"])
                ],
            }
            for g, group in enumerate(draft["groups"])
        ]
        rows.append({**draft, "prefix": f"r{r}", "at": str(r), "number": r + 1, "groups": groups})
    return rows


def _shown(draft: Draft, name: str, at: str, fields: Mapping[str, Field], currency: str) -> Draft:
    field = fields.get(draft["field"]) or next(iter(fields.values()))
    op = draft["op"] if draft["op"] in field.operators else next(iter(field.operators))
    return {
        "prefix": name,
        "at": at,
        "field": field,
        "fields": fields.values(),
        "ops": [(key, SHORT[key]) for key in field.operators],
        "op": op,
        "with_value": op not in WITHOUT_VALUE,
        "listed": _options(field, draft["raw"]) if _is_listed(field) else [],
        "typed": draft["raw"][0] if draft["raw"] else "",
        "currency": draft["currency"] or currency,
    }


def _options(field: Field, chosen: list[str]) -> list[tuple[str, Any, bool]]:
    pairs = list(field.choices) or [(text, text) for text in field.suggestions]
    known = {key for key, _label in pairs}
    pairs += [(text, text) for text in chosen if text and text not in known and not field.choices]
    return [(key, label, key in chosen) for key, label in pairs]
