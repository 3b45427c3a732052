"""Numbers people copy, and numbers, money and time as people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from core import money, numbers


@given(st.integers(min_value=0, max_value=10**12))
def test_what_is_made_is_valid_and_found(serial):
    number = numbers.with_check_digit("D-", serial)
    assert numbers.is_valid_number(number, "D-")
    assert numbers.find_numbers(f"as agreed in {number}, thanks", "D-") == [number]


@given(st.integers(min_value=0, max_value=999_999), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(serial, place, shift):
    number = numbers.with_check_digit("D-", serial)
    digits = list(number[2:])
    digits[place] = str((int(digits[place]) + shift) % 10)
    assert not numbers.is_valid_number("D-" + "".join(digits), "D-")


@given(st.integers(min_value=0, max_value=999_999), st.integers(0, 5))
def test_a_swap_of_neighbours_is_always_noticed(serial, place):
    number = numbers.with_check_digit("D-", serial)
    digits = list(number[2:])
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    swapped = "D-" + "".join(digits)
    assert swapped == number or not numbers.is_valid_number(swapped, "D-")


def test_the_number_has_six_digits_and_its_check_digit():
    assert numbers.with_check_digit("D-", 4127) == "D-0041271"
    with pytest.raises(ValueError, match="never negative"):
        numbers.with_check_digit("D-", -1)


@pytest.mark.parametrize("text", ["D-0041271", "d-0041271", "D 0041271", "D0041271", "ref. (D-0041271)", "D–0041271"])
def test_numbers_are_found_however_they_are_written(text):
    assert numbers.find_numbers(text, "D-") == ["D-0041271"]


@pytest.mark.parametrize(
    "text",
    ["", "D-0041272", "AD-0041271", "D-00412710", "D-0041271X", "D-41271", "O-0041271", "D-٠٠٤١٢٧١", "D-" + "0" * 5000],
)
def test_what_is_no_number_is_not_found(text):
    assert numbers.find_numbers(text, "D-") == []
    assert not numbers.is_valid_number(text, "D-")


def test_a_number_is_found_once_and_in_order():
    second = numbers.with_check_digit("D-", 9)
    assert numbers.find_numbers(f"D-0041271 {second} d0041271", "D-") == ["D-0041271", second]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["1,234,567.5", "6", "1,234.50", "7.5%", "€184,200.00", "€0.00125", "€1.8M", "€184,200", "2.1 MB"]),
        (
            "it",
            ["1.234.567,5", "6", "1.234,50", "7,5%", "184.200,00 €", "0,00125 €", "1,8 Mln €", "184.200 €", "2,1 MB"],
        ),
    ],
)
def test_numbers_are_written_the_readers_way(language, expected):
    with translation.override(language):
        written = [
            numbers.format_number(Decimal("1234567.500")),
            numbers.format_number(Decimal("6.0000")),
            numbers.format_number(Decimal("1234.5"), 2),
            numbers.format_percent(Decimal("7.5")),
            money.format_money(Decimal(184200), "EUR"),
            money.format_price(Decimal("0.001250"), "EUR"),
            money.format_short_money(Decimal(1_800_000), "EUR"),
            money.format_short_money(Decimal("184199.5"), "EUR"),
            numbers.format_size(2_134_567),
        ]
    assert [text.replace("\xa0", " ") for text in written] == expected


def test_sums_above_a_million_keep_what_tells_them_apart():
    written = [money.format_short_money(Decimal(each), "EUR") for each in ("1043500", "-1043500", "12345678")]
    assert written == ["€1.04M", "-€1.04M", "€12.3M"]


def test_nothing_is_written_for_nothing():
    assert numbers.format_number(None) == numbers.format_percent(None) == numbers.format_day(None) == ""
    assert numbers.format_moment(None) == numbers.format_ago(None) == ""
    assert (
        money.format_money(None, "EUR")
        == money.format_price(None, "EUR")
        == money.format_short_money(None, "EUR")
        == ""
    )


def test_large_and_small_sizes_have_a_unit():
    assert numbers.format_size(0) == "0 B"
    assert numbers.format_size(999) == "999 B"
    assert numbers.format_size(5 * 10**12) == "5,000.0 GB"


def test_sums_are_rounded_half_up_at_the_minor_unit_of_the_currency():
    assert money.round_money(Decimal("2.345"), "EUR") == Decimal("2.35")
    assert money.round_money(Decimal("2.5"), "JPY") == Decimal(3)
    assert money.round_money(Decimal("1.0005"), "KWD") == Decimal("1.001")
    assert money.minor_units("XXZ") == 2


def test_dates_and_times_are_those_of_the_reader():
    moment = datetime(2026, 11, 14, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Rome"):
        assert numbers.format_moment(moment) == "15 Nov 2026, 00:30"
        assert numbers.format_clock(moment) == "00:30"
        assert numbers.format_day(moment) == "15 Nov 2026"
        with translation.override("it"):
            assert numbers.format_day(date(2026, 11, 14), long=True) == "sabato 14 novembre 2026"


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=-3), "3 minutes ago"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(days=-6), "6 days ago"),
        (timedelta(days=-90), "16 Aug 2026"),
    ],
)
def test_how_long_ago(distance, expected):
    now = datetime(2026, 11, 14, 9, 12, tzinfo=UTC)
    assert numbers.format_ago(now + distance, now=now) == expected


def test_an_unknown_language_does_not_break_a_page():
    with translation.override("pt-br"):
        assert numbers.format_number(Decimal("1234.5")) == "1.234,5"
