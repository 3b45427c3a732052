"""From a joint campaign of three companies to the money that came back, each number traced to the line it came from."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import erp
from tests.e2e.cast import ANDREA, CAMILLE, LUCA
from tests.e2e.erp import ERP
from tests.e2e.letters import letter
from tests.e2e.steps import AURORA, agree, call, partnership_with

pytestmark = pytest.mark.browser
BRENTA, LOIRE, BRENTA_GLN = "Brenta Impianti", "Loire Fluides", "8023456000006"
LINES: tuple[erp.Line, ...] = (("AP-VT200-IE4", "4", "10000"),)
NET, OFF = 40_000, 2_000  # what is ordered, and five per cent of it


def partner_id(page, name: str) -> int:
    rows = call(page, "GET", "partnerships/")["results"]
    return next(row["partner"]["id"] for row in rows if row["partner"]["name"] == name)


def planned(open_as, name: str) -> dict:
    """A running campaign of Aurora, Brenta and a third company, with a letter and a landing page."""
    luca, today = open_as(LUCA, "/campaigns/"), date.today()
    campaign = call(
        luca, "POST", "campaigns/", name=name, goal="Pumps that save energy", currency="EUR", budget="9000",
        starts=str(today), ends=str(today + timedelta(days=30)), target_leads=5,
    )  # fmt: skip
    at = f"campaigns/{campaign['id']}/"
    for other in (BRENTA, LOIRE):
        call(luca, "POST", f"{at}invite/", organisation=partner_id(luca, other))
    seats = call(luca, "GET", f"{at}seats/")
    shares = [{"seat": seat["id"], "amount": "3000"} for seat in seats]
    call(luca, "POST", f"{at}budget/", shares=shares)
    call(luca, "POST", f"{at}assets/", kind="letter", title="Half the energy", body="Dear reader,\n\nsee {{our_page}}")
    call(luca, "POST", f"{at}assets/", kind="page", title="Half the energy", body="Pumps that **save** energy")
    call(luca, "POST", f"{at}plan/")
    for email, contact in ((ANDREA, "Andrea Moro"), (CAMILLE, "Camille Roux")):
        call(open_as(email, "/campaigns/"), "POST", f"{at}accept/", contact=contact, shares_results=email == ANDREA)
    call(luca, "POST", f"{at}start/")
    return campaign


def mailed(open_as, portal, campaign: dict, reader: str) -> str:
    """The path of the landing page in the letter that Brenta sends to one reader of its own."""
    andrea = open_as(ANDREA, "/leads/")
    tag = uuid4().hex[:8]
    rita = call(andrea, "POST", "audience-contacts/", name="Rita Sole", email=reader, tags=[tag])
    call(andrea, "POST", f"audience-contacts/{rita['id']}/consent/", purpose="news", source="Fair", wording="Write!")
    rule = {"join": "all", "groups": [{"join": "all", "conditions": [{"field": "tag", "op": "meets", "value": [tag]}]}]}
    segment = call(andrea, "POST", "audience-segments/", name=f"Readers {tag}", rule=rule)
    andrea.goto(f"{portal.url}/campaigns/{campaign['id']}/assets/")
    andrea.get_by_role("link", name="Half the energy").first.click()
    andrea.locator("form[action$='/use/'] button").click()
    andrea.locator("select[name=segment]").select_option(str(segment["id"]))
    andrea.locator("main form button[type=submit].btn-primary").last.click()
    number = re.search(r"/mailings/(\d+)/", andrea.url)
    assert number
    call(andrea, "POST", f"mailings/{number[1]}/start/")
    text = letter(open_as(None, "/demo/mail/"), portal.url, reader, seconds=90)
    links = re.findall(r"https?://[^\s>)]+", text)
    return links[0]


def lead_of(open_as, page, name: str, company: str) -> dict:
    """What a reader writes into the form of the landing page becomes a lead of Brenta's, and of nobody else's."""
    form = page.locator("form.form")
    for field, value in (("company", company), ("contact", "Rita Sole"), ("email", f"rita@{uuid4().hex[:8]}.example"),
                         ("need", "Vertical turbine pump VT-200")):  # fmt: skip
        if form.locator(f"[name={field}]").count():
            form.locator(f"[name={field}]").fill(value)
    form.locator("[name=consent]").check()
    page.wait_for_timeout(3_000)  # nobody fills a form in faster: the stamp would take them for a machine
    form.locator("button[type=submit]").click()
    expect(page.locator("[role=status]")).to_be_visible()
    [lead] = [row for row in call(open_as(ANDREA, "/leads/"), "GET", "leads/")["results"] if row["company"] == company]
    assert (lead["campaign"], lead["origin"]) == (name, "campaign")
    for other in (LUCA, CAMILLE):
        rows = call(open_as(other, "/leads/"), "GET", "leads/")["results"]
        assert company not in {row["company"] for row in rows}
    return lead


def won_deal(open_as, lead: dict) -> dict:
    """Brenta registers its lead as a deal with Aurora, and Aurora approves it."""
    andrea, luca = open_as(ANDREA, "/leads/"), open_as(LUCA, "/deals/")
    at = f"leads/{lead['id']}/"
    deal = call(andrea, "POST", f"{at}register/", partnership=partnership_with(andrea, AURORA))
    deal = call(andrea, "GET", f"deals/{deal['deal']}/")
    funded = next(row for row in call(andrea, "GET", "fund-requests/")["results"] if row["state"] == "active")
    lines = [{"product_text": "Vertical turbine pump VT-200", "quantity": "4"}]
    note = f"From the fair that {funded['number']} paid for."
    call(andrea, "PATCH", f"deals/{deal['id']}/", amount=NET, decision_date="2031-03-31", lines=lines, note=note)
    call(andrea, "POST", f"deals/{deal['id']}/submit/", terms=True)
    call(luca, "POST", f"deals/{deal['id']}/take/")
    return call(luca, "POST", f"deals/{deal['id']}/approve/")


def promoted(open_as) -> str:
    """The code of a promotion that Aurora runs."""
    luca, code = open_as(LUCA, "/promotions/"), f"GREEN-{uuid4().hex[:6].upper()}"
    row = call(
        luca, "POST", "promotions/", name=f"Green {code}", sentence="Five per cent off.", start=str(date.today()),
        kind="percent", value="5", codes_kind="one", code=code,
    )  # fmt: skip
    call(luca, "POST", f"promotions/{row['id']}/activate/")
    return code


def invoiced(open_as, portal, *named: str) -> str:
    """Brenta's system orders by EDIFACT and names deal and promotion; Aurora accepts and its system invoices by UBL."""
    number, bill = erp.new_number(), f"RE-{uuid4().hex[:8]}"
    order = erp.orders(number, BRENTA_GLN, lines=LINES, named=named)
    sent = ERP(portal, BRENTA).post(order, "application/edifact")
    assert sent.status == 201, sent.text
    luca = open_as(LUCA, "/orders/")
    [order] = [row for row in call(luca, "GET", "orders/")["results"] if row["number"] == number]
    luca.goto(f"{portal.url}/orders/{order['id']}/")
    expect(luca.locator("main")).to_contain_text(named[-1])
    luca.get_by_role("button", name="Accept all").click()
    agree(luca)
    expect(luca.locator("main .state").first).to_contain_text("Accepted")
    sent = ERP(portal, AURORA).post(erp.ubl_invoice(bill, number, BRENTA_GLN, LINES), "application/xml")
    assert sent.status == 201, sent.text
    return bill


def to_the_line(page: Page, bill: str) -> None:
    """From a number to the invoice line behind it. Lines are traced by a job: the list is asked until it is there."""
    row = page.locator("#list tr[data-row]", has_text=bill)
    for _ in range(60):
        if row.count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    row.locator("a").first.click()


def test_from_a_joint_campaign_to_the_money(open_as, portal):
    name, reader = f"Green pumps {uuid4().hex[:6]}", f"rita.{uuid4().hex[:6]}@cartiera.example"
    campaign = planned(open_as, name)
    stranger = open_as(None, mailed(open_as, portal, campaign, reader).replace(portal.url, ""))
    expect(stranger.locator("main")).to_contain_text("save energy")
    lead = lead_of(open_as, stranger, name, f"Cartiera {uuid4().hex[:6]}")
    deal = won_deal(open_as, lead)
    code = promoted(open_as)
    bill = invoiced(open_as, portal, deal["number"], code)

    luca = open_as(LUCA, "/insights/money/?side=vendor")
    # From the returns down to the line, and back to the records.
    for kind, title in (("promotion", code), ("fund", "Growth fund")):
        row = luca.locator(f"#returns tr[data-return={kind}]", has_text=title).first
        expect(row).to_be_visible(timeout=60_000)
        row.locator("td.lead a").click()
        to_the_line(luca, bill)
        for seen in (deal["number"], bill):
            expect(luca.locator("#chain")).to_contain_text(seen)
        luca.goto(f"{portal.url}/insights/money/?side=vendor")

    andrea = open_as(ANDREA, "/insights/money/?side=partner")
    row = andrea.locator("#sources tr", has_text=name)
    expect(row).to_be_visible(timeout=60_000)
    row.locator("[data-credit=first]").click()
    to_the_line(andrea, bill)
    expect(andrea.locator("#chain")).to_contain_text(deal["number"])
    expect(andrea.locator("#credits")).to_contain_text(lead["number"])
    expect(andrea.locator("#credits")).to_contain_text(name)

    camille = open_as(CAMILLE, "/insights/money/?side=partner")  # of the same campaign, and nothing of theirs
    expect(camille.locator("main")).to_contain_text("Money")
    expect(camille.locator("#sources tr", has_text=name)).to_have_count(0)
    expect(camille.locator("main")).not_to_contain_text(deal["number"])

    luca.goto(f"{portal.url}/rebates/")
    luca.locator("#list tr[data-row]", has_text=BRENTA).filter(has_text="Volume rebate").locator("a").first.click()
    luca.locator("main a[href*='/statements/']").first.click()
    expect(luca.locator("main")).to_contain_text(bill)
