"""Figures in the browser: a number opens exactly its deals, and a partner reads how soon its vendor answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.cast import LUCA, MARTA

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("code", ["approval_rate", "sla_hit", "win_rate"])
def test_a_figure_opens_exactly_its_deals(open_as, code):
    page = open_as(LUCA, "/insights/deals/")
    number = page.locator(f'[data-part="{code}"]')
    count = int(number.inner_text())
    assert count > 0
    number.click()
    expect(page).to_have_url(re.compile(r"/insights/deals/rows/\?set="))
    expect(page.locator(".list-foot")).to_have_text(re.compile(rf"^{count} rows?$"))
    expect(page.locator("tr[data-row]")).to_have_count(min(count, 25))


def test_the_days_and_a_partner_are_chosen_in_place(open_as):
    page = open_as(LUCA, "/insights/deals/")
    whole = int(page.locator('[data-base="approval_rate"]').inner_text())
    page.get_by_label("Partner", exact=True).select_option(label="Brenta Impianti")
    expect(page).to_have_url(re.compile(r"with=\d+"))
    expect(page.locator('[data-base="approval_rate"]')).not_to_have_text(str(whole))
    page.get_by_role("link", name="Clear").click()
    expect(page.locator('[data-base="approval_rate"]')).to_have_text(str(whole))


def test_a_partner_reads_how_soon_its_vendor_answers_where_it_registers(open_as):
    page = open_as(MARTA, "/deals/new/")
    page.get_by_label("Vendor", exact=True).select_option(label="Aurora Pumps")
    promise = page.locator(".promise-slot")
    expect(promise).to_contain_text("Aurora Pumps answers within 8 business hours.")
    expect(promise).to_contain_text("To all its partners: kept in at least")
    page.get_by_label("Vendor", exact=True).select_option(label="Nordic Valves")
    expect(promise).to_contain_text("Nordic Valves answers within")
