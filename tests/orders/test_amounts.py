from decimal import Decimal

import pytest

from orders.amounts import amount_of, check_number, line_amount, order_total
from orders.documents import AllowanceDocument
from orders.errors import OrderRefused
from tests.orders.factories import line

D = Decimal


@pytest.mark.parametrize(
    ("quantity", "price", "base", "currency", "expected"),
    [
        ("3", "0.335", "1", "EUR", "1.01"),  # 1.005 rounds half up, not to even
        ("1", "2.675", "1", "EUR", "2.68"),  # a float would give 2.67
        ("1000", "0.00125", "1", "EUR", "1.25"),  # the price itself is never rounded
        ("250", "12.49", "100", "EUR", "31.23"),  # priced per hundred: 31.225
        ("7", "100", "3", "EUR", "233.33"),
        ("3", "1.5", "1", "JPY", "5"),  # no minor unit: 4.5 → 5
        ("1", "0.0005", "1", "KWD", "0.001"),  # three decimals
        ("2", "1.23456", "1", "BHD", "2.469"),
        ("1", "1.00005", "1", "CLF", "1.0001"),  # four decimals
        ("0", "99", "1", "EUR", "0.00"),
        ("1", "-10.005", "1", "EUR", "-10.01"),
    ],
)
def test_a_line_is_rounded_half_up_once_at_the_minor_unit(quantity, price, base, currency, expected):
    assert amount_of(D(quantity), D(price), D(base), currency) == D(expected)


def test_a_huge_amount_is_refused_rather_than_kept_inexactly():
    assert amount_of(D("9999999999999.99"), D(1), D(1), "EUR") == D("9999999999999.99")
    assert amount_of(D("999999999999.999"), D(1), D(1), "KWD") == D("999999999999.999")
    for currency, quantity in (("EUR", "10000000000000"), ("KWD", "1000000000000"), ("JPY", "1000000000000000")):
        with pytest.raises(OrderRefused) as refused:
            amount_of(D(quantity), D(1), D(1), currency)
        assert refused.value.code == "amount_too_large"


def test_discounts_and_surcharges_of_a_line():
    cut = AllowanceDocument(charge=False, percent=D(10))
    freight = AllowanceDocument(charge=True, amount=D("4.50"), percent=D(99))
    assert line_amount(line(quantity="2", price="100", allowances=(cut, freight)), "EUR", D(100)) == D("184.50")


def test_a_net_price_that_has_its_discount_in_it_is_told_by_the_stated_amount():
    cut = AllowanceDocument(charge=False, percent=D(10))
    stated = line(quantity="2", price="90", allowances=(cut,), stated_amount=D(180))
    assert line_amount(stated, "EUR", D(90)) == D(180)


def test_a_line_without_a_price_has_no_amount():
    assert line_amount(line(price=None), "EUR", None) is None


def test_the_order_is_the_sum_of_rounded_lines():
    third = amount_of(D(1), D("0.335"), D(1), "EUR")
    assert order_total([third, third, third, None], (), "EUR") == D("1.02")
    cut = AllowanceDocument(charge=False, percent=D(5))
    assert order_total([D("10.10")], (cut,), "EUR") == D("9.59")  # 10.10 less 0.51 (0.505 rounded half up)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "1E+99", "1E-99", "1" * 31, "sNaN"])
def test_numbers_that_are_none_are_refused(value):
    with pytest.raises(OrderRefused) as refused:
        check_number(D(value), what="quantity")
    assert (refused.value.code, refused.value.field) == ("number_out_of_range", "quantity")


def test_numbers_that_may_be():
    for value in (None, D(0), D("0.00000000000001"), D("999999999999999")):
        check_number(value, what="quantity")
    check_number(D(-5), what="unit_price", negative=True)
