"""Point 2: a deal from the form to its protection, on both sides, live."""

import random
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cast import ELSA, LUCA, MARTA
from tests.e2e.steps import agree, connected, submitted_deal, timeline

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SAVED = re.compile("^Saved")


def choose_vendor(page: Page) -> None:
    vendor = page.get_by_label("Vendor", exact=True)
    if vendor.count():
        vendor.select_option(label="Aurora Pumps")


def fill_in(page: Page, title: str, customer: str) -> None:
    """The mandatory fields and one product, looked up."""
    choose_vendor(page)
    page.get_by_role("combobox", name="End customer").fill(customer)
    page.get_by_label("Project", exact=True).fill(title)
    page.get_by_label("Decision expected").fill((date.today() + timedelta(days=200)).isoformat())
    page.get_by_role("combobox", name="Product").first.press_sequentially("vertical turbine", delay=15)
    page.get_by_role("option", name=re.compile("VT-200")).click()
    page.get_by_label("Quantity", exact=True).first.fill("4")
    page.get_by_label("Value", exact=True).fill("46,500")
    page.get_by_label("The customer knows of our offer").check()


def italian_vat() -> str:
    """A VAT number that nobody has, with the check digit of Luhn (ISO/IEC 7812-1, annex B)."""
    digits = f"{random.SystemRandom().randrange(10**7):07d}024"
    sums = (int(digit) * (1 + place % 2) for place, digit in enumerate(digits))
    return f"IT{digits}{-sum(each // 10 + each % 10 for each in sums) % 10}"


def submit(page: Page) -> str:
    """Submit the form; the deal's number."""
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page).to_have_url(re.compile(r"/deals/\d+/$"))
    number = page.locator(".crumbs strong").inner_text()
    assert re.fullmatch(r"D-\d{7}", number)
    return number


def test_a_draft_saves_itself_and_survives_a_reload(open_as):
    title = f"Irrigation {uuid4().hex[:6]}"
    page = open_as(MARTA, "/deals/new/")
    choose_vendor(page)
    page.get_by_label("Project", exact=True).fill(title)
    expect(page.locator("[data-autosave-mark]")).to_have_text(SAVED)
    expect(page).to_have_url(re.compile(r"/deals/\d+/edit/$"))
    page.reload()
    expect(page.get_by_label("Project", exact=True)).to_have_value(title)

    page.get_by_role("button", name="Submit", exact=True).click()  # nothing else was filled in
    expect(page.get_by_role("alert")).to_contain_text("Nothing was lost")
    expect(page.get_by_label("Project", exact=True)).to_have_value(title)
    expect(page.locator("#id_customer_name_error, .field:has(#id_customer_name) .wrong").first).to_be_visible()


def test_the_form_has_nine_mandatory_fields_at_most(open_as):
    page = open_as(MARTA, "/deals/new/")
    expect(page.get_by_label("Project", exact=True)).to_be_visible()
    assert 1 <= page.locator("form[data-autosave] :is(input, select, textarea)[required]").count() <= 9


def test_a_deal_goes_from_the_form_to_its_protection(open_as, portal):
    title = f"Booster station {uuid4().hex[:6]}"
    luca = open_as(LUCA, "/deals/queue/")
    connected(luca)
    queued = luca.locator("#queue-list li", has_text=title)
    expect(queued).to_have_count(0)

    marta = open_as(MARTA, "/deals/new/")
    fill_in(marta, title, f"Consorzio {uuid4().hex[:6]}")
    number = submit(marta)
    connected(marta)

    expect(queued).to_be_visible()  # by itself: nothing was loaded again
    queued.get_by_role("link").click()
    expect(luca.locator("#queue .head")).to_contain_text(number)
    luca.locator("#queue .acts").get_by_role("button", name="Take").click()
    expect(marta.locator("#deal-top .track [aria-current=step]")).to_contain_text(re.compile("review", re.IGNORECASE))

    luca.goto(marta.url)
    luca.locator("#deal-top").get_by_role("button", name="Return…").click()
    dialog = luca.locator("dialog#return")
    dialog.get_by_label("VAT number").check()
    dialog.get_by_label("What is missing").fill("Please add the VAT number of the customer.")
    dialog.get_by_role("button", name="Return to the partner").click()
    expect(luca.locator("#deal-left .callout")).to_contain_text("Waits for the partner")

    expect(marta.locator("#deal-left .callout")).to_contain_text("Please add the VAT number of the customer.")
    marta.get_by_role("link", name=re.compile("^Correct")).first.click()
    expect(marta.get_by_label("Project", exact=True)).to_have_count(0)  # only what was asked for
    marta.get_by_label("VAT number").fill("IT 0074 3110 158")
    marta.get_by_role("button", name="Send back").click()
    expect(marta.get_by_label("VAT number")).to_have_value("IT 0074 3110 158")  # a wrong check digit
    marta.get_by_label("VAT number").fill(italian_vat())
    marta.get_by_role("button", name="Send back").click()
    expect(marta).to_have_url(re.compile(r"/deals/\d+/$"))
    connected(marta)

    luca.locator("#deal-top").get_by_role("button", name="Take").click()
    luca.locator("#deal-top").get_by_role("button", name="Approve").click()
    for page in (luca, marta):
        expect(page.locator("#deal-left .state.pill").first).to_contain_text("Approved")
        expect(page.locator("#deal-top .track")).to_contain_text("Protected")
        expect(page.locator("#deal-top .track")).to_contain_text(re.compile(r"20\d\d"))
    expect(marta.locator(".timeline")).to_contain_text("approved the deal")
    ours, theirs = timeline(marta), timeline(luca)
    shared = [line for line in ours if line in theirs]
    assert [line.split("\n")[0] for line in reversed(shared)] == [
        "Brenta Impianti submitted the deal",
        "Luca Conti took the deal for review",
        "Aurora Pumps returned the deal for correction",
        "Brenta Impianti sent the deal back, corrected",
        "Luca Conti took the deal for review",
        "Aurora Pumps approved the deal",
    ]
    assert any("VAT number" in line for line in shared)


def test_a_deal_is_registered_on_a_phone(open_as):
    title = f"Fountain {uuid4().hex[:6]}"
    page = open_as(MARTA, "/deals/new/", **PHONE)
    fill_in(page, title, f"Comune {uuid4().hex[:6]}")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.goto(page.url.split("/deals/")[0] + "/deals/")
    expect(page.locator("#list tr[data-row]", has_text=title)).to_be_visible()


def test_the_page_of_a_deal_follows_what_the_other_side_does(open_as):
    deal = submitted_deal(open_as)
    marta, luca = open_as(MARTA, f"/deals/{deal['id']}/"), open_as(LUCA, f"/deals/{deal['id']}/")
    connected(luca)
    marta.locator("#deal-top").get_by_role("button", name=re.compile("^Withdraw")).click()
    agree(marta)
    expect(luca.locator("#deal-left .state.pill").first).to_contain_text("Withdrawn")
    expect(luca.locator("#deal-top").get_by_role("button", name="Approve")).to_have_count(0)


def test_the_board_moves_a_deal_by_keyboard(open_as):
    title = f"Filter plant {uuid4().hex[:6]}"
    submitted_deal(open_as, title=title)
    page = open_as(MARTA, "/deals/board/?side=partner")
    card = page.locator(".board-card", has_text=title)
    expect(card).to_be_visible()
    before = card.locator("xpath=ancestor::section").get_attribute("data-stage")
    card.get_by_role("link").focus()
    with page.expect_response(re.compile(r"/move/$")) as answer:
        page.keyboard.press("Shift+ArrowRight")
    assert answer.value.ok
    column = page.locator(f"section[data-stage]:not([data-stage={before}])").filter(has=card)
    expect(column).to_have_count(1)
    page.reload()
    expect(column).to_have_count(1)


def test_a_stranger_finds_nothing_at_the_address_of_a_deal(open_as):
    deal = submitted_deal(open_as)
    page = open_as(ELSA, "/")
    answer = page.goto(page.url.rstrip("/") + f"/deals/{deal['id']}/")
    assert answer is not None and answer.status == 404
    expect(page.locator("body")).not_to_contain_text(deal["title"])
