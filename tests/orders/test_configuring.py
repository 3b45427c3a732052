"""Options and rules: what may be configured, judged in sentences and summed exactly."""

from decimal import Decimal
from itertools import product

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from orders.actions import save_options
from orders.configuring import (
    Choice,
    Makeup,
    Option,
    OptionRule,
    checked,
    completed,
    makeup_of,
    plain_of,
    problems,
    read_makeup,
    surcharge,
    written_options,
    written_rules,
)
from tests.factories import OrganisationFactory
from tests.orders.factories import ProductFactory, trade

OPTIONS = "Motor; M-3; 3 kW; 0\nMotor; M-5; 5,5 kW; 120.50\nSeal; S-STD; Standard\nSeal; S-HOT; For hot water; 40"
RULES = "M-5 requires S-HOT\n"


@st.composite
def makeups(draw):
    """Any options with any rules between their choices."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    options = tuple(
        Option(f"Option {n}", tuple(Choice(f"C{n}{m}", f"Choice {n}{m}", D(draw)) for m in range(size)))
        for n, size in enumerate(sizes)
    )
    codes = st.sampled_from([choice.code for option in options for choice in option.choices])
    rule = st.builds(OptionRule, codes, st.sampled_from(["requires", "excludes"]), codes)
    return Makeup(options, tuple(draw(st.lists(rule, max_size=4))))


def D(draw):
    return draw(st.decimals(-1000, 1000, places=4))


def sound(makeup):
    """By brute force, every configuration that keeps all rules."""
    every = product(*[[choice.code for choice in option.choices] for option in makeup.options])
    return {frozenset(codes) for codes in every if all(rule.holds(frozenset(codes)) for rule in makeup.rules)}


@given(makeups(), st.data())
def test_what_has_no_problem_is_exactly_what_keeps_every_rule(makeup, data):
    chosen = data.draw(st.sets(st.sampled_from(sorted(makeup.choices)))) if makeup.choices else set()
    assert (not problems(makeup, sorted(chosen))) == (frozenset(chosen) in sound(makeup))


@given(makeups(), st.data())
def test_the_order_of_the_codes_changes_nothing_and_completing_twice_is_completing_once(makeup, data):
    chosen = data.draw(st.lists(st.sampled_from(sorted(makeup.choices))))
    once = completed(makeup, chosen)
    assert completed(makeup, once) == once
    assert set(problems(makeup, once)) == set(problems(makeup, once[::-1]))
    assert surcharge(makeup, once) == sum(makeup.choices[code].delta for code in once)


@given(makeups())
def test_what_a_product_keeps_is_what_it_was_given(makeup):
    assert makeup_of(*plain_of(makeup)) == makeup


def test_options_and_rules_are_read_and_written_as_people_write_them():
    makeup = read_makeup(OPTIONS, RULES)
    assert makeup.usual == ["M-3", "S-STD"]
    assert makeup.choices["M-5"].delta == Decimal("120.50")
    assert read_makeup(written_options(makeup), written_rules(makeup)) == makeup
    assert read_makeup("", "") == Makeup()


def test_a_configuration_is_refused_with_sentences():
    makeup = read_makeup(OPTIONS, RULES + "M-3 excludes S-HOT")
    assert checked(makeup, ["s-hot", "M-5"]) == ["M-5", "S-HOT"]
    for chosen, said in (
        (["M-5"], "5,5 kW only comes with For hot water."),
        (["S-HOT"], "3 kW excludes For hot water."),
        (["X"], "There is no option “X”."),
        (["M-3", "M-5"], "Choose one for Motor: M-3, M-5."),
    ):
        with pytest.raises(DomainError) as refused:
            checked(makeup, chosen)
        assert said in refused.value.message


@pytest.mark.parametrize(
    ("options", "rules", "field"),
    [
        ("", "A requires B", "rules"),
        ("Motor; m 3; x", "", "options"),
        ("; M-3; x", "", "options"),
        ("Motor; M-3; x; 1.234", "", "options"),
        ("Motor; M-3; x; 1.23456", "", "options"),
        ("Motor; M-3; x\nSeal; M-3; y", "", "options"),
        (OPTIONS, "M-5 needs S-HOT", "rules"),
        (OPTIONS, "M-5 requires NONE", "rules"),
        (OPTIONS, "M-5 requires M-5", "rules"),
        (OPTIONS, "M-3 requires S-HOT", "rules"),
    ],
)
def test_what_cannot_be_a_makeup_says_where(options, rules, field):
    with pytest.raises(DomainError) as refused:
        read_makeup(options, rules)
    assert refused.value.field == field


@pytest.mark.django_db
def test_a_vendor_edits_the_options_at_the_product(act_for, sign_in):
    vendor, partner, _edge = trade()
    row = ProductFactory(vendor=vendor)
    url = reverse("orders:product_configure", args=[row.pk])
    client = sign_in(vendor, "orders.view", "catalogue.manage")
    assert client.post(url, {"options": OPTIONS, "rules": "nonsense", "version": "1"}).status_code == 422
    assert client.post(url, {"options": OPTIONS, "rules": RULES, "version": "1"}).status_code == 302
    assert client.post(url, {"options": "", "rules": "", "version": "1"}).status_code == 422, "an old page"
    row.refresh_from_db()
    assert checked(makeup_of(row.options, row.option_rules), ["M-5", "S-HOT"]) == ["M-5", "S-HOT"]
    page = sign_in(partner, "orders.view").get(reverse("orders:product", args=[row.pk])).text
    assert "For hot water" in page and "5,5 kW only comes with For hot water" in page
    assert sign_in(partner, "orders.view", "catalogue.manage").get(url).status_code == 403
    stranger = sign_in(OrganisationFactory(), "orders.view", "catalogue.manage")
    assert stranger.post(url, {"options": "", "rules": ""}).status_code == 404
    assert "M-5 requires S-HOT" in client.get(url).text


@pytest.mark.django_db
def test_only_the_vendor_saves_options(act_for):
    vendor, partner, _edge = trade()
    row = ProductFactory(vendor=vendor)
    from django.core.exceptions import PermissionDenied

    for organisation, capabilities in ((partner, ("catalogue.manage",)), (vendor, ("orders.view",))):
        with pytest.raises(PermissionDenied):
            save_options(actor=act_for(organisation, *capabilities), product=row, makeup=Makeup())
