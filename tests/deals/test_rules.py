"""Rules of approval: what holds, what never does, how they read, and what cannot be one."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from deals import rules

MEDIA = ["Water", "Oil"]
ASKS = SimpleNamespace(
    own_fields=[
        {"key": "site", "label": "Site visited", "kind": "yes_no", "required": False, "help": "", "choices": []},
        {"key": "start", "label": "Start of works", "kind": "date", "required": False, "help": "", "choices": []},
        {"key": "medium", "label": "Medium", "kind": "choice", "required": False, "help": "", "choices": MEDIA},
    ],
    evidence_kinds=[{"key": "survey", "label": "Site survey", "help": "", "count": 1}],
)  # fmt: skip
FIELDS = rules.catalogue(ASKS, tiers=[("1", "Gold"), ("2", "Silver")], kinds=[("reseller", "Reseller")])
FACTS = {
    "amount": (Decimal("18000.00"), "EUR"),
    "discount": Decimal("4.5"),
    "quantity": Decimal(6),
    "lines": 2,
    "country": "IT",
    "postcode": "37100",
    "days_to_decision": 40,
    "competitor": "",
    "product_lines": {"Pumps", "Drives"},
    "tier": "1",
    "evidence": {"survey"},
    "approval_rate": None,
    "own_site": True,
    "own_start": date(2027, 3, 1),
    "own_medium": "Water",
}


def rule(*conditions, join="all", groups=None, **more):
    rows = [{"field": field, "op": op, "value": value} for field, op, value in conditions]
    return {"name": "Small", "join": "all", "groups": groups or [{"join": join, "conditions": rows}], **more}


def stored(*conditions, **more):
    return rules.clean([rule(*conditions, **more)], [], FIELDS)[0]


EUR = "EUR"
HOLDING = [
    ("amount", "lt", {"amount": "25000", "currency": EUR}),
    ("amount", "ge", {"amount": "18000", "currency": EUR}),
    ("discount", "le", "5"),
    ("quantity", "eq", "6.000"),
    ("country", "in", ["it", "FR"]),
    ("postcode", "starts", ["37", "38"]),
    ("competitor", "empty", None),
    ("product_lines", "within", ["Pumps", "Drives", "Valves"]),
    ("product_lines", "meets", ["Drives"]),
    ("product_lines", "covers", ["Drives"]),
    ("product_lines", "avoids", ["Valves"]),
    ("tier", "in", ["1"]),
    ("tier", "not_in", ["2"]),
    ("evidence", "covers", ["survey"]),
    ("own_site", "yes", None),
    ("own_start", "after", "2027-01-01"),
    ("own_medium", "in", ["Water"]),
]
FAILING = [
    ("amount", "lt", {"amount": "18000", "currency": EUR}),
    ("amount", "lt", {"amount": "25000", "currency": "SEK"}),  # another currency is never compared
    ("discount", "lt", "4.5"),
    ("country", "not_in", ["IT"]),
    ("postcode", "contains", ["999"]),
    ("competitor", "filled", None),
    ("product_lines", "within", ["Pumps"]),
    ("product_lines", "avoids", ["Pumps"]),
    ("approval_rate", "ge", "0"),  # not known
    ("approval_rate", "le", "100"),
    ("vat", "empty", None),  # not known is not empty
    ("own_site", "no", None),
    ("own_start", "before", "2027-03-01"),
]


@pytest.mark.parametrize("condition", HOLDING, ids=lambda each: f"{each[0]}-{each[1]}")
def test_what_holds(condition):
    assert rules.holds(stored(condition), FACTS)


@pytest.mark.parametrize("condition", FAILING, ids=lambda each: f"{each[0]}-{each[1]}")
def test_what_does_not(condition):
    assert not rules.holds(stored(condition), FACTS)


def test_groups_join_as_they_say():
    good, bad = HOLDING[0], FAILING[0]
    rows = [{"field": f, "op": o, "value": v} for f, o, v in (good, bad)]
    either = {"join": "any", "conditions": rows}
    both = {"join": "all", "conditions": rows}
    assert rules.holds(stored(groups=[either]), FACTS)
    assert not rules.holds(stored(groups=[both]), FACTS)
    assert not rules.holds(stored(groups=[either, both]), FACTS)
    assert rules.holds({**stored(groups=[either, both]), "join": "any"}, FACTS)


def test_an_inactive_or_empty_rule_approves_nothing():
    sound = stored(HOLDING[0])
    assert not rules.holds({**sound, "active": False}, FACTS)
    assert not rules.holds({**sound, "groups": []}, FACTS)
    assert not rules.holds({**sound, "groups": [{"join": "all", "conditions": []}]}, FACTS)
    assert rules.first_that_holds([{**sound, "active": False}, sound], FACTS) == sound


def test_a_rule_reads_as_a_sentence():
    one = stored(HOLDING[0], ("product_lines", "within", ["Pumps", "Drives"]))
    assert rules.sentence(one, FIELDS) == "Value is below €25,000.00 and Product lines: nothing but Pumps or Drives"
    groups = [{"join": "any", "conditions": [{"field": f, "op": o, "value": v}]} for f, o, v in HOLDING[2:4]]
    two = stored(groups=groups)
    words = "(Highest discount asked is at most 5 %) and (Quantity, all lines is exactly 6)"
    assert rules.sentence(two, FIELDS) == words
    assert rules.sentence(stored(("tier", "in", ["1", "2"])), FIELDS) == "Tier of the partner is one of Gold or Silver"


def test_a_changed_rule_counts_a_version_and_an_unchanged_one_does_not():
    first = rules.clean([rule(HOLDING[0])], [], FIELDS)
    again = rules.clean([{**rule(HOLDING[0]), "id": first[0]["id"]}], first, FIELDS)
    changed = rules.clean([{**rule(HOLDING[2]), "id": first[0]["id"]}], again, FIELDS)
    paused = rules.clean([{**rule(HOLDING[2]), "id": first[0]["id"], "active": False}], changed, FIELDS)
    assert [each[0]["version"] for each in (first, again, changed, paused)] == [1, 1, 2, 2]
    stolen = rules.clean([{**rule(HOLDING[0]), "id": "of-another-type", "version": 99}], first, FIELDS)
    assert stolen[0]["version"] == 1
    assert stolen[0]["id"] != "of-another-type"


HOSTILE = [
    "no list",
    [None],
    [{"name": "x"}],
    [{"name": "x", "groups": []}],
    [{"name": "x", "groups": [{"conditions": []}]}],
    [{"name": "x", "groups": [{"conditions": [{}] * 16}]}],
    [rule(HOLDING[0])] * 21,
    [rule(HOLDING[0], join="nor")],
    [rule(("password", "in", ["x"]))],
    [rule((["amount"], "lt", "1"))],
    [rule(("amount", "in", ["1"]))],
    [rule(("amount", "lt", {"amount": "NaN", "currency": EUR}))],
    [rule(("amount", "lt", {"amount": "1e999999", "currency": EUR}))],
    [rule(("amount", "lt", {"amount": "1", "currency": "<script>"}))],
    [rule(("amount", "lt", "1"))],
    [rule(("discount", "le", True))],
    [rule(("discount", "le", "9" * 5000))],
    [rule(("country", "in", []))],
    [rule(("country", "in", [""]))],
    [rule(("country", "in", ["x" * 121]))],
    [rule(("country", "in", ["\x00"]))],
    [rule(("country", "in", ["x"] * 101))],
    [rule(("country", "in", "IT"))],
    [rule(("tier", "in", ["99"]))],
    [rule(("kind", "in", ["vendor"]))],
    [rule(("evidence", "covers", ["password"]))],
    [rule(("own_start", "after", "soon"))],
    [rule(("own_gone", "yes", None))],
    [rule(("own_medium", "in", ["Gas"]))],
]


@pytest.mark.parametrize("given_rules", HOSTILE, ids=range(len(HOSTILE)))
def test_what_cannot_be_a_rule_is_refused_in_words(given_rules):
    with pytest.raises(DomainError) as refused:
        rules.clean(given_rules, [], FIELDS)
    assert refused.value.field == "rules"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["name", "id", "active", "join", "groups", "conditions", "field", "op", "value", "amount"])
        | st.text(max_size=4), inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_whatever_is_stored_never_raises_and_never_approves_by_accident(garbage):
    assert rules.holds(garbage, FACTS) in (True, False)
    assert not rules.holds(garbage, {})
    try:
        cleaned = rules.clean(garbage, [], FIELDS)
    except DomainError:
        return
    assert all(rules.sentence(each, FIELDS) for each in cleaned)


CONDITIONS = st.sampled_from(HOLDING + FAILING)
MADE_OF = {"join": st.sampled_from(["all", "any"]), "conditions": st.lists(CONDITIONS, min_size=1, max_size=5)}
GROUPS = st.lists(st.fixed_dictionaries(MADE_OF), min_size=1, max_size=4)


def rows(groups):
    return [
        {**group, "conditions": [{"field": f, "op": o, "value": v} for f, o, v in group["conditions"]]}
        for group in groups
    ]


@settings(max_examples=300, deadline=None)
@given(GROUPS, st.sampled_from(["all", "any"]))
def test_a_rule_means_what_its_parts_mean(groups, join):
    """The evaluator agrees with the plain reading of the joins over what each condition says alone."""
    alone = [[condition in HOLDING for condition in group["conditions"]] for group in groups]
    meant = {"all": all, "any": any}
    expected = meant[join](meant[group["join"]](said) for group, said in zip(groups, alone, strict=True))
    assert rules.holds({**stored(groups=rows(groups)), "join": join}, FACTS) is expected


@settings(max_examples=100, deadline=None)
@given(GROUPS, st.sets(st.sampled_from(sorted(FACTS))))
def test_knowing_less_never_approves_more(groups, unknown):
    made = stored(groups=rows(groups))
    fewer = {key: None if key in unknown else fact for key, fact in FACTS.items()}
    assert rules.holds(made, FACTS) or not rules.holds(made, fewer)


@settings(max_examples=100, deadline=None)
@given(GROUPS)
def test_cleaning_twice_changes_nothing(groups):
    once = rules.clean([rule(groups=rows(groups))], [], FIELDS)
    assert rules.clean(once, once, FIELDS) == once
