"""What a rule may ask about, and how."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deals.asked import OWN, Asks, kind_names

Text = str | Promise

# The operators of each kind of field, with their sentences.
OPERATORS: dict[str, dict[str, Text]] = {
    "money": {
        "lt": _("%(field)s is below %(value)s"),
        "le": _("%(field)s is at most %(value)s"),
        "gt": _("%(field)s is above %(value)s"),
        "ge": _("%(field)s is at least %(value)s"),
    },
    "number": {
        "lt": _("%(field)s is below %(value)s"),
        "le": _("%(field)s is at most %(value)s"),
        "gt": _("%(field)s is above %(value)s"),
        "ge": _("%(field)s is at least %(value)s"),
        "eq": _("%(field)s is exactly %(value)s"),
    },
    "choice": {"in": _("%(field)s is one of %(value)s"), "not_in": _("%(field)s is none of %(value)s")},
    "many": {
        "within": _("%(field)s: nothing but %(value)s"),
        "meets": _("%(field)s: at least one of %(value)s"),
        "covers": _("%(field)s: all of %(value)s"),
        "avoids": _("%(field)s: none of %(value)s"),
    },
    "text": {
        "in": _("%(field)s is one of %(value)s"),
        "not_in": _("%(field)s is none of %(value)s"),
        "starts": _("%(field)s starts with %(value)s"),
        "contains": _("%(field)s contains %(value)s"),
        "filled": _("%(field)s is filled in"),
        "empty": _("%(field)s is empty"),
    },
    "date": {"before": _("%(field)s is before %(value)s"), "after": _("%(field)s is after %(value)s")},
    "yes_no": {"yes": _("%(field)s: yes"), "no": _("%(field)s: no")},
}
# The same in the few words of a select.
SHORT: dict[str, Text] = {
    "lt": _("is below"),
    "le": _("is at most"),
    "gt": _("is above"),
    "ge": _("is at least"),
    "eq": _("is exactly"),
    "in": _("is one of"),
    "not_in": _("is none of"),
    "within": _("nothing but"),
    "meets": _("at least one of"),
    "covers": _("all of"),
    "avoids": _("none of"),
    "starts": _("starts with"),
    "contains": _("contains"),
    "filled": _("is filled in"),
    "empty": _("is empty"),
    "before": _("is before"),
    "after": _("is after"),
    "yes": _("yes"),
    "no": _("no"),
}
WITHOUT_VALUE = frozenset({"filled", "empty", "yes", "no"})
OWN_KINDS = {"text": "text", "number": "number", "date": "date", "choice": "choice", "yes_no": "yes_no"}


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a rule may ask about. With `choices` only these values can be named; `unit` follows a number."""

    key: str
    label: Text
    kind: str
    choices: tuple[tuple[str, Text], ...] = ()
    unit: Text = ""
    suggestions: tuple[str, ...] = ()

    @property
    def operators(self) -> dict[str, Text]:
        """The operators it takes, with their sentences."""
        return OPERATORS[self.kind]


COMMON = (
    Field("amount", _("Value"), "money"),
    Field("discount", _("Highest discount asked"), "number", unit="%"),
    Field("quantity", _("Quantity, all lines"), "number"),
    Field("lines", _("Number of lines"), "number"),
    Field("country", _("Country of the customer"), "text"),
    Field("postcode", _("Postcode of the customer"), "text"),
    Field("vat", _("VAT number of the customer"), "text"),
    Field("days_to_decision", _("Days until the decision"), "number"),
    Field("competitor", _("Competitor"), "text"),
    Field("requested_benefit", _("Benefit asked"), "text"),
    Field("territory", _("Territory of the partner"), "text"),
    Field("partnership_days", _("Age of the partnership"), "number", unit=_("days")),
    Field("decided_deals", _("Deals of the partner decided in a year"), "number"),
    Field("approval_rate", _("Of these approved"), "number", unit="%"),
    Field("open_deals", _("Open deals of the partner"), "number"),
)


def catalogue(
    asks: Asks,
    *,
    tiers: Sequence[tuple[str, Text]] = (),
    kinds: Sequence[tuple[str, Text]] = (),
    stages: Sequence[tuple[str, Text]] = (),
    product_lines: Sequence[str] = (),
) -> dict[str, Field]:
    """What rules of a type may ask about, by key: what is common, what the vendor has, and the type's own fields."""
    fields = [
        *COMMON,
        Field("product_lines", _("Product lines"), "many", suggestions=tuple(product_lines)),
        Field("tier", _("Tier of the partner"), "choice", tuple(tiers)),
        Field("kind", _("Kind of partnership"), "choice", tuple(kinds)),
        Field("stage", _("Stage"), "choice", tuple(stages)),
        Field("evidence", _("Evidence"), "many", (*kind_names(asks).items(), ("other", _("Any other file")))),
    ]
    for own in asks.own_fields:
        choices = tuple((text, text) for text in own["choices"])
        fields.append(Field(OWN + own["key"], own["label"], OWN_KINDS[own["kind"]], choices))
    return {field.key: field for field in fields}
