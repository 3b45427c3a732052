"""From features to a number, by rules that a vendor may tune and whose version is kept with each verdict."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from deals.matching.features import Features

# What comes from one source counts once: an e-mail address and its domain, a name and its likeness.
_SOURCES = (
    ("known",),
    ("tax_id", "lei", "duns", "gln"),
    ("project_id",),
    ("domain", "email"),
    ("name_same", "name_postcode", "name_country", "affiliate"),
    ("phone",),
)
LEGAL_IDS = ("tax_id", "lei")
WEIGHTS = tuple(name for source in _SOURCES for name in source)


@dataclass(frozen=True, slots=True)
class Rules:
    """What each thing in common weighs (0 to 100), and where "possible" and "the same customer" begin.

    `known`: the vendor's own records hold both for one customer. `name_close` and `name_near` are similarities in
    percent: from there on a name counts together with the same postcode, and with the same country.
    """

    version: int = 2
    known: int = 95
    tax_id: int = 100
    lei: int = 100
    duns: int = 95
    gln: int = 95
    project_id: int = 100
    domain: int = 90
    email: int = 85
    name_same: int = 88
    name_postcode: int = 75
    name_country: int = 60
    phone: int = 50
    affiliate: int = 40
    name_close: int = 85
    name_near: int = 75
    same: int = 85
    possible: int = 55

    def stored(self) -> dict[str, int]:
        """The rules without their version, for a JSON column."""
        values = asdict(self)
        del values["version"]
        return values

    @classmethod
    def restored(cls, version: int, values: Mapping[str, Any]) -> Self:
        """What `stored` gave; parts that are missing are as the house has them."""
        known = {field.name for field in fields(cls)} - {"version"}
        return cls(version=version, **{name: int(value) for name, value in values.items() if name in known})


HOUSE = Rules()


def matched(found: Features, rules: Rules = HOUSE) -> list[str]:
    """What speaks for one customer: names of weights, the heaviest first."""
    near = [name for name in _agreeing(found, rules) if getattr(rules, name) > 0]
    return sorted(near, key=lambda name: (-getattr(rules, name), WEIGHTS.index(name)))


def _agreeing(found: Features, rules: Rules) -> list[str]:
    plain = [name for name in WEIGHTS if name != "affiliate" and found.get(name) == 1.0]
    likeness = found.get("name", 0.0) * 100
    same_country = found.get("country", 0.0) == 1.0
    if likeness >= 99 and same_country and _same_place(found):
        plain.append("name_same")
    if likeness >= rules.name_close and found.get("postcode") == 1.0:
        plain.append("name_postcode")
    within = found.get("affiliate") == 1.0 and 0.0 not in (found.get("postcode"), found.get("city"))
    if same_country and (likeness >= rules.name_near or within):
        plain.append("name_country")
    if found.get("affiliate") == 1.0:
        plain.append("affiliate")
    return plain


def _same_place(found: Features) -> bool:
    """The same postcode; the same town where a postcode is missing; or nobody named a place."""
    if "postcode" in found:
        return found["postcode"] == 1.0
    return found.get("city", found.get("placeless", 0.0)) == 1.0


def score(found: Features, rules: Rules = HOUSE) -> int:
    """How sure it is that two registrations mean one customer, from 0 to 100.

    Each source gives its heaviest weight; sources add up as independent evidence does: 1 − ∏(1 − weight). So one more
    thing in common never lowers the score. What contradicts does: two different tax numbers of one country, two LEIs,
    a daughter's name, or names with nothing in common behind one mailbox of a free host (both without a tax number in
    common) keep it below "the same customer", for a person to look at.
    """
    agreeing = set(matched(found, rules))
    doubt = 1.0
    for source in _SOURCES:
        weight = max((getattr(rules, name) for name in source if name in agreeing), default=0)
        doubt *= 1 - weight / 100
    sure = round(100 * (1 - doubt))
    return min(sure, rules.same - 1) if contradicted(found) else sure


def contradicted(found: Features) -> bool:
    """True when the two cannot be one legal entity, are more likely mother and daughter, or have but a person's mailbox
    in common, who may advise both."""
    if any(found.get(name) == 0.0 for name in LEGAL_IDS):
        return True
    if found.get("email") == 1.0 and found.get("domain") != 1.0 and found["name"] < 0.6 and "affiliate" not in found:
        return not any(found.get(name) == 1.0 for name in LEGAL_IDS)
    return found.get("daughter") == 1.0 and not any(found.get(name) == 1.0 for name in LEGAL_IDS)
