"""Two partners after the same customer: the second learns nothing, the vendor decides, the queue wakes it."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.cast import CAMILLE, LUCA, MARTA
from tests.e2e.steps import AURORA, agree, approved_deal, call, partnership_with, timeline

pytestmark = pytest.mark.browser
TELLING = re.compile("Brenta|protected for|queue|conflict|waits|another|duplicate|blocked", re.IGNORECASE)


def rival_deal(open_as, customer):
    """A registration of Loire's for the same customer, as the API shows it."""
    page = open_as(CAMILLE, "/inbox/preferences/")
    made = call(
        page,
        "POST",
        "deals/",
        partnership=partnership_with(page, AURORA),
        title=f"Rival project {uuid4().hex[:6]}",
        customer_name=customer,
        customer_country="IT",
        amount="21000",
        decision_date="2031-05-31",
        lines=[{"product_text": "Vertical turbine pump VT-200", "quantity": "5"}],
    )
    return call(page, "POST", f"deals/{made['id']}/submit/", terms=True)


def test_the_second_partner_learns_nothing_and_is_woken_in_its_turn(open_as):
    customer = f"Bonifica {uuid4().hex[:8]} S.p.A."
    first = approved_deal(open_as, customer_name=customer)
    second = rival_deal(open_as, customer)
    assert (second["state"], TELLING.search(str({**second, "title": ""}))) == ("submitted", None)

    camille = open_as(CAMILLE, f"/deals/{second['id']}/")
    expect(camille.locator("#deal-left")).to_contain_text("Submitted")
    assert (
        TELLING.search(camille.locator("#deal-top").inner_text() + camille.locator("#deal-left").inner_text()) is None
    )

    luca = open_as(LUCA, f"/deals/queue/?deal={second['id']}")
    expect(luca.locator("main")).to_contain_text("Brenta Impianti is protected for this customer by")
    luca.get_by_role("button", name=re.compile("^Take")).click()
    luca.get_by_role("button", name=re.compile("^Approve")).click()
    expect(luca.get_by_role("alert").first).to_contain_text("Not approved")

    camille.reload()
    expect(camille.locator("#deal-left")).to_contain_text("In review")
    assert TELLING.search(" ".join(timeline(camille))) is None

    marta = open_as(MARTA, f"/deals/{first['id']}/")
    marta.get_by_role("button", name="Withdraw", exact=True).click()
    agree(marta)
    expect(marta.locator("#deal-left")).to_contain_text("Withdrawn")

    luca.goto(luca.url.split("/deals/")[0] + f"/deals/{second['id']}/")
    expect(luca.locator("#deal-left")).to_contain_text("The protection that stood in the way has ended")
    luca.get_by_role("button", name=re.compile("^Approve")).click()
    expect(luca.locator("#deal-top")).to_contain_text("Revoke")  # "Approved" may stand beside a rival, too
    camille.reload()
    expect(camille.locator("#deal-left")).to_contain_text("Approved")


def test_more_time_is_asked_for_and_granted_by_two_people(open_as):
    deal = approved_deal(open_as)
    marta = open_as(MARTA, f"/deals/{deal['id']}/")
    marta.get_by_role("button", name=re.compile("^Ask for more time")).click()
    dialog = marta.locator("#extension")
    dialog.get_by_label("Why").fill("The opening of the bids was put off to March.")
    dialog.get_by_role("button", name="Ask for it").click()
    expect(marta.locator("#deal-left")).to_contain_text("Waits for a decision")

    luca = open_as(LUCA, f"/deals/{deal['id']}/")
    expect(luca.locator("#deal-left")).to_contain_text("The opening of the bids was put off to March.")
    luca.get_by_role("button", name="Grant", exact=True).click()
    expect(luca.locator("#deal-left")).to_contain_text("Granted")
    marta.reload()
    expect(marta.locator(".timeline").first).to_contain_text("Aurora Pumps extended the protection")
