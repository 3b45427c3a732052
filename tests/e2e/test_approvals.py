"""A large deal in a browser: the plan is shown, the delegate and the director agree, the partner sees a review."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cast import BRUNO, GIULIA, LUCA, MARTA
from tests.e2e.steps import submitted_deal, timeline

pytestmark = pytest.mark.browser
TELLING = re.compile("Pricing|Sales director|Bruno|Giulia|approval|agree", re.IGNORECASE)


def agree_to_step(page: Page, note: str) -> None:
    """Answer the step that waits for whoever looks at the page, in whatever language."""
    page.locator("[data-dialog='#step-agree']").click()
    page.locator("#step-agree textarea").fill(note)
    with page.expect_navigation():
        page.locator("#step-agree [type=submit]").click()
    expect(page.locator("[data-dialog='#step-agree']")).to_have_count(0)


def test_a_large_deal_is_agreed_to_by_a_delegate_and_the_director(open_as):
    deal = submitted_deal(open_as, amount="310000")
    path = f"/deals/{deal['id']}/"
    luca = open_as(LUCA, path)
    luca.get_by_role("button", name=re.compile("^Take")).click()
    plan = luca.locator("#deal-plan")
    expect(plan).to_contain_text("What is asked once you send it")
    expect(plan.locator("li").first).to_contain_text("Bruno Marin for Silvia Neri")
    expect(plan.locator("li").nth(1)).to_contain_text("Giulia Ferri")
    luca.get_by_role("button", name=re.compile("^Send for approval")).click()
    expect(plan.locator("li").first).to_contain_text("due")
    expect(luca.get_by_role("button", name=re.compile("^Call back"))).to_be_visible()
    expect(luca.locator("[data-dialog='#step-agree']")).to_have_count(0)  # who sent it does not answer it

    marta = open_as(MARTA, path)
    expect(marta.locator("#deal-left")).to_contain_text("In review")
    assert marta.locator("#deal-plan").count() == 0
    assert TELLING.search(" ".join(timeline(marta))) is None

    agree_to_step(open_as(BRUNO, path), "The margin holds.")
    luca.reload()
    expect(plan.locator("li").first).to_contain_text("Bruno Marin for Silvia Neri")
    expect(plan.locator("li").first).to_contain_text("The margin holds.")
    marta.reload()
    expect(marta.locator("#deal-left")).to_contain_text("In review")

    agree_to_step(open_as(GIULIA, path), "Go ahead.")
    marta.reload()
    expect(marta.locator("#deal-left")).to_contain_text("Approved")
    assert TELLING.search(" ".join(timeline(marta))) is None
    luca.reload()
    expect(luca.locator("#deal-top")).to_contain_text("Revoke")
