"""Rules, forms and files of leads through the API: the vendor's own, and nobody else's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from leads.actions.importing import take_lines
from leads.models import Lead, LeadForm, LeadImport, RoutingRule

pytestmark = pytest.mark.django_db
CSV = b"Company,E-mail,Interest\nHotel Adler,a@adler.example,A pump\n,b@b.example,Nothing\n"
API = "/api/v1"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def api(sign_in):
    def build(organisation, *capabilities):
        client = APIClient()
        user = sign_in(organisation, *capabilities).user
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return build


@pytest.fixture
def desk(api, vendor):
    return api(vendor, "leads.view", "leads.manage", "leads.rules")


def upload(client, data=CSV):
    return client.post(f"{API}/lead-imports/", {"file": SimpleUploadedFile("fair.csv", data)}, format="multipart")


def test_rules_are_written_ordered_and_deleted(desk, edge):
    partner = edge()
    said = {"name": "Germany", "countries": ["DE"], "way": "named", "partners": [partner.pk], "sizes": ["10-49"]}
    first = desk.post(f"{API}/lead-rules/", said, format="json")
    assert first.status_code == 201, first.content
    assert first.json()["position"] == 1
    second = desk.post(f"{API}/lead-rules/", {"name": "All others"}, format="json").json()
    url = f"{API}/lead-rules/{second['id']}/"
    assert desk.post(f"{url}move/", {"up": True}, format="json").json()["position"] == 1
    read = {"If-Match": f'"routingrule-{second["id"]}-1"'}
    changed = desk.patch(url, {"offer_hours": 4}, format="json", headers=read)
    assert (changed.json()["offer_hours"], changed.json()["version"], changed.json()["name"]) == (4, 2, "All others")
    assert desk.patch(url, {"offer_hours": 5}, format="json", headers=read).status_code == 412
    assert [each["name"] for each in desk.get(f"{API}/lead-rules/").json()["results"]] == ["All others", "Germany"]
    assert desk.delete(url).status_code == 204
    assert RoutingRule.objects.get().name == "Germany"


@pytest.mark.parametrize(
    ("said", "status"),
    [({"name": ""}, 400), ({"name": "x", "countries": ["Germany"]}, 400), ({"name": "x", "sizes": ["huge"]}, 400),
     ({"name": "x", "partners": [10**30]}, 400), ({"name": "x", "partners": [2**62 - 1]}, 409),
     ({"name": "x", "way": "named"}, 409), ({"name": "x", "regions": ["y" * 81]}, 400),
     ({"name": "x", "regions": "y"}, 400),
     ({"name": "x", "offer_hours": 0}, 400), ({"name": "x", "min_value": "-1"}, 400), ({"name": "a\x00b"}, 400)],
    ids=str,
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(desk, said, status):
    assert desk.post(f"{API}/lead-rules/", said, format="json").status_code == status
    assert not RoutingRule.objects.exists()


def test_a_form_is_published_changed_and_shut(desk, client):
    said = {"name": "Web", "title": "Ask us", "consent_text": "You may write to me.", "asked": ["phone", "city"]}
    made = desk.post(f"{API}/lead-forms/", said, format="json")
    assert (made.status_code, made.json()["consent_version"], made.json()["open"]) == (201, 1, True)
    assert client.get(made.json()["address"]).status_code == 200
    url = f"{API}/lead-forms/{made.json()['id']}/"
    assert desk.patch(url, {"consent_text": "You may call me."}, format="json").json()["consent_version"] == 2
    assert desk.post(f"{url}switch/", {"open": False}, format="json").json()["open"] is False
    assert not LeadForm.objects.get().open
    for wrong in ({"asked": ["fax"]}, {"title": "x" * 121}, {"consent_text": ""}):
        assert desk.patch(url, wrong, format="json").status_code == 400
    assert desk.post(f"{API}/lead-forms/", {"name": "Web", "title": "Ask us"}, format="json").status_code == 400


def test_a_file_is_uploaded_started_read_and_undone(desk):
    made = upload(desk)
    assert (made.status_code, made.json()["state"], made.json()["total"]) == (201, "uploaded", 2)
    assert made.json()["mapping"] == {"company": 0, "email": 1, "need": 2}
    url = f"{API}/lead-imports/{made.json()['id']}/"
    assert desk.post(f"{url}undo/").status_code == 409
    started = desk.post(f"{url}start/", {"country": "DE", "campaign": "Fair"}, format="json")
    assert (started.status_code, started.json()["state"]) == (200, "running")
    assert desk.post(f"{url}start/", {}, format="json").status_code == 409
    take_lines(pk=made.json()["id"])
    done = desk.get(url).json()
    assert (done["state"], done["settled"], done["taken"]) == ("done", 2, 1)
    lines = desk.get(f"{url}lines/").json()["results"]
    assert [(each["number"], each["outcome"]) for each in lines] == [(3, "refused")]
    assert Lead.objects.get().campaign == "Fair"
    assert desk.post(f"{url}undo/").json()["state"] == "undone"
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "said",
    [{"mapping": {"company": 0, "need": 0, "email": 1}}, {"mapping": {"fax": 0}}, {"mapping": {"company": -1}},
     {"mapping": {"company": 10**9}}, {"mapping": []}, {"country": "Germany"}, {"campaign": "x" * 121}],
    ids=str,
)  # fmt: skip
def test_a_start_that_makes_no_sense_is_refused(desk, said):
    url = f"{API}/lead-imports/{upload(desk).json()['id']}/"
    assert desk.post(f"{url}start/", said, format="json").status_code == 400
    assert LeadImport.objects.get().state == "uploaded"


def test_columns_that_lack_what_a_lead_needs_are_refused(desk):
    url = f"{API}/lead-imports/{upload(desk).json()['id']}/"
    assert desk.post(f"{url}start/", {"mapping": {"company": 0}}, format="json").status_code == 409


@pytest.mark.parametrize("data", [b"", b"no table", b"a,b\n", b"\x00\x01,\x02"])
def test_what_is_no_table_is_refused(desk, data):
    assert upload(desk, data).status_code in (400, 409)
    assert not LeadImport.objects.exists()


@pytest.mark.parametrize("noun", ["lead-rules", "lead-forms", "lead-imports"])
def test_only_who_manages_leads_gets_in(api, vendor, edge, noun):
    assert api(vendor, "leads.view").get(f"{API}/{noun}/").status_code == 403
    partner = api(edge().partner, "leads.view", "leads.manage", "leads.rules")
    assert partner.get(f"{API}/{noun}/").json()["results"] == []
