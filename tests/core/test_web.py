"""What pages read from a request, and how they lead on."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from core.bulk import chosen, on_each
from core.errors import DomainError
from core.web import follow, key_of, version_of

HUGE = "9" * 5000  # more digits than int() reads


def request_of(data: dict, **headers):
    request = RequestFactory().post("/", data, headers=headers)
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "1e3", " 7", HUGE])
def test_what_can_be_no_key_is_none(text):
    assert key_of(text) is None
    assert version_of(request_of({"version": text})) is None


def test_keys_and_versions_are_numbers():
    assert key_of("12") == 12
    assert version_of(request_of({"version": "3"})) == 3
    assert version_of(request_of({})) is None


def test_the_ticked_rows_are_read_up_to_a_limit():
    request = request_of({"pk": ["1", "x", HUGE, "2", "3"]})
    assert chosen(request) == [1, 2, 3]
    assert chosen(request, 4) == [1, 2]


def test_each_row_takes_it_or_stays_and_both_are_counted():
    def run(row):
        if row == "refused":
            raise DomainError("No.")
        if row == "forbidden":
            raise PermissionDenied

    assert on_each(["taken", "refused", "forbidden", "taken"], run) == (2, 2)


def test_another_fault_is_no_refusal():
    def run(row):
        raise ValueError

    with pytest.raises(ValueError):
        on_each([1], run)


def test_a_page_follows_and_a_fragment_is_told_to():
    plain = follow(request_of({}), "/there/")
    assert (plain.status_code, plain["Location"]) == (302, "/there/")
    swapped = follow(request_of({}, HX_Request="true"), "/there/")
    assert (swapped.status_code, swapped["HX-Redirect"]) == (204, "/there/")
