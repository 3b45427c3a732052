"""Point 3: a deal's room, two browsers, and a line that breaks."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cast import GIULIA, LUCA, MARTA
from tests.e2e.steps import approved_deal, call, connected, joined, message, say, submitted_deal

pytestmark = pytest.mark.browser


def both(open_as) -> tuple[dict, Page, Page]:
    """A new deal, and its page open at both sides."""
    deal = submitted_deal(open_as)
    marta, luca = (open_as(who, f"/deals/{deal['id']}/") for who in (MARTA, LUCA))
    joined(marta)
    joined(luca)
    return deal, marta, luca


def numbers(page: Page) -> list[int]:
    """The numbers of the messages on the page, in the order in which they stand."""
    return page.locator("[data-log] [data-seq]").evaluate_all("all => all.map(m => Number(m.dataset.seq))")


def test_two_companies_talk_beside_their_deal(open_as):
    deal, marta, luca = both(open_as)
    expect(marta.locator("[data-here]")).to_contain_text("2 here")
    expect(luca.locator(".note").first).to_contain_text("Brenta Impianti submitted the deal")

    marta.locator("[data-composer] textarea").press_sequentially("Can you", delay=30)
    expect(luca.locator("[data-typing]")).to_contain_text("Marta Riva")
    say(marta, "Can you confirm **the head** before Friday?")
    expect(message(luca, "Can you confirm the head before Friday?")).to_have_count(1)
    expect(message(luca, "Can you confirm").locator("strong")).to_have_text("the head")
    expect(message(marta, "Can you confirm")).to_have_count(1)
    say(luca, "Yes: 85 m at 120 m³/h.")
    expect(message(marta, "85 m at 120 m³/h")).to_have_count(1)
    expect(luca.locator("[data-log] .waiting")).to_have_count(0)

    call(luca, "POST", f"deals/{deal['id']}/take/")
    for page in (marta, luca):
        expect(page.locator(".note").last).to_contain_text("Luca Conti took the deal for review")


def test_what_was_written_cannot_run_in_the_other_browser(open_as):
    _deal, marta, luca = both(open_as)
    luca.on("dialog", lambda dialog: pytest.fail("a script ran"))
    say(marta, "<img src=x onerror=alert(1)> [here](javascript:alert(1)) <script>alert(1)</script>")
    expect(message(luca, "here")).to_have_count(1)
    assert message(luca, "here").locator("[onerror], script, a[href^='javascript' i]").count() == 0


def test_unread_messages_are_counted_and_reading_uncounts_them(open_as, portal):
    deal = submitted_deal(open_as)
    luca = open_as(LUCA, f"/deals/{deal['id']}/")
    joined(luca)
    marta = open_as(MARTA, "/rooms/")
    connected(marta)
    row = marta.locator("#room-list li", has_text=deal["number"])
    before = row.locator(".badge-count")
    already = int(before.inner_text()) if before.count() else 0
    for text in ("One", "Two"):
        say(luca, text)
        expect(message(luca, text)).to_have_count(1)
    expect(row.locator(".badge-count")).to_have_text(str(already + 2))
    expect(marta.locator(".side [data-count=rooms]")).to_be_visible()
    row.get_by_role("link").click()
    expect(message(marta, "Two")).to_be_visible()
    expect(marta.locator("#room-list li", has_text=deal["number"]).locator(".badge-count")).to_have_count(0)


def test_a_file_is_sent_and_fetched(open_as):
    _deal, marta, luca = both(open_as)
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    marta.locator("[data-composer] input[type=file]").set_input_files(
        {"name": "pump curve.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    expect(marta.locator("[data-picked]")).to_contain_text("pump curve.pdf")
    say(marta, "The curve.")
    link = message(luca, "The curve.").locator("a.file")
    expect(link).to_contain_text("pump curve.pdf")
    answer = luca.request.get(link.evaluate("a => a.href").removesuffix("view/"))  # the file itself, not its page
    assert answer.ok and answer.body() == content
    stranger = open_as(None, "/accounts/login/")
    refused = stranger.request.get(link.evaluate("a => a.href"), max_redirects=0)
    assert refused.status in {302, 404}


def test_a_broken_line_loses_nothing_and_repeats_nothing(open_as, relay):
    deal = submitted_deal(open_as)
    luca = open_as(LUCA, f"/deals/{deal['id']}/")
    marta = open_as(MARTA, f"/deals/{deal['id']}/", base=relay.url)
    joined(luca)
    joined(marta)
    say(luca, "before the tunnel")
    expect(message(marta, "before the tunnel")).to_have_count(1)

    relay.cut()
    for n in range(5):
        say(luca, f"in the tunnel {n}")
        expect(message(luca, f"in the tunnel {n}")).to_have_count(1)
    expect(marta.locator("[data-connection]")).to_be_visible()
    say(marta, "from the tunnel")
    expect(marta.locator("[data-log] .failed")).to_contain_text("Not sent")
    expect(message(marta, "in the tunnel")).to_have_count(0)

    relay.mend()
    expect(message(marta, "in the tunnel")).to_have_count(5)
    expect(marta.locator("[data-connection]")).to_be_hidden()
    for page in (marta, luca):
        expect(message(page, "from the tunnel")).to_have_count(1)
    say(luca, "after the tunnel")
    expect(message(marta, "after the tunnel")).to_have_count(1)
    assert numbers(marta) == numbers(luca) == sorted(set(numbers(marta)))
    assert max(numbers(marta)) - min(numbers(marta)) + 1 == len(numbers(marta))  # no gap


def test_a_message_whose_answer_was_lost_is_stored_once(open_as):
    _deal, marta, luca = both(open_as)
    text = f"only once {uuid4().hex[:6]}"

    def lose_the_answer(route) -> None:
        route.fetch()
        route.abort()

    marta.route(re.compile(r"/rooms/\d+/post/"), lose_the_answer, times=1)
    with marta.expect_event("requestfailed"):
        say(marta, text)
    retry = marta.get_by_role("button", name="Send again")
    if retry.count():  # else the socket has brought the message in the meantime
        retry.click()
    for page in (marta, luca):
        expect(page.locator("[data-log] .say", has_text=text)).to_have_count(1)
        expect(message(page, text)).to_have_count(1)
    marta.reload()
    expect(message(marta, text)).to_have_count(1)


def test_our_own_talk_stays_on_our_side(open_as, portal):
    deal = approved_deal(open_as)
    luca = open_as(LUCA, f"/deals/{deal['id']}/")
    secret = f"Our floor is 11 percent {uuid4().hex[:6]}"
    luca.locator(".room .tabs").get_by_role("link", name=re.compile("Aurora|Only|us", re.IGNORECASE)).last.click()
    joined(luca)
    expect(luca.locator(".room .tabs [aria-current=page]")).not_to_contain_text("Everyone")
    say(luca, secret)
    expect(message(luca, secret)).to_have_count(1)
    aside = luca.locator("#room").get_attribute("data-url")

    giulia = open_as(GIULIA, aside)
    expect(message(giulia, secret)).to_have_count(1)

    marta = open_as(MARTA, f"/deals/{deal['id']}/")
    joined(marta)
    expect(marta.locator("body")).not_to_contain_text(secret)
    assert marta.request.get(portal.url + aside).status == 404
    found = marta.request.get(f"{portal.url}/search/?q={secret.rsplit(maxsplit=1)[-1]}").text()
    assert secret not in found


def test_a_message_is_changed_answered_signed_and_deleted(open_as):
    _deal, marta, luca = both(open_as)
    say(marta, "We need thre pumps")
    theirs, ours = message(luca, "We need"), message(marta, "We need")
    expect(theirs).to_have_count(1)
    ours.hover()
    ours.locator("[data-do=edit]").click()
    say(marta, "We need three pumps")
    expect(theirs).to_contain_text("We need three pumps")
    expect(theirs).to_contain_text("edited")

    theirs.hover()
    theirs.locator("[data-react]").first.click()
    expect(ours.locator(".reactions [data-react]")).to_contain_text("1")
    theirs.hover()
    expect(theirs.locator("[data-do=edit]")).to_have_count(0)  # not one's own
    theirs.locator("[data-do=reply]").click()
    say(luca, "Noted")
    expect(message(marta, "Noted").locator("blockquote")).to_contain_text("We need three pumps")

    first = marta.locator("[data-log] .say").first
    first.hover()
    first.locator("[data-delete] button").click()
    if marta.locator("#confirm[open]").count():
        marta.locator("#confirm [value=yes]").click()
    expect(luca.locator("[data-log] .say").first).to_contain_text("This message was deleted")


def test_what_is_being_written_survives_leaving_the_page(open_as, portal):
    _deal, marta, _luca = both(open_as)
    here = marta.url
    marta.locator("[data-composer] textarea").fill("half a sentence")
    marta.goto(f"{portal.url}/inbox/")
    marta.goto(here)
    expect(marta.locator("[data-composer] textarea")).to_have_value("half a sentence")
