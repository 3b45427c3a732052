"""Tables and numbers as people paste them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from orders.pasting import MAX_ROWS, MAX_TEXT, decimal_of, read_table, text_of

NAMES = {"sku": frozenset({"sku"}), "price": frozenset({"price", "net price"})}
BARE = ("sku", "price")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50 €", "1234.50"),
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1.2340", "1.2340"),
        ("-3", "-3"),
    ],
)
def test_numbers_of_any_country(text, number):
    assert decimal_of(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1.234", "12,500", "999.000"])
def test_a_number_that_reads_in_two_ways_is_refused_with_both(text):
    with pytest.raises(DomainError) as refused:
        decimal_of(text)
    plain, exact = text.replace(".", "").replace(",", ""), text.replace(",", ".") + "0"
    assert plain in refused.value.message and exact in refused.value.message


@pytest.mark.parametrize("text", ["", "abc", "1e9", "NaN", "Infinity", "--1", "1.2.3,4,5", "٣", "1_000"])
def test_what_is_no_number(text):
    with pytest.raises(DomainError):
        decimal_of(text)


@given(st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False))
def test_four_decimals_come_back_as_they_were_written(number):
    assert decimal_of(f"{number:.4f}") == number
    assert decimal_of(f"{number:.4f}".replace(".", ",")) == number


def rows(text, bare=BARE):
    return [(row.number, dict(row.cells)) for row in read_table(text, NAMES, bare)]


def test_with_and_without_a_heading_and_by_any_separator():
    for separator in ";", "\t", ",":
        text = f"Net price{separator}SKU\n5{separator}A\n\n7{separator}B\n"
        assert rows(text) == [(2, {"price": "5", "sku": "A"}), (4, {"price": "7", "sku": "B"})]
    assert rows("A;5") == [(1, {"sku": "A", "price": "5"})]


def test_our_own_csv_comes_back_without_its_guards():
    assert rows("\ufeffSKU;Price\n'=A1;5") == [(2, {"sku": "=A1", "price": "5"})]


@pytest.mark.parametrize(
    "text", ["", " \n ", "x" * (MAX_TEXT + 1), "A;1\n" * (MAX_ROWS + 1), '"' + "x" * 200_000], ids=str.__len__
)
def test_what_is_no_table_is_refused(text):
    with pytest.raises(DomainError):
        rows(text)


def test_a_table_that_needs_a_heading_says_so():
    with pytest.raises(DomainError, match="sku, price"):
        rows("A;5", bare=())


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    try:
        for _number, cells in rows(text):
            assert set(cells) <= set(NAMES)
    except DomainError:
        pass


@given(st.binary(max_size=200))
def test_any_file_is_text(data):
    assert isinstance(text_of(data), str)
