"""Forums: a question of one company is answered by another, live, and accepted."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.cast import LUCA, MARTA
from tests.e2e.steps import connected

pytestmark = pytest.mark.browser


def test_a_question_is_asked_answered_live_and_accepted(open_as):
    title = f"Which gasket for {uuid4().hex[:6]}?"
    marta = open_as(MARTA, "/forums/")
    marta.get_by_role("link", name="Open forum").first.click()
    marta.get_by_role("link", name="New topic").click()
    marta.get_by_label("Title").fill(title)
    marta.get_by_label("Text").fill("For **brine** at 80 °C. <img src=x onerror=alert(1)>")
    marta.get_by_role("button", name="Post topic").click()
    expect(marta.get_by_role("heading", name=title)).to_be_visible()
    expect(marta.locator("#p-1 strong")).to_have_text("brine")
    assert marta.locator("#p-1 [onerror]").count() == 0
    connected(marta)

    luca = open_as(LUCA, re.sub(r"^https?://[^/]+", "", marta.url))
    luca.locator("#p-1 [data-quote]").click()
    box = luca.locator("#reply textarea")
    expect(box).to_have_value(re.compile(r"^> For brine"))
    box.press_sequentially("PTFE, and @Marta")
    luca.locator("[data-names] li").first.click()
    box.press("Control+Enter")
    expect(luca.locator("#p-2")).to_contain_text("PTFE, and @Marta Riva")

    expect(marta.locator("#p-2")).to_contain_text("PTFE")  # by the socket: the page was not loaded again
    marta.locator("#p-2").get_by_role("button", name="Accept").click()
    expect(marta.locator(".solution")).to_contain_text("Answered by Luca Conti")
    marta.locator("#p-2").get_by_role("button", name="Useful").click()
    expect(marta.locator("#p-2 [aria-pressed=true]")).to_contain_text("1")
    expect(luca.locator("#p-2")).to_contain_text("Accepted answer")


def test_a_draft_is_there_again_on_another_device(open_as):
    marta = open_as(MARTA, "/forums/topics/")
    marta.locator("[data-row] a").first.click()
    words = f"Half a thought {uuid4().hex[:6]}"
    marta.locator("#reply textarea").fill(words)
    expect(marta.locator("#reply [data-autosave-mark]")).to_have_attribute("data-state", "saved")
    again = open_as(MARTA, re.sub(r"^https?://[^/]+", "", marta.url), fresh=True)
    expect(again.locator("#reply textarea")).to_have_value(words)
    again.locator("#reply textarea").fill("")
    expect(again.locator("#reply [data-autosave-mark]")).to_have_attribute("data-state", "saved")
