"""Calls between real browsers: sound that arrives, mute, a lost connection, ringing, declining, busy, missed."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.callers import HEARD, KEEP, PICTURES, call, energy, hang_up, hears, join, origin, tile, until
from tests.e2e.cast import BRUNO, LUCA, MARTA

DAVIDE = "davide.lenzi@dolomiti.example"  # of a third company, in the group of the fair
GROUP = "Water fair, Bologna"
pytestmark = pytest.mark.browser


@pytest.fixture
def room(talker) -> str:
    """The direct room of Luca and Marta, in which nobody talks yet."""
    page = talker(LUCA, "/rooms/direct/?q=Marta+Riva")
    page.get_by_role("button", name="Marta Riva").first.click()
    page.wait_for_url(re.compile(r"/rooms/\d+/$"))
    return urlsplit(page.url).path


def test_two_ring_talk_mute_show_and_hang_up(talker, room):
    marta = talker(MARTA)
    connected_page(marta)
    luca = call(talker(LUCA), room, "Marta Riva")
    expect(luca.locator("[data-waiting]")).to_contain_text("Marta Riva Ringing")
    banner = marta.locator("[data-ring]")
    expect(banner).to_contain_text("Luca Conti calls you")
    with marta.context.expect_page() as opened:
        banner.get_by_role("link", name="Accept").click()
    window = opened.value
    expect(window.locator("[data-stage]")).to_be_visible()
    expect(banner).to_have_count(0)
    for page in (luca, window):
        hears(page, 1)
        expect(page.locator(".tile.connecting:not(.own)")).to_have_count(0)
    expect(tile(window, "Luca Conti").locator("[data-bars]")).to_have_attribute("data-bars", re.compile("[123]"))
    assert energy(window) > 0

    luca.keyboard.press("m")
    expect(tile(window, "Luca Conti").locator(".tile-muted")).to_be_visible()
    window.wait_for_timeout(500)
    assert energy(window) < 1e-4  # silence
    luca.keyboard.press("m")
    expect(tile(window, "Luca Conti").locator(".tile-muted")).to_be_hidden()
    assert energy(window) > 1e-4

    luca.keyboard.press("v")
    until(window, lambda: any(window.evaluate(PICTURES)), "no picture arrived")
    window.keyboard.press("s")
    expect(luca.locator(".tile.shared")).to_contain_text("Screen of Marta Riva")
    window.get_by_role("button", name="Stop sharing").click()
    expect(luca.locator(".tile.shared")).to_have_count(0)

    luca.keyboard.press("h")
    for page in (luca, window):  # between two, hanging up ends it for both
        expect(page.locator("[data-over]")).to_be_visible()
    luca.goto(f"{origin(luca)}{room}")
    expect(luca.locator(".note").last).to_contain_text(re.compile(r"The call ended after \d+:\d\d: Luca Conti \d"))


def test_firefox_and_chromium_hear_and_see_each_other(portal, talker, firefox, room):
    luca = call(talker(LUCA), room)
    talker(MARTA)  # signs in
    firefox.keep(portal.sessions[MARTA]["cookies"])
    firefox.before_all(KEEP)
    firefox.open(luca.url)
    firefox.run("() => document.querySelector('[data-go]').click()")
    heard = firefox.until(HEARD, lambda found: any(one["packets"] > 20 and one["energy"] > 0 for one in found))
    assert len(heard) == 1
    hears(luca, 1)
    luca.keyboard.press("v")
    firefox.until(PICTURES, any)
    firefox.run("() => document.querySelector('[data-control=camera]').click()")
    until(luca, lambda: sum(map(bool, luca.evaluate(PICTURES))) == 2, "Firefox's picture did not arrive")
    firefox.run("() => document.querySelector('[data-control=leave]').click()")
    expect(luca.locator("[data-over]")).to_be_visible()


def connected_page(page: Page) -> None:
    """Wait until the page's socket is open: a ring that comes now is heard at once."""
    page.wait_for_timeout(1500)


def test_three_hear_each_other_and_one_closes_the_window(talker):
    luca = talker(LUCA, "/rooms/?only=group")
    page = luca.locator("#room-list a", has_text=GROUP).first.get_attribute("href").partition("?")[0]
    luca = call(luca, page)
    marta, third = join(talker(MARTA), luca.url), join(talker(DAVIDE), luca.url)
    for each in (luca, marta, third):
        hears(each, 2)
    third.close()
    for each in (luca, marta):
        expect(each.locator(".tile[data-person]")).to_have_count(2)
        hears(each, 1)
    bar = talker(LUCA, page).locator(".call-bar")
    expect(bar).to_contain_text("Luca Conti and Marta Riva talk")
    for each in (luca, marta):
        hang_up(each)
    expect(bar).to_have_count(0)


def test_a_lost_line_and_a_dead_connection_heal(talker, room, relay):
    luca = call(talker(LUCA), room)
    marta = join(talker(MARTA, base=relay.url), luca.url)
    hears(luca, 1)
    relay.cut()
    expect(marta.locator("[data-connection]")).to_be_visible()
    assert energy(luca) > 0  # the sound does not go through the portal
    relay.mend()
    expect(marta.locator("[data-connection]")).to_be_hidden()
    marta.evaluate("window.pcs.forEach((pc) => pc.close())")  # the path between the browsers is gone
    marta.evaluate("window.pcs = []")
    luca.evaluate("window.pcs = window.pcs.filter((pc) => pc.connectionState === 'closed')")
    hears(marta, 1)
    hang_up(luca)


def test_declined_missed_and_busy(talker, room):
    marta = talker(MARTA)
    connected_page(marta)
    luca = call(talker(LUCA), room, "Marta Riva")
    marta.locator("[data-ring]").get_by_role("button", name="Decline").click()
    expect(luca.locator("[data-waiting]")).to_contain_text("Marta Riva Declined")
    expect(marta.locator("[data-ring]")).to_have_count(0)

    luca.get_by_role("button", name="Ring", exact=True).click()
    luca.locator("#call-ring li", has_text="Marta Riva").get_by_role("button", name="Ring").click()
    expect(marta.locator("[data-ring]")).to_be_visible()
    hang_up(luca)  # before she answered
    expect(marta.locator("[data-ring]")).to_have_count(0)

    def told() -> bool:
        marta.goto(f"{origin(marta)}/inbox/")
        return marta.locator("main", has_text="You missed a call from Luca Conti").count() > 0

    until(marta, told, "nobody told her of the missed call")

    busy = call(talker(MARTA), room)
    bruno = talker(BRUNO, "/rooms/direct/?q=Marta+Riva")
    bruno.get_by_role("button", name="Marta Riva").first.click()
    bruno.wait_for_url(re.compile(r"/rooms/\d+/$"))
    call(bruno, urlsplit(bruno.url).path, "Marta Riva")
    expect(bruno.locator("[data-waiting]")).to_contain_text("Marta Riva In un'altra chiamata")  # he reads Italian
    hang_up(bruno)
    hang_up(busy)
