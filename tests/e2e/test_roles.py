"""Point 5: an administrator edits the matrix and people's roles; who is concerned feels it at once, open pages too."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cast import INGRID, MARTA
from tests.e2e.steps import call, connected, joined

pytestmark = pytest.mark.browser
OSKAR = "oskar.berg@nordic.example"


@pytest.fixture
def desk(open_as) -> tuple[Page, str]:
    """A new role of Nordic Valves that holds what its order desk holds and is all that Oskar has; the matrix."""
    page, role = open_as(INGRID, "/organisation/roles/new/"), f"Desk {uuid4().hex[:5]}"
    page.get_by_label("Name", exact=True).fill(role)
    page.get_by_label("Start with what this role holds").select_option(label="Order desk")
    page.get_by_role("button", name="Make the role").click()
    expect(page.locator(".matrix thead")).to_contain_text(role)
    page.goto(page.url.replace("/roles/", "/people/"))
    page.locator("tr", has_text="Oskar Berg").get_by_role("link").first.click()
    for box in page.get_by_role("checkbox").all():
        box.set_checked(False)
    page.get_by_role("checkbox", name=role).check()
    page.get_by_role("button", name="Save roles").click()
    expect(page.get_by_role("checkbox", name=role)).to_be_checked()
    page.goto(re.sub(r"/people/.*", "/roles/", page.url))
    return page, role


def test_what_a_role_loses_is_lost_at_once_and_comes_back_by_undo(open_as, desk, portal):
    matrix, role = desk
    oskar = open_as(OSKAR, "/deals/")
    expect(oskar.locator(".who-switch summary")).to_contain_text(role)
    deal = next(row for row in call(oskar, "GET", "deals/")["results"] if row["state"] != "draft")
    oskar.goto(f"{portal.url}/deals/{deal['id']}/")
    joined(oskar)
    listening = open_as(OSKAR, oskar.locator("#room").get_attribute("data-url"))
    joined(listening)

    box = matrix.get_by_role("checkbox", name=f"{role}: See deals")
    box.uncheck()
    expect(matrix.locator(".toasts")).to_contain_text("no longer holds")
    expect(oskar.locator("[data-error]")).to_be_visible(timeout=10_000)  # the open page closes by itself
    expect(oskar.locator("body")).not_to_contain_text(deal["title"])
    expect(listening.locator("[data-composer]")).to_have_count(0)
    answer = oskar.goto(f"{portal.url}/deals/")
    assert answer is not None and answer.status == 403
    expect(oskar.locator("[data-error]")).to_contain_text("See deals")
    assert oskar.request.get(f"{portal.url}/api/v1/deals/").status == 403

    matrix.locator(".toasts").get_by_role("button", name="Undo").click()
    expect(box).to_be_checked()
    oskar.goto(f"{portal.url}/deals/{deal['id']}/")
    expect(oskar.get_by_role("heading", level=1)).to_have_text(deal["title"])


def test_a_colleague_sees_the_matrix_change_and_may_not_change_it(open_as, desk):
    matrix, role = desk
    oskar = open_as(OSKAR, "/organisation/roles/")
    connected(oskar)
    box = oskar.get_by_role("checkbox", name=f"{role}: Write in rooms")
    expect(box).to_be_checked()
    expect(box).to_be_disabled()
    matrix.get_by_role("checkbox", name=f"{role}: Write in rooms").uncheck()
    expect(oskar.get_by_role("checkbox", name=f"{role}: Write in rooms")).not_to_be_checked()


def test_capabilities_that_exclude_each_other_cannot_be_held_together(desk):
    matrix, role = desk
    expect(matrix.get_by_role("checkbox", name=f"{role}: See deals")).to_be_checked()
    expect(matrix.get_by_role("checkbox", name=f"{role}: Sell direct")).to_be_disabled()


def test_the_roles_of_another_company_are_not_there(open_as, desk, portal):
    matrix, role = desk
    href = matrix.locator(".matrix thead").get_by_role("link", name=role).get_attribute("href")
    marta = open_as(MARTA, "/organisation/roles/")
    expect(marta.locator(".matrix")).not_to_contain_text(role)
    assert marta.request.get(portal.url + href).status == 404
