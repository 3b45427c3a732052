"""A conflict in a browser: both sides beside each other, evidence opened in place, a decision, an appeal."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.cast import CAMILLE, LUCA, MARTA
from tests.e2e.steps import AURORA, call, partnership_with, submitted_deal

pytestmark = pytest.mark.browser
TELLING = re.compile("Brenta|conflict|another|duplicate|rival", re.IGNORECASE)
PROOF = "Offer asked for by Ms Ferrari on 3 March."


def rivals(open_as) -> tuple[dict, dict]:
    """Marta's and Camille's registrations for one customer; Camille's has a file as evidence."""
    customer = f"Bonifica {uuid4().hex[:8]} S.p.A."
    first = submitted_deal(open_as, customer_name=customer)
    page = open_as(CAMILLE, "/inbox/preferences/")
    draft = call(
        page,
        "POST",
        "deals/",
        partnership=partnership_with(page, AURORA),
        title=f"Drainage {uuid4().hex[:6]}",
        customer_name=customer,
        customer_country="IT",
        amount="52000",
        decision_date="2031-05-31",
        lines=[{"product_text": "Vertical turbine pump VT-200", "quantity": "5"}],
    )
    page.goto(page.url.split("/inbox/")[0] + f"/deals/{draft['id']}/edit/")
    proof = {"name": "visit.txt", "mimeType": "text/plain", "buffer": PROOF.encode()}
    page.locator("input[type=file]").first.set_input_files(proof)
    page.locator("[name=terms]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Submit", exact=True).click()
    return first, call(page, "GET", f"deals/{draft['id']}/")


def test_a_reviewer_decides_between_two_sides_and_the_other_appeals(open_as):
    first, second = rivals(open_as)
    assert second["state"] == "submitted"
    luca = open_as(LUCA, "/inbox/preferences/")
    found = call(luca, "GET", f"conflict-cases/?deal={second['id']}")["results"]
    assert [case["state"] for case in found] == ["open"]
    luca.goto(luca.url.split("/inbox/")[0] + f"/deals/cases/{found[0]['id']}/")

    sides = luca.locator("table.sides")
    for text in (first["number"], second["number"], "Brenta Impianti", "Loire Fluides", "differs"):
        expect(sides).to_contain_text(text)
    sides.get_by_role("button", name="visit.txt").click()
    expect(sides).to_contain_text(PROOF)

    mine = luca.locator(".fate", has_text=first["number"])
    theirs = luca.locator(".fate", has_text=second["number"])
    expect(theirs.get_by_label("Sentence to the partner")).to_be_visible()
    mine.get_by_role("radio").check()
    expect(mine.get_by_label("What becomes of it")).to_be_hidden()
    theirs.get_by_label("Sentence to the partner").fill("We cannot protect this registration now.")
    luca.locator(".decide").get_by_label("Why").fill("The customer confirmed with whom it works.")
    luca.locator(".decide").get_by_role("button", name=re.compile("^Decide")).click()
    luca.wait_for_url(lambda address: f"/cases/{found[0]['id']}/" not in address)

    camille = open_as(CAMILLE, f"/deals/{second['id']}/")
    expect(camille.locator("#deal-left")).to_contain_text("We cannot protect this registration now.")
    shown = camille.locator("#deal-top").inner_text() + camille.locator("#deal-left").inner_text()
    assert TELLING.search(shown) is None
    camille.get_by_role("button", name=re.compile("^Appeal")).click()
    camille.locator("#appeal").get_by_label("Why").fill("We have been with them since 2024.")
    camille.locator("#appeal [type=submit]").click()
    expect(camille.locator("#deal-left")).to_contain_text("We have been with them since 2024.")

    marta = open_as(MARTA, f"/deals/{first['id']}/")
    expect(marta.locator("#deal-left")).to_contain_text("Submitted")
    assert "appeal" not in marta.locator("#deal-left").inner_text().lower()


def test_a_phone_shows_each_sides_decision_whole(open_as):
    _first, second = rivals(open_as)
    luca = open_as(LUCA, "/inbox/preferences/", viewport={"width": 390, "height": 844})
    found = call(luca, "GET", f"conflict-cases/?deal={second['id']}")["results"]
    luca.goto(luca.url.split("/inbox/")[0] + f"/deals/cases/{found[0]['id']}/")
    for fate in luca.locator(".fate").all():
        fate.scroll_into_view_if_needed()
        box = fate.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
        expect(fate.get_by_label("Sentence to the partner")).to_be_visible()
    assert luca.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
