"""A lead from a stranger's form to the partner's registration."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cast import LUCA, MARTA
from tests.e2e.steps import call

pytestmark = pytest.mark.browser
FORM = "/l/aurora-booster-2026/"
NEEDED = "Booster set for a school"


def written_by_a_stranger(open_as, company: str) -> None:
    """The vendor's public form, as somebody without an account fills it in."""
    page = open_as(None, FORM)
    page.get_by_label("Company", exact=True).fill(company)
    page.get_by_label("E-mail").fill(f"office@{uuid4().hex[:8]}.example")
    page.get_by_label("What do you need?").fill(f"{NEEDED} of {company}")
    page.locator("[name=region]").fill("Veneto")
    page.get_by_label("What it is about").select_option("Booster sets")
    page.wait_for_timeout(2500)  # nobody fills it in quicker: a machine would be put aside
    page.get_by_label("Aurora Pumps and the partner").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    assert page.context.cookies() == []


def offered_by_luca(open_as, company: str) -> None:
    """The vendor offers it to Brenta by hand, where the rules have not done so by now."""
    page = open_as(LUCA, f"/leads/?view=all&q={company}")
    page.get_by_role("link", name=company).click()
    expect(page.get_by_role("heading", name=company)).to_be_visible()
    lead = int(re.search(r"/leads/(\d+)/", page.url)[1])
    rows = call(page, "GET", "partnerships/")["results"]
    brenta = next(row["id"] for row in rows if row["partner"]["name"] == "Brenta Impianti" and row["state"] == "active")
    if call(page, "GET", f"leads/{lead}/")["state"] in {"offered", "accepted"}:
        call(page, "POST", f"leads/{lead}/recall/")
    call(page, "POST", f"leads/{lead}/offer/", partnerships=[brenta])


def accepted_by_marta(open_as, company: str) -> Page:
    """The partner sees the need alone, accepts, and reads who it is."""
    page = open_as(MARTA, "/leads/offers/")
    waiting = page.locator("#to-answer li").filter(has_text=NEEDED).first
    expect(waiting).to_contain_text("Veneto")
    expect(waiting.locator("[data-left]")).to_have_text(re.compile(r"\d"))
    assert company not in page.content()
    waiting.get_by_role("link", name=re.compile(NEEDED)).click()
    expect(page.get_by_text("Company and contact are shown as soon as you accept.")).to_be_visible()
    assert company not in page.content()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name=company)).to_be_visible()
    return page


def test_from_a_web_form_to_a_registration(open_as):
    company = f"Istituto {uuid4().hex[:6]}"
    written_by_a_stranger(open_as, company)
    offered_by_luca(open_as, company)
    page = accepted_by_marta(open_as, company)
    page.get_by_role("button", name="Register the deal").click()
    expect(page).to_have_url(re.compile(r"/deals/\d+/edit/$"))
    expect(page.get_by_role("combobox", name="End customer")).to_have_value(company)
    expect(page.get_by_label("Project", exact=True)).to_have_value(re.compile(NEEDED))
    page.get_by_label("Value", exact=True).fill("18,000")
    page.get_by_label("Decision expected").fill((date.today() + timedelta(days=120)).isoformat())
    page.get_by_label("The customer knows of our offer").check()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page).to_have_url(re.compile(r"/deals/\d+/$"))
    expect(page.get_by_text("A lead passed on by the vendor")).to_be_visible()
