"""Point 4: an ERP posts orders in three standards, the vendor answers in a form, the ERP collects the answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import erp
from tests.e2e.cast import ELENA, ELSA, LUCA, MARTA
from tests.e2e.erp import ERP
from tests.e2e.steps import approved_deal, connected, joined

pytestmark = pytest.mark.browser
BRENTA_GLN, RHEIN_GLN, LAKES_GLN = "8023456000006", "4023456000000", "0614141000005"
# standard: who speaks it, their GLN, how they write an order, the types of request and answer, what acknowledges,
# what answers
STANDARDS = {
    "edifact": ("Brenta Impianti", BRENTA_GLN, erp.orders, "application/edifact", "UNH+1+CONTRL", "ORDRSP"),
    "x12": ("Great Lakes Supply", LAKES_GLN, erp.x12_850, "application/edi-x12", "ST*997", "ST*855"),
    "ubl": ("Rhein Technik", RHEIN_GLN, erp.ubl_order, "application/xml", "ApplicationResponse", "OrderResponse"),
}


def answer_by_line(page: Page) -> None:
    """Accept the first line, change the second, reject the third."""
    page.get_by_role("link", name=re.compile("^Answer by line")).click()
    lines = page.locator("#answer-form tbody tr:has(select)")
    expect(lines).to_have_count(3)
    lines.nth(1).get_by_label("Quantity").fill("8")
    lines.nth(1).get_by_label("Reason").fill("Eight are on stock")
    lines.nth(2).get_by_label("Answer").select_option(label="Reject")
    page.get_by_role("button", name="Send the answer").click()
    expect(lines.nth(2)).to_contain_text("Say why")
    lines.nth(2).get_by_label("Reason").fill("No longer made")
    page.keyboard.press("Tab")
    expect(page.locator("#answer-summary")).to_contain_text("No longer made")
    page.get_by_role("button", name="Send the answer").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+/$"))


def row_of(page: Page, number: str):
    return page.locator("#list tr[data-row]", has_text=number)


def test_an_order_in_edifact_goes_all_the_way(open_as, portal):
    deal = approved_deal(open_as)
    room = open_as(MARTA, f"/deals/{deal['id']}/")
    joined(room)
    marta, luca = open_as(MARTA, "/orders/"), open_as(LUCA, "/orders/")
    connected(marta)
    connected(luca)
    brenta, number = ERP(portal, "Brenta Impianti"), erp.new_number()

    answer = brenta.post(erp.orders(number, BRENTA_GLN, note=f"Our project {deal['number']}"), "application/edifact")
    assert answer.status == 201, answer.text
    [interchange] = answer.json["interchanges"]
    [message] = interchange["messages"]
    assert (message["kind"], message["document_number"]) == ("ORDERS", number)
    assert "UNH+1+CONTRL:" in interchange["acknowledgement"]["text"]

    for page in (marta, luca):
        expect(row_of(page, number)).to_be_visible()  # by itself
    expect(room.locator(".note", has_text=number)).to_have_count(1)
    expect(room.locator("#deal-left")).to_contain_text(f"Order {number}")

    page = luca
    row_of(page, number).get_by_role("link").first.click()
    expect(page.locator("#record tbody tr, main table tbody tr").first).to_contain_text("AP-VT200-IE4")
    expect(page.locator("main")).to_contain_text(deal["number"])
    expect(page.locator("main")).to_contain_text("48,244.00")  # 4 × 11,530 + 10 × 166.40 + 20 × 23
    answer_by_line(page)
    expect(page.locator("main")).to_contain_text("Accepted with changes")

    marta.goto(page.url)
    expect(marta.locator("main")).to_contain_text("Eight are on stock")
    expect(marta.locator("main")).to_contain_text("No longer made")
    expect(room.locator(".note").last).to_contain_text(re.compile("won|accepted", re.IGNORECASE))
    room.reload()
    expect(room.locator("#deal-left .state.pill").first).to_contain_text("Won")


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_answer_is_collected_in_the_standard_of_the_order(open_as, portal, standard):
    company, gln, write, kind, acknowledged, answered = STANDARDS[standard]
    system, number = ERP(portal, company), erp.new_number()

    receipt = system.post(write(number, gln), kind, accept=kind)
    assert receipt.status == 201, receipt.text
    assert receipt.headers["Content-Type"].startswith(kind)
    assert acknowledged in receipt.text

    page = open_as(LUCA, f"/orders/?q={number}")
    row_of(page, number).get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("AP-MS45")
    answer_by_line(page)

    waiting = system.waiting_answer(number)
    document = system.ask("GET", f"edi/outbound/{waiting['id']}/content/")
    assert document.status == 200 and document.headers["Content-Type"].startswith(kind)
    for part in (answered, number, "AP-MS45", "No longer made"):
        assert part in document.text
    confirmed = system.ask("POST", f"edi/outbound/{waiting['id']}/confirm/")
    assert confirmed.status == 200 and confirmed.json["confirmed_at"]
    again = system.ask("POST", f"edi/outbound/{waiting['id']}/confirm/")
    assert again.json["confirmed_at"] == confirmed.json["confirmed_at"]
    pending = system.ask("GET", "edi/outbound/?delivery=pending").json["results"]
    assert waiting["id"] not in [row["id"] for row in pending]


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_same_file_twice_changes_nothing(open_as, portal, standard):
    company, gln, write, kind, _acknowledged, _answered = STANDARDS[standard]
    system, number = ERP(portal, company), erp.new_number()
    document = write(number, gln)
    first, second = system.post(document, kind), system.post(document, kind)
    assert (first.status, second.status) == (201, 200), first.text
    [one], [two] = first.json["interchanges"], second.json["interchanges"]
    assert one["id"] == two["id"] and two["duplicate"]
    assert one["messages"][0]["order"] == two["messages"][0]["order"]
    assert one["acknowledgement"]["text"] == two["acknowledgement"]["text"]
    page = open_as(LUCA, f"/orders/?q={number}")
    expect(row_of(page, number)).to_have_count(1)


def test_a_broken_file_is_kept_and_its_faults_are_shown_in_place(open_as, portal):
    number = erp.new_number()
    broken = erp.orders(number, BRENTA_GLN).replace("QTY+21:10:PCE", "QTY+21:ten:PCE").replace("UNT+21", "UNT+99")
    answer = ERP(portal, "Brenta Impianti").post(broken, "application/edifact")
    assert answer.status < 500
    [interchange] = answer.json["interchanges"]
    findings = interchange["findings"] + [f for message in interchange["messages"] for f in message["findings"]]
    said = [finding for finding in findings if finding["value"] == "ten"]
    assert said and said[0]["message"] and said[0]["place"], findings
    assert "UCM+" in interchange["acknowledgement"]["text"]

    path = f"/exchange/{interchange['id']}/"
    stranger = open_as(ELSA, "/inbox/")
    assert stranger.request.get(portal.url + path).status == 404
    page = open_as(ELENA, path)
    finding = page.locator("#findings li", has_text="ten").first
    expect(finding).to_contain_text("Error")
    finding.get_by_role("link").click()
    expect(page.locator("#segments .found mark", has_text="ten")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_bytes() == broken.strip().encode()


@pytest.mark.parametrize(
    "rubbish", ["", "hello", "UNB+UNOC:3+", "ISA*00*", "<Order>", "<!DOCTYPE x><Order/>", "\0" * 50]
)
def test_rubbish_gets_a_sentence(portal, rubbish):
    answer = ERP(portal, "Brenta Impianti").post(rubbish, "application/octet-stream")
    assert 400 <= answer.status < 500
    findings = [finding["message"] for each in answer.json.get("interchanges", []) for finding in each["findings"]]
    assert findings or answer.json["detail"]


def test_a_document_is_checked_without_sending_it(open_as, portal):
    number = erp.new_number()
    page = open_as(ELENA, "/exchange/validate/")
    page.locator("textarea").fill(erp.orders(number, BRENTA_GLN).replace("QTY+21:10:PCE", "QTY+21:ten:PCE"))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#findings")).to_contain_text("ten")
    expect(page.locator("#segments mark", has_text="ten")).to_be_visible()
    page.locator("textarea").fill(erp.orders(number, BRENTA_GLN))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#result")).to_contain_text(number)
    page.goto(f"{portal.url}/orders/?q={number}")
    expect(page.locator("#list")).to_contain_text("Nothing matches")


def test_a_key_opens_only_its_own_companys_door(open_as, portal):
    number = erp.new_number()
    foreign = ERP(portal, "Rhein Technik").post(erp.orders(number, BRENTA_GLN), "application/edifact")
    assert foreign.status == 422 and not [
        message for each in foreign.json["interchanges"] for message in each["messages"] if message["order"]
    ]
    unknown = ERP(portal, "Brenta Impianti")
    unknown.key = "flr_0000000000000000000000000000000000000000"
    assert unknown.post(erp.orders(number, BRENTA_GLN), "application/edifact").status == 401
    page = open_as(ELSA, f"/orders/?q={number}")
    expect(page.locator("#list")).to_contain_text("Nothing matches")
