"""Campaigns through the API: the same rules as on the pages, and amounts only for whom they belong to."""

from campaigns.models import Campaign
from tests.campaigns.factories import somebody
from tests.campaigns.test_views import browser

ROOT = "/api/v1/campaigns/"
JSON = "application/json"


def test_a_campaign_from_its_draft_to_its_figures(scene):
    owner, partner = browser(scene.manager), browser(scene.joiner)
    said = {"name": "Old pumps", "starts": "2031-01-01", "ends": "2031-02-01", "budget": "1000.00", "currency": "EUR"}
    for wrong in (
        {"budget": "1e30"},
        {"starts": "soon"},
        {"currency": "EURO"},
        {"name": "x" * 121},
        {"target_leads": -1},
    ):
        assert owner.post(ROOT, {**said, **wrong}, content_type=JSON).status_code == 400, wrong
    assert owner.post(ROOT, {**said, "ends": "2030-01-01"}, content_type=JSON).status_code == 409
    made = owner.post(ROOT, {**said, "owner": scene.first.pk, "state": "running"}, content_type=JSON)
    assert (made.status_code, made.json()["state"], made.json()["owner"]) == (201, "draft", scene.owner.pk)
    one = f"{ROOT}{made.json()['id']}/"
    assert partner.get(one).status_code == 404
    stale = {"If-Match": '"campaign-1-99"'}
    assert owner.patch(one, {"goal": "More"}, content_type=JSON, headers=stale).status_code == 412
    assert owner.patch(one, {"goal": "More"}, content_type=JSON).json()["goal"] == "More"

    def post(client, name, **fields):
        return client.post(f"{one}{name}/", fields, content_type=JSON)

    assert post(owner, "invite", organisation=scene.stranger.organisation.pk).status_code == 400
    seats = post(owner, "invite", organisation=scene.first.pk).json()
    assert post(owner, "plan").status_code == 200, "the whole budget is the owner's until it is shared"
    shares = [{"seat": seat["id"], "amount": amount} for seat, amount in zip(seats, ("600", "400"), strict=True)]
    assert post(owner, "budget", shares=shares[:1]).status_code == 409
    assert post(owner, "budget", shares=[{"seat": "x", "amount": "-1"}]).status_code == 400
    assert [seat["share"] for seat in post(owner, "budget", shares=shares).json()] == ["600.00", "400.00"]
    assert [seat["share"] for seat in partner.get(f"{one}seats/").json()] == [None, "400.00"]
    assert post(browser(somebody(scene.first)), "accept").status_code == 403
    assert post(partner, "accept", contact="Anna", shares_results=True).json()["state"] == "planned"
    assert post(partner, "start").status_code == 403
    assert post(owner, "start").json()["state"] == "running"
    page = {"kind": "page", "title": "Pumps", "body": "{{our_name}}"}
    assert owner.post(f"{one}assets/", page, content_type=JSON).status_code == 201
    assert owner.post(f"{one}assets/", page, content_type=JSON).status_code == 409
    addresses = [seat["page"] for seat in partner.get(f"{one}seats/").json()]
    assert addresses[0] == "" and "/c/" in addresses[1]
    step = owner.post(f"{one}steps/", {"title": "Call", "starts": "2031-01-05"}, content_type=JSON)
    assert (step.status_code, step.json()["ends"]) == (201, "2031-01-05")
    assert post(partner, "step_done", step=step.json()["id"]).json()["done_at"]
    assert post(partner, "step_done", step=10**12).status_code == 404
    assert partner.get(f"{one}results/").json()[1]["counts"]["visits"] == 0
    assert post(owner, "remove", seat=seats[0]["id"]).status_code == 409
    assert post(partner, "leave", reason="").status_code == 400
    assert post(partner, "leave", reason="No time").status_code == 204
    assert partner.get(one).status_code == 404
    assert post(owner, "finish").json()["state"] == "finished"
    assert [row["id"] for row in owner.get(f"{ROOT}?state=finished").json()["results"]] == [Campaign.objects.get().pk]
