"""Browsers with a microphone and a camera, and what is done with them in calls."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

DEVICES = [
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]  # fmt: skip
ALLOWED = ["microphone", "camera"]
# Keeps the page's connections where the test finds them.
KEEP = """window.pcs = []; window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...how) { super(...how); window.pcs.push(this); }
};"""
HEARD = """async () => {
  const found = [];
  for (const pc of window.pcs.filter((each) => each.connectionState === "connected")) {
    for (const row of (await pc.getStats()).values()) {
      if (row.type === "inbound-rtp" && row.kind === "audio") {
        found.push({packets: row.packetsReceived, energy: row.totalAudioEnergy, seconds: row.totalSamplesDuration});
      }
    }
  }
  return found;
}"""
PICTURES = """() => [...document.querySelectorAll('.tile video:not([hidden])')].map((each) => each.videoWidth)"""


def call(page: Page, room: str, *rung: str) -> Page:
    """Start a call in a room from its lobby, ringing these people alone; the page becomes its window."""
    page.goto(f"{origin(page)}{room}call/")
    for box in page.locator("[name=ring]:checked").all():
        box.uncheck()
    for name in rung:
        page.locator(".ring-list label", has_text=name).locator("input").check()
    page.locator("[data-go]").click()
    expect(page.locator("[data-stage]")).to_be_visible()
    return page


def join(page: Page, address: str) -> Page:
    page.goto(f"{origin(page)}{urlsplit(address).path}")
    page.locator("[data-go]").click()  # Davide reads Italian
    expect(page.locator("[data-stage]")).to_be_visible()
    return page


def origin(page: Page) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(page.url))


def until(page: Page, true: Callable[[], bool], what: str) -> None:
    """Look again and again; the policy of the page lets no script of ours wait inside it."""
    for _n in range(120):
        if true():
            return
        page.wait_for_timeout(400)
    pytest.fail(what)


def hears(page: Page, others: int) -> None:
    """Sound of so many others arrives: its packets are counted, and it is not silence."""

    def heard() -> bool:
        return sum(one["packets"] > 20 and one["energy"] > 0 for one in page.evaluate(HEARD)) == others

    until(page, heard, f"the sound of {others} others did not arrive")


def energy(page: Page, milliseconds: int = 2500) -> float:
    """The energy of the sound that came in during this time."""
    before = sum(one["energy"] for one in page.evaluate(HEARD))
    page.wait_for_timeout(milliseconds)
    return sum(one["energy"] for one in page.evaluate(HEARD)) - before


def tile(page: Page, name: str):
    return page.locator(".tile[data-person]", has_text=name)


def hang_up(page: Page) -> None:
    page.keyboard.press("h")  # in any language
    expect(page.locator("[data-over]")).to_be_visible()
