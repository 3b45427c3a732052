"""The demo's mail, read at /demo/mail/ as its visitors do."""

import re
import time

from playwright.sync_api import Page

LINK = re.compile(r"https?://\S+")
CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.MULTILINE)


def letter(page: Page, portal_url: str, to: str, about: str = "", seconds: float = 30) -> str:
    """The text of the newest letter to somebody whose subject contains `about`; leaves the page at the letter."""
    end = time.monotonic() + seconds
    rows = page.locator("main .waits li").filter(has_text=f"to {to}").filter(has_text=about)
    while time.monotonic() < end:
        page.goto(f"{portal_url}/demo/mail/")
        if rows.count():
            rows.first.get_by_role("link").click()
            return page.locator("main pre").inner_text()
        time.sleep(0.4)
    raise AssertionError(f"no letter to {to} about {about!r}")


def link_in(text: str, portal_url: str) -> str:
    """The first address of a letter that leads into the portal, by its path."""
    for address in LINK.findall(text):
        if "/organisation/join/" in address or "/accounts/" in address:
            return portal_url + "/" + address.split("/", 3)[3]
    raise AssertionError(f"no link in {text!r}")
