"""The pipeline in a browser: cards that move by pointer and keys, activities planned and done."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.cast import LUCA, MARTA
from tests.e2e.steps import submitted_deal

pytestmark = pytest.mark.browser


def card_on_board(open_as) -> tuple[Page, Locator]:
    """Marta's board with the card of a new deal, alone on it."""
    title = f"Sluice {uuid4().hex[:6]}"
    submitted_deal(open_as, title=title)
    page = open_as(MARTA, f"/deals/board/?side=partner&q={title.split()[1]}")
    card = page.locator(".board-card", has_text=title)
    expect(card).to_be_visible()
    return page, card


def stage_of(card: Locator) -> str:
    return card.locator("xpath=ancestor::section[@data-stage]").get_attribute("data-stage") or ""


def in_stage(page: Page, card: Locator, stage: str) -> None:
    expect(page.locator(f"section[data-stage={stage}]").filter(has=card)).to_have_count(1)


def test_a_card_is_dragged_and_stays_where_it_was_dropped(open_as):
    page, card = card_on_board(open_as)
    before = stage_of(card)
    target = page.locator(f"section[data-stage]:not([data-stage={before}])").nth(1)
    after = target.get_attribute("data-stage")
    start, end = card.bounding_box(), target.bounding_box()
    assert start and end and after
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] - 8)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 60, steps=8)
    expect(target).to_have_class(re.compile(r"\bover\b"))
    with page.expect_response(re.compile(r"/move/$")) as answer:
        page.mouse.up()
    assert answer.value.ok
    in_stage(page, card, after)
    expect(page).to_have_url(re.compile("/deals/board/"))  # the click that ends a drag opens nothing
    page.reload()
    in_stage(page, card, after)


def test_a_move_by_keys_is_said_can_be_undone_and_survives_a_reload(open_as):
    page, card = card_on_board(open_as)
    before = stage_of(card)
    card.get_by_role("link").focus()
    page.keyboard.press("m")
    expect(page.locator("#board-said")).to_contain_text("Lifted")
    with page.expect_response(re.compile(r"/move/$")):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    moved = stage_of(card)
    assert moved != before
    toast = page.locator("#toasts .toast").last
    with page.expect_response(re.compile(r"/move/\?stage=")) as undone:
        toast.get_by_role("button", name="Undo").click()
    assert undone.value.ok
    in_stage(page, card, before)
    page.reload()
    in_stage(page, card, before)

    card.get_by_role("link").focus()
    with page.expect_response(re.compile(r"/move/$")) as again:
        page.keyboard.press("Shift+ArrowRight")
    assert again.value.ok
    page.reload()
    in_stage(page, card, moved)


def test_an_activity_is_planned_done_and_brought_back(open_as):
    deal, subject = submitted_deal(open_as), f"Call about seals {uuid4().hex[:6]}"
    page = open_as(MARTA, f"/deals/{deal['id']}/")
    page.locator("#deal-activities").get_by_role("button", name=re.compile("^Plan")).click()
    dialog = page.locator("dialog#activity")
    dialog.get_by_label("What is to be done").fill(subject)
    dialog.locator("button[type=submit]").click()
    planned = page.locator("#deal-activities li", has_text=subject)
    expect(planned).to_contain_text("Planned")

    page.goto(re.sub(r"/deals/.*", f"/deals/activities/?q={subject.rsplit(maxsplit=1)[-1]}", page.url))
    row = page.locator("#list tbody tr[data-row]", has_text=subject)
    row.get_by_role("button", name=re.compile("^Done")).click()
    expect(row).to_contain_text("Done")
    page.locator("#toasts .toast").last.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("Planned")

    page.goto(re.sub(r"/deals/.*", f"/deals/{deal['id']}/", page.url))
    planned.get_by_role("button", name=re.compile("^Done")).click()
    expect(planned).to_have_class(re.compile(r"\bdone\b"))
    page.reload()
    expect(planned).to_have_class(re.compile(r"\bdone\b"))
    luca = open_as(LUCA, f"/deals/{deal['id']}/")
    expect(luca.locator("#deal-activities")).to_be_visible()
    expect(luca.locator("#deal-activities")).not_to_contain_text(subject)  # it stays with her own people


def test_a_note_stands_in_full_width(open_as):
    deal, text = (
        submitted_deal(open_as),
        "They will not sign before the building permit; the mayor says two weeks.",
    )
    page = open_as(MARTA, f"/deals/{deal['id']}/")
    page.locator("#deal-notes").get_by_role("button", name=re.compile("^Write")).click()
    page.locator("dialog#note").get_by_label("Note", exact=True).fill(text)
    page.locator("dialog#note button[type=submit]").click()
    note = page.locator("#deal-notes article p", has_text=text)
    expect(note).to_be_visible()
    wide, sheet = note.bounding_box(), page.locator("#deal-notes").bounding_box()
    assert wide and sheet and wide["width"] > sheet["width"] * 0.8
