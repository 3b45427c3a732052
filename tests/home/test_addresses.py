"""Addresses that no honest page makes."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/?q=%00", "/api/v1/deals/?state=a%00b", "/accounts/login/?next=%00"])
def test_a_nul_in_an_address_is_a_bad_request(address):
    assert Client().get(address).status_code == 400


def test_a_percent_sign_of_ones_own_is_not_a_nul():
    assert Client().get("/accounts/login/?next=/%2500").status_code == 200
