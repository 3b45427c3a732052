"""The forecast, revisions of a deal and merged customers through the API: the same rules as on the pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from deals.models import Deal, EndCustomer
from tests.deals.factories import ApprovedFactory, DealFactory, EndCustomerFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
SELLS = ("deals.view", "deals.register", "customers.manage")
DECIDES = ("deals.view", "deals.decide")
API = "/api/v1"


def send(client, path, **said):
    return client.post(f"{API}/{path}", said, content_type="application/json")


@pytest.fixture
def deal():
    return ApprovedFactory(amount=Decimal(10_000), probability=50, decision_date=localdate())


def test_the_forecast_says_what_the_page_says_to_each_side(deal, sign_in):
    ApprovedFactory(decision_date=localdate())  # of others
    for organisation, capabilities, side, other in (
        (deal.partner, SELLS, "partner", deal.vendor_id),
        (deal.vendor, DECIDES, "vendor", deal.partner_id),
    ):
        found = sign_in(organisation, *capabilities).get(f"{API}/forecast/").json()
        assert (found["side"], len(found["cells"])) == (side, 1)
        cell = found["cells"][0]
        assert (cell["period"], cell["of"], cell["currency"]) == (f"{localdate():%Y-%m}", other, "EUR")
        assert (cell["open"], cell["weighted"], cell["won"], cell["deals"]) == ("10000.00", "5000.00", "0.00", 1)


def test_who_sells_is_the_partners_own_affair(deal, sign_in):
    seller = sign_in(deal.partner, *SELLS)
    Deal.objects.filter(pk=deal.pk).update(seller=seller.user)
    mine = seller.get(f"{API}/forecast/?by=seller").json()
    assert (mine["by"], mine["cells"][0]["of"]) == ("seller", seller.user.pk)
    assert sign_in(deal.vendor, *DECIDES).get(f"{API}/forecast/?by=seller").json()["by"] == "partner"


@pytest.mark.parametrize("asked", ["from=x", "from=9999-99", "from=2027-1-1", "side=x", "by=amount"])
def test_what_cannot_be_asked_falls_back(deal, sign_in, asked):
    assert sign_in(deal.partner, *SELLS).get(f"{API}/forecast/?{asked}").status_code == 200


def test_the_forecast_is_for_who_may_see_deals(deal, sign_in):
    assert sign_in(deal.partner, "chat.post").get(f"{API}/forecast/").status_code == 403


def test_a_deal_is_revised(deal, sign_in):
    seller, vendor = sign_in(deal.partner, *SELLS), sign_in(deal.vendor, *DECIDES)
    path = f"deals/{deal.pk}/revise/"
    changed = send(seller, path, stage="proposal", amount="11000", reason="A second well.")
    assert (changed.status_code, changed.json()["stage"], changed.json()["amount"]) == (200, "proposal", "11000.00")
    assert changed.json()["probability"] == 60
    assert send(seller, path, seller=seller.user.pk).status_code == 200
    deal.refresh_from_db()
    assert deal.seller == seller.user
    assert send(seller, path, seller=vendor.user.pk).status_code == 400
    assert send(vendor, path, stage="design").status_code == 403
    assert send(sign_in(OrganisationFactory(), *SELLS), path, stage="design").status_code == 404


@pytest.mark.parametrize(
    ("said", "status"),
    [({"stage": "x"}, 400), ({"probability": 101}, 400), ({"probability": 10**30}, 400), ({"amount": "-1"}, 400),
     ({"amount": "0"}, 409), ({"amount": "NaN"}, 400), ({"decision_date": "2001-01-01"}, 409), ({"title": "New"}, 200),
     ({"note": "x" * 5000}, 400), ({"seller": True}, 400)],
    ids=str,
)  # fmt: skip
def test_what_a_deal_cannot_be_is_refused(deal, sign_in, said, status):
    before = Deal.objects.values().get(pk=deal.pk)
    assert send(sign_in(deal.partner, *SELLS), f"deals/{deal.pk}/revise/", **said).status_code == status
    assert Deal.objects.values().get(pk=deal.pk) == before


def test_what_the_vendor_judges_stays_until_it_has_judged(sign_in):
    waiting = DealFactory()
    seller = sign_in(waiting.partner, *SELLS)
    assert send(seller, f"deals/{waiting.pk}/revise/", amount="1").status_code == 409
    assert send(seller, f"deals/{waiting.pk}/revise/", stage="design").status_code == 200
    stale = seller.post(f"{API}/deals/{waiting.pk}/revise/", {}, headers={"If-Match": '"deal-1-1"'})
    assert stale.status_code == 412


def test_two_customers_are_merged_and_parted(sign_in):
    keep = EndCustomerFactory(name="Adige S.p.A.")
    gone = EndCustomerFactory(organisation=keep.organisation, name="Adige", city="Trento")
    client = sign_in(keep.organisation, *SELLS)
    path = f"customers/{keep.pk}/merges/"
    made = send(client, path, gone=gone.pk)
    assert (made.status_code, made.json()["gone_name"]) == (201, "Adige")
    keep.refresh_from_db()
    assert (keep.city, EndCustomer.objects.filter(pk=gone.pk).exists()) == ("Trento", False)
    listed = client.get(f"{API}/{path}").json()
    assert [each["id"] for each in listed] == [made.json()["id"]]
    back = send(client, f"{path}{made.json()['id']}/undo/")
    assert (back.status_code, back.json()["id"], back.json()["city"]) == (200, gone.pk, "Trento")
    assert client.get(f"{API}/{path}").json() == []
    assert send(client, f"{path}{made.json()['id']}/undo/").status_code == 409


def test_a_merge_is_refused_where_it_makes_no_sense(sign_in):
    keep, foreign = EndCustomerFactory(), EndCustomerFactory()
    client = sign_in(keep.organisation, *SELLS)
    path = f"customers/{keep.pk}/merges/"
    assert send(client, path, gone=keep.pk).status_code == 409
    assert send(client, path, gone=foreign.pk).status_code == 400
    assert send(client, path, gone=10**30).status_code == 400
    assert send(client, f"{path}{'9' * 18}/undo/").status_code == 404
    other = EndCustomerFactory(organisation=keep.organisation)
    assert send(sign_in(keep.organisation, "deals.view"), path, gone=other.pk).status_code == 403
    assert EndCustomer.objects.filter(pk__in=[keep.pk, foreign.pk, other.pk]).count() == 3


def test_a_protection_is_not_moved_by_days(deal, sign_in):
    """A revision changes what the partner says, never what the vendor granted."""
    until = deal.protected_until
    tomorrow = str(localdate() + timedelta(days=1))
    assert send(sign_in(deal.partner, *SELLS), f"deals/{deal.pk}/revise/", decision_date=tomorrow).status_code == 200
    deal.refresh_from_db()
    assert deal.protected_until == until
