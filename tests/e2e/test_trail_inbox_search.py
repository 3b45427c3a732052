"""Points 6, 7 and 8: the trail, the bell and the mail, what waits at home, and Ctrl-K."""

import csv
import io
import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import erp
from tests.e2e.cast import CAMILLE, ELENA, INGRID, LUCA, MARTA
from tests.e2e.erp import ERP
from tests.e2e.letters import letter
from tests.e2e.steps import approved_deal, call, connected, joined, message, partnership_with, say, submitted_deal

pytestmark = pytest.mark.browser
HUGO = "hugo.petit@loire.example"


# The trail ------------------------------------------------------------------------------------------------------------
def test_the_trail_is_filtered_and_exported(open_as, portal):
    page = open_as(INGRID, "/trail/")
    rows = page.locator("#list tr[data-row]")
    expect(rows.first).to_be_visible()
    page.locator("#list-search").fill("Baltic")
    expect(page).to_have_url(re.compile("q=Baltic"))
    page.locator("#filter-about summary").click()
    page.locator("#filter-about").get_by_label("Deals", exact=True).check()
    expect(page).to_have_url(re.compile("about="))
    expect(rows.first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    lines = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    shown = page.locator(".list-foot").inner_text()
    assert len(lines) == int(re.sub(r"\D", "", shown.split()[0])) > 0
    assert {"When", "Who", "What", "Record"} <= set(lines[0])


def test_a_list_grows_as_it_is_read_and_stays_when_it_refreshes_itself(open_as):
    page = open_as(LUCA, "/deals/?view=all")
    rows = page.locator("#list tr[data-row]")
    expect(rows).to_have_count(25)
    last = rows.nth(24).get_attribute("id")
    page.locator("#list .more a").scroll_into_view_if_needed()
    expect(rows).to_have_count(50)
    connected(page)
    before = page.evaluate("scrollY")
    with page.expect_response(lambda answer: "rows=50" in answer.url):
        submitted_deal(open_as)
    expect(rows).to_have_count(50)
    expect(page.locator(f"#{last}")).to_have_count(1)
    assert abs(page.evaluate("scrollY") - before) < 80  # at most the height of the row that came


def test_an_act_is_in_the_trail_of_both_companies_and_of_no_other(open_as):
    deal = approved_deal(open_as)
    for who, sees in ((LUCA, True), ("andrea.moro@brenta.example", True), (INGRID, False)):
        page = open_as(who, f"/trail/?q={deal['number']}")
        if page.locator("[data-error]").count():
            continue  # without the capability the page says so
        found = page.locator("#list tr[data-row]")
        expect(found).to_have_count(0) if not sees else expect(found.first).to_be_visible()


# The bell and the mail ------------------------------------------------------------------------------------------------
def test_the_bell_rings_at_once_in_the_other_browser(open_as):
    marker, title = (f"Cooling loop {uuid4().hex[:6]}" for _ in range(2))
    submitted_deal(open_as, title=marker)
    luca = open_as(LUCA, "/inbox/")
    # The trail is told in its order: with this one, whatever the portal still had to tell has been told.
    expect(luca.locator("#notifications li", has_text=marker)).to_be_visible(timeout=90_000)
    call(luca, "POST", "notifications/read-all/")
    luca.reload()
    bell = luca.locator(".bell [data-count=inbox]")
    connected(luca)
    expect(bell).to_be_hidden()
    deal = submitted_deal(open_as, title=title)
    expect(bell).to_have_text("1")
    luca.locator(".bell summary").click()
    news = luca.locator("#bell-list a", has_text=title)
    expect(news).to_contain_text("Brenta Impianti registered")
    news.click()
    expect(luca).to_have_url(re.compile(rf"/deals/{deal['id']}/"))
    expect(bell).to_be_hidden()


def test_what_was_read_in_one_tab_is_read_in_the_other(open_as):
    title = f"Cooling loop {uuid4().hex[:6]}"
    submitted_deal(open_as, title=title)
    here, there = open_as(LUCA, "/inbox/"), open_as(LUCA, "/inbox/")
    connected(there)
    row = here.locator("#notifications li", has_text=title)
    expect(there.locator("#notifications li.unread", has_text=title)).to_have_count(1)
    row.get_by_role("button", name="Mark as read").click()
    expect(there.locator("#notifications li.unread", has_text=title)).to_have_count(0)


def prefer(page: Page, kind: str, way: str) -> None:
    with page.expect_response(re.compile("/inbox/preferences/")):
        page.get_by_label(f"{kind}: by e-mail").select_option(label=way)


def test_mail_comes_as_each_person_wants_it(open_as, portal):
    camille, hugo = open_as(CAMILLE, "/inbox/preferences/"), open_as(HUGO, "/inbox/preferences/")
    prefer(camille, "Deals", "At once")
    prefer(hugo, "Deals", "Never")
    title, luca = f"Loire barrage {uuid4().hex[:6]}", open_as(LUCA, "/inbox/preferences/")
    deal = call(
        camille,
        "POST",
        "deals/",
        partnership=partnership_with(camille, "Aurora Pumps"),
        title=title,
        customer_name=f"Syndicat {uuid4().hex[:6]}",
        customer_country="FR",
        amount="9000",
        decision_date="2031-03-31",
        lines=[{"product_text": "Submersible motor pump SM-110", "quantity": "1"}],
    )
    call(camille, "POST", f"deals/{deal['id']}/submit/", terms=True)
    call(luca, "POST", f"deals/{deal['id']}/take/")
    call(luca, "POST", f"deals/{deal['id']}/approve/")
    mail = open_as(None, "/demo/mail/")
    text = letter(mail, portal.url, CAMILLE, about=title, seconds=90)
    assert "Aurora Pumps approved" in text
    hugo.goto(f"{portal.url}/inbox/")
    expect(hugo.locator("#notifications li", has_text=title)).to_have_count(1)  # told in the portal
    mail.goto(f"{portal.url}/demo/mail/")
    expect(mail.locator("main li", has_text=title).filter(has_text=HUGO)).to_have_count(0)  # and not by mail


# Home -----------------------------------------------------------------------------------------------------------------
def test_home_shows_what_waits_and_follows_by_itself(open_as):
    deal = submitted_deal(open_as, title=f"Fish ladder {uuid4().hex[:6]}")
    marta, luca = open_as(MARTA, "/"), open_as(LUCA, "/")
    connected(marta)
    expect(luca.locator("#waiting li").first).to_be_visible()
    expect(luca.locator("#waiting").get_by_role("link", name="Review").first).to_be_visible()
    call(luca, "POST", f"deals/{deal['id']}/take/")
    call(luca, "POST", f"deals/{deal['id']}/return/", fields_asked=["note"], reason="Say more.")
    waits = marta.locator("#waiting li", has_text=deal["title"])
    expect(waits).to_be_visible()
    waits.get_by_role("link", name="Correct").click()
    expect(marta).to_have_url(re.compile(rf"/deals/{deal['id']}/"))


@pytest.mark.parametrize("who", [LUCA, MARTA, ELENA, INGRID, "amy.chen@lakes.example", "nico.rota@aurora.example"])
def test_every_role_has_a_home(open_as, who):
    page = open_as(who, "/")
    expect(page.locator("#waiting")).to_be_visible()
    expect(page.locator("#recent .timeline li").first).to_be_visible()


# Ctrl-K ---------------------------------------------------------------------------------------------------------------
def find(page: Page, text: str) -> Locator:
    """What Ctrl-K finds."""
    if not page.locator("#palette[open]").count():
        page.keyboard.press("Control+k")
    with page.expect_response(re.compile(r"/search/\?q=")):
        page.locator("#palette input").fill(text)
    return page.locator("#palette-hits [role=option]")


def test_control_k_finds_deals_orders_companies_people_and_messages(open_as, portal):
    deal, number, word = approved_deal(open_as), erp.new_number(), f"flangia{uuid4().hex[:6]}"
    assert ERP(portal, "Brenta Impianti").post(erp.orders(number, "8023456000006"), "application/edifact").status == 201
    page = open_as(LUCA, f"/deals/{deal['id']}/")
    joined(page)
    say(page, f"Send the {word} drawing")
    expect(message(page, word)).to_have_count(1)
    page.goto(f"{portal.url}/inbox/")
    for text, expected in (
        (deal["number"], deal["title"]),
        (deal["title"].split()[-1], deal["title"]),
        (number, number),
        ("brenta imp", "Brenta Impianti"),
        ("marta ri", "Marta Riva"),
        (word, word),
    ):
        expect(find(page, text).filter(has_text=expected).first).to_be_visible()
    find(page, deal["number"]).filter(has_text=deal["title"]).first.wait_for()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/deals/{deal['id']}/"))


def test_search_finds_nothing_that_is_private_to_others(open_as):
    word = f"Geheim{uuid4().hex[:8]}"
    marta = open_as(MARTA, "/inbox/preferences/")
    call(marta, "POST", "deals/", partnership=partnership_with(marta, "Aurora Pumps"), title=f"Draft {word}")
    expect(find(marta, word).first).to_contain_text(word)
    for who in (LUCA, INGRID):
        page = open_as(who, "/inbox/preferences/")
        expect(find(page, word)).to_have_count(0)
        expect(page.locator("#palette-hits")).to_contain_text("Nothing found")
