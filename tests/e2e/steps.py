"""What several tests do on the way to what they prove."""

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.e2e.cast import LUCA, MARTA

AURORA = "Aurora Pumps"


def agree(page: Page) -> None:
    """Say yes in the dialog that asks before something is done."""
    page.locator("#confirm [value=yes]").click()


def call(page: Page, method: str, path: str, **body: Any) -> Any:
    """The API with the session of the page; what it answers. Shorter than clicking what another test proves."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin
    headers = {"X-CSRFToken": cookies.get("csrftoken", ""), "Referer": page.url}
    response = page.request.fetch(
        f"{origin[0]}/api/v1/{path}", method=method, headers=headers, data=body if method != "GET" else None
    )
    assert response.ok, f"{response.status} {response.text()[:500]}"
    return response.json()


def partnership_with(page: Page, vendor: str) -> int:
    """The partnership in which the page's organisation is the partner of this vendor."""
    rows = call(page, "GET", "partnerships/")["results"]
    return next(row["id"] for row in rows if row["vendor"]["name"] == vendor and row["state"] == "active")


def submitted_deal(open_as, title: str = "", **fields: Any) -> dict[str, Any]:
    """A new deal of Marta's that waits at Aurora Pumps, as the API shows it."""
    page = open_as(MARTA, "/inbox/preferences/")
    values = {
        "title": title or f"Well field {uuid4().hex[:6]}",
        "customer_name": f"Acquedotto {uuid4().hex[:6]} S.p.A.",
        "customer_country": "IT",
        "amount": "48000",
        "decision_date": "2031-03-31",
        "lines": [{"product_text": "Vertical turbine pump VT-200", "quantity": "4"}],
        **fields,
    }
    deal = call(page, "POST", "deals/", partnership=partnership_with(page, AURORA), **values)
    return call(page, "POST", f"deals/{deal['id']}/submit/", terms=True)


def approved_deal(open_as, **fields: Any) -> dict[str, Any]:
    """A new deal of Marta's that Luca approved."""
    deal = submitted_deal(open_as, **fields)
    page = open_as(LUCA, "/inbox/preferences/")
    call(page, "POST", f"deals/{deal['id']}/take/")
    return call(page, "POST", f"deals/{deal['id']}/approve/")


def timeline(page: Page) -> list[str]:
    """The lines of the record's history, newest first, without how long ago."""
    return [line.strip() for line in page.locator(".timeline li > span").all_inner_texts()]


def say(page: Page, text: str) -> None:
    """Write a message in the room on the page."""
    page.locator("[data-composer] textarea").fill(text)
    page.locator("[data-composer]").get_by_role("button", name=re.compile("^(Send|Save|Invia|Salva)")).click()


def message(page: Page, text: str) -> Locator:
    """The stored messages of the room on the page that contain a text."""
    return page.locator("[data-log] [data-seq]").filter(has_text=text)


def connected(page: Page) -> None:
    """Wait until the page's socket has greeted it: what happens from now on arrives by itself."""
    expect(page.locator("html")).to_have_attribute("data-heard", re.compile(r"\bhello\b"))


def joined(page: Page) -> None:
    """Wait until the room on the page is listened to."""
    expect(page.locator("html")).to_have_attribute("data-heard", re.compile(r"\bjoined\b"))


def lists(page: Page) -> Locator:
    """The rows of the list on the page."""
    rows = page.locator("#list tbody tr[data-row]")
    expect(rows.first).to_be_visible()
    return rows
