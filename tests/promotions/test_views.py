"""The pages: what each side sees, what it may do, how many queries a list takes."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from promotions.models import Promotion, PromotionCode
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.promotions.factories import CodeFactory, ShareFactory
from tests.promotions.test_redeeming import deliver

pytestmark = pytest.mark.django_db
MANAGER = ("promotions.view", "promotions.manage", "orders.view")


def url(name, *args):
    return reverse(f"promotions:{name}", args=args)


@pytest.fixture
def manager(market, sign_in):
    return sign_in(market.vendor, *MANAGER)


@pytest.fixture
def partner(market, sign_in):
    return sign_in(market.partner, "promotions.view", "orders.view")


def written(**changes):
    return {
        "name": "Winter", "sentence": "Stock up.", "start": "2026-11-01", "currency": "EUR", "kind": "percent",
        "value": "7.5", "codes_kind": "none", "stacking": "combines", **changes,
    }  # fmt: skip


def test_a_promotion_is_written_tried_started_paused_and_ended(market, manager, sign_in):
    market.order()
    answer = manager.post(url("new"), written(products="pump-1", min_quantity="5", tiers=[], countries=""))
    row = Promotion.objects.get()
    assert answer.status_code == 302 and row.state == "draft" and list(row.products.all()) == [market.product]
    trial = manager.get(url("rehearsal", row.pk)).text
    assert "PO-1" in trial and "€75.00" in trial
    for name, state in (("activate", "active"), ("pause", "paused"), ("resume", "active"), ("end", "ended"),
                        ("reopen", "active")):  # fmt: skip
        assert manager.post(url("step", row.pk, name)).status_code == 302
        row.refresh_from_db()
        assert row.state == state
    page = manager.get(url("detail", row.pk)).text
    assert "7.5% off" in page and "Every partner" in page and "Pause" in page


def test_a_step_that_is_not_possible_says_so(market, manager):
    row = market.run(state="draft", codes_kind="many")
    answer = manager.post(url("step", row.pk, "activate"))
    assert answer.status_code == 422 and "Make codes first" in answer.text
    assert manager.post(url("step", row.pk, "resume")).status_code == 422
    assert manager.post(url("step", row.pk, "explode")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"value": "120"}, "between 0 and 100"),
        ({"value": "abc"}, "Enter a number"),
        ({"kind": "volume", "breaks": "ten: five"}, "from 10 units, 5 percent"),
        ({"kind": "volume", "breaks": ""}, "one step a line"),
        ({"kind": "bundle"}, "How many are bought"),
        ({"products": "NOPE"}, "no product “NOPE”"),
        ({"countries": "IT, Mars"}, "no country"),
        ({"until": "2020-01-01"}, "end before it starts"),
        ({"codes_kind": "one", "code": "x"}, "3 to 40 letters"),
        ({"stacking": "best"}, "Name the group"),
        ({"percent_1": "40"}, "how many percent"),
        ({"tiers": "999999"}, "not one of the available choices"),
    ],
)
def test_what_makes_no_promotion_is_told_at_its_field(manager, changes, says):
    answer = manager.post(url("new"), written(**changes))
    assert answer.status_code == 422 and says in answer.text
    assert not Promotion.objects.exists()


def test_steps_shares_and_a_code_are_read_and_shown_again(market, manager):
    payer = OrganisationFactory(name="Maker of motors")
    PartnershipFactory(vendor=payer, partner=market.vendor)
    manager.post(url("new"), written(
        kind="volume", breaks="50: 8%\n10; 5", codes_kind="one", code="winter-26", payer_1=payer.pk, percent_1="40",
        countries="it, de",
    ))  # fmt: skip
    row = Promotion.objects.get()
    assert (row.breaks, row.territories) == ([["10", "5"], ["50", "8"]], "IT DE")
    assert row.codes.get().text == "WINTER-26" and row.shares.get().percent == 40
    page = manager.get(url("edit", row.pk)).text
    assert "10: 5" in page and "WINTER-26" in page and "IT, DE" in page


def test_once_started_the_terms_stay(market, manager):
    row = market.run()
    answer = manager.post(
        url("edit", row.pk), {"value": "50", "name": "Other", "budget": "900", "version": row.version}
    )
    row.refresh_from_db()
    assert answer.status_code == 302 and (row.value, row.budget) == (10, 900) and row.name != "Other"
    stale = manager.post(url("edit", row.pk), {"budget": "1000", "version": 1})
    assert stale.status_code == 422 and "in the meantime" in stale.text


def test_a_partner_sees_the_terms_and_its_own_orders_only(market, partner):
    row = market.run(budget=Decimal(5000))
    other = PartnershipFactory(vendor=market.vendor, partner__name="Rival Pumps")
    row.partnerships.set([market.partnership, other])
    market.order(code=CodeFactory(promotion=row, text="HEAT").text)
    deliver()
    page = partner.get(url("detail", row.pk)).text
    assert "10% off" in page and "HEAT" in page and "PO-1" in page
    assert "Rival" not in page and "5,000" not in page and "Pause" not in page
    assert partner.get(url("offered")).text.count(row.name) >= 1
    for name in ("edit", "rehearsal", "codes"):
        assert partner.get(url(name, row.pk)).status_code in {403, 404}
    assert partner.post(url("step", row.pk, "pause")).status_code in {403, 404}


@pytest.mark.parametrize("columns", [{"state": "draft"}, {"state": "cancelled"}, {"territories": "XX"}])
def test_what_is_not_for_a_partner_is_not_there(market, partner, columns):
    row = market.run(**columns)
    assert partner.get(url("detail", row.pk)).status_code == 404
    assert row.name not in partner.get(url("offered")).text


def test_who_pays_a_share_sees_what_it_costs_and_not_who_bought(market, sign_in):
    row = market.run()
    share = ShareFactory(promotion=row)
    market.order()
    deliver()
    client = sign_in(share.organisation, "promotions.view", "orders.view")
    page = client.get(url("detail", row.pk)).text
    assert "€40.00" in page and "PO-1" not in page and str(market.partner) not in page
    assert "PO-1" not in client.get(url("uses", row.pk)).text


def test_codes_are_made_and_handed_out(market, manager):
    row = market.run(codes_kind="many")
    assert manager.post(url("codes_new", row.pk), {"count": "25"}).status_code == 302
    texts = set(PromotionCode.objects.values_list("text", flat=True))
    assert len(texts) == 25 and {len(text) for text in texts} == {14}
    answer = manager.get(url("codes", row.pk))
    assert answer["Content-Type"].startswith("text/csv")
    body = b"".join(answer.streaming_content).decode()
    assert all(text in body for text in texts)
    assert manager.post(url("codes_new", row.pk), {"count": "0"}).status_code == 422


def test_who_may_not_run_promotions_reads_why(market, sign_in):
    row = market.run()
    page = sign_in(market.vendor, "promotions.view").get(url("detail", row.pk)).text
    assert "Your role does not allow" in page
    assert sign_in(market.vendor, "promotions.view").post(url("step", row.pk, "pause")).status_code == 403


@pytest.mark.parametrize("name", ["list", "offered"])
def test_lists_cost_the_same_for_one_and_three(market, manager, partner, name):
    client = manager if name == "list" else partner

    def queries():
        client.get(url(name))  # the session is read once
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(name)).status_code == 200
        return len(caught)

    market.run(kind="bundle", buy=2, get=1, reward=market.product)
    first = queries()
    for _each in range(2):
        market.run(kind="bundle", buy=2, get=1, reward=market.product)
    assert queries() == first


def test_the_uses_cost_the_same_for_one_and_three_and_come_as_csv(market, manager):
    row = market.run()

    def queries():
        manager.get(url("uses", row.pk))  # the session is read once
        with CaptureQueriesContext(connection) as caught:
            assert manager.get(url("uses", row.pk)).status_code == 200
        return len(caught)

    market.order()
    deliver()
    first = queries()
    market.order()
    market.order()
    deliver()
    assert queries() == first
    lines = b"".join(manager.get(f"{url('uses', row.pk)}?format=csv").streaming_content).decode().splitlines()
    assert len(lines) == 4 and "PO-1" in lines[-1]
