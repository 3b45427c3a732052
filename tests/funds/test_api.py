"""Funds through the API: the whole way of the money, the statement, and what is refused."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from rest_framework.test import APIClient

from tests.funds.factories import Scene

pytestmark = pytest.mark.django_db
API = "/api/v1"


def api(actor):
    client = APIClient()
    client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def activity(**fields):
    day = localdate().isoformat()
    given = {"activity": "other", "title": "Seminar", "starts": day, "ends": day, "cost": "900.00", "asked": "450.00"}
    return given | fields


def test_a_fund_is_opened_topped_up_and_corrected(scene):
    client, today = api(scene.manager), localdate()
    typed = {
        "name": "Fairs", "currency": "EUR", "reach": "partner", "partnership": scene.edge.pk, "amount": "100.00",
        "starts": today.isoformat(), "ends": (today + timedelta(days=9)).isoformat(), "claim_days": 10,
    }  # fmt: skip
    made = client.post(f"{API}/funds/", typed, format="json")
    assert made.status_code == 201, made.content
    fund = made.json()
    assert fund["balances"] == {"available": "100.00", "source": "-100.00"}
    for _time in range(2):
        put = client.post(f"{API}/funds/{fund['id']}/allocate/", {"amount": "50.00", "key": "erp-7"}, format="json")
    assert put.json()["balances"]["available"] == "150.00"
    assert client.patch(f"{API}/funds/{fund['id']}/", {"name": "Fairs 2"}, format="json").json()["name"] == "Fairs 2"
    assert client.post(f"{API}/funds/", typed | {"partnership": Scene().edge.pk}, format="json").status_code == 400
    assert (
        api(scene.asker).post(f"{API}/funds/{fund['id']}/allocate/", {"amount": "1"}, format="json").status_code == 403
    )
    assert len(client.get(f"{API}/funds/?state=open").json()["results"]) == 2


def test_the_whole_way_of_the_money(scene):
    partner, reviewer, finance = api(scene.asker), api(scene.reviewer), api(scene.finance)
    asked = {"fund": scene.fund.pk, "title": "Seminar", "lines": [activity()]}
    assert partner.post(f"{API}/fund-requests/", asked | {"lines": []}, format="json").status_code == 409
    made = partner.post(f"{API}/fund-requests/", asked, format="json")
    assert made.status_code == 201, made.content
    url = f"{API}/fund-requests/{made.json()['id']}/"
    assert reviewer.get(url).status_code == 404
    assert partner.post(f"{url}submit/").json()["state"] == "submitted"
    assert reviewer.post(f"{url}take/").json()["state"] == "in_review"
    said = {"decisions": [{"position": 1, "decision": "changed", "approved": "400.00", "reason": "No catering"}]}
    assert reviewer.post(f"{url}review/", said, format="json").json()["state"] == "pending_finance"
    assert reviewer.post(f"{url}release/").status_code == 403
    assert finance.post(f"{url}release/").json()["state"] == "partly_approved"
    typed = {
        "request": made.json()["id"], "position": 1, "supplier": "Sala Verdi", "invoice_number": "RE 1",
        "invoice_day": localdate().isoformat(), "cost": "800.00", "asked": "400.00",
    }  # fmt: skip
    assert partner.post(f"{API}/fund-claims/", typed | {"position": 2}, format="json").status_code == 409
    claim = partner.post(f"{API}/fund-claims/", typed, format="json")
    assert claim.status_code == 201, claim.content
    assert partner.post(f"{API}/fund-claims/", typed, format="json").status_code == 409
    url = f"{API}/fund-claims/{claim.json()['id']}/"
    file = SimpleUploadedFile("invoice.txt", b"Invoice RE 1")
    assert partner.post(f"{url}proof/", {"kind": "invoice", "file": file}, format="multipart").status_code == 200
    assert partner.post(f"{url}submit/").json()["state"] == "submitted"
    assert reviewer.post(f"{url}return/", {"reason": "The date?"}, format="json").json()["state"] == "returned"
    assert partner.post(f"{url}submit/").json()["state"] == "submitted"
    assert reviewer.post(f"{url}decide/", {"approved": "401.00"}, format="json").status_code == 409
    assert reviewer.post(f"{url}decide/", {"approved": "400.00"}, format="json").json()["state"] == "approved"
    pay = {"way": "payment", "amount": "400.00", "reference": "TX 1"}
    for _time in range(2):
        paid = finance.post(f"{url}settle/", pay, format="json").json()
    assert paid["state"] == "settled" and len(paid["settlements"]) == 1
    back = finance.post(f"{url}take-back/", {"amount": "10.00", "reference": "Audit"}, format="json")
    assert back.json()["settlements"][1]["way"] == "claw_back"
    told = [api(actor).get(f"{API}/funds/{scene.fund.pk}/statement/").json() for actor in (scene.asker, scene.manager)]
    assert told[0] == told[1]
    assert [row["verb"] for row in told[0]["results"]] == ["claw_back", "pay", "earn", "reserve", "allocate"]
    assert told[0]["results"][0]["effects"] == {"available": "10.0000", "paid": "-10.0000"}


def test_finance_hands_back_or_rejects_and_either_side_cancels(scene):
    finance, partner = api(scene.finance), api(scene.asker)
    url = f"{API}/fund-requests/{scene.reviewed().pk}/"
    assert finance.post(f"{url}hand-back/", {"reason": "Less, please"}, format="json").json()["state"] == "in_review"
    url = f"{API}/fund-requests/{scene.reviewed().pk}/"
    assert finance.post(f"{url}reject/", {}, format="json").status_code == 400
    assert finance.post(f"{url}reject/", {"reason": "No"}, format="json").json()["state"] == "rejected"
    url = f"{API}/fund-requests/{scene.granted().pk}/"
    assert partner.post(f"{url}cancel/", {"reason": "Rain"}, format="json").json()["state"] == "cancelled"


def test_a_rival_finds_nothing(scene):
    claim = scene.claimed(scene.granted())
    rival = api(Scene(vendor=scene.vendor).asker)
    for path in (f"funds/{scene.fund.pk}", f"fund-requests/{claim.request_id}", f"fund-claims/{claim.pk}"):
        assert rival.get(f"{API}/{path}/").status_code == 404
    assert rival.get(f"{API}/funds/{scene.fund.pk}/statement/").status_code == 404
    asked = {"fund": scene.fund.pk, "title": "Mine", "lines": [activity()]}
    assert rival.post(f"{API}/fund-requests/", asked, format="json").status_code == 400


@pytest.mark.parametrize("path", ["funds", "fund-requests", "fund-claims"])
def test_a_list_costs_the_same_for_one_row_and_for_three(scene, path, django_assert_max_num_queries):
    client = api(scene.finance)

    def more():
        scene.earned(scene.granted(), 100)
        scene.open(100)

    more()
    client.get(f"{API}/{path}/")
    with django_assert_max_num_queries(14):
        client.get(f"{API}/{path}/")
    more()
    more()
    with django_assert_max_num_queries(14):
        client.get(f"{API}/{path}/")
