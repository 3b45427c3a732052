"""What stands beside deals through the API: the same rules, and what is kept stays kept."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from deals import actions
from deals.models import Activity, Contact, DealFile, Note
from tests.deals.factories import ApprovedFactory, EndCustomerFactory

pytestmark = pytest.mark.django_db
SELLS = ("deals.view", "deals.register", "customers.manage")
DECIDES = ("deals.view", "deals.decide")
API = "/api/v1"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def seller(act_for):
    return lambda deal: act_for(deal.partner, *SELLS)


@pytest.fixture
def deal():
    return ApprovedFactory()


def send(client, method, path, **said):
    return getattr(client, method)(f"{API}/{path}", said, content_type="application/json")


def ids(client, path):
    return [each["id"] for each in client.get(f"{API}/{path}").json()["results"]]


def test_an_activity_lives_its_life(deal, sign_in):
    client, other = sign_in(deal.partner, *SELLS), sign_in(deal.vendor, *DECIDES)
    tomorrow = (now() + timedelta(days=1)).isoformat()
    said = {"deal": deal.pk, "kind": "call", "subject": "Call them", "due_at": tomorrow}
    made = send(client, "post", "activities/", **said)
    assert (made.status_code, made.json()["assignee"]) == (201, client.user.pk)
    path = f"activities/{made.json()['id']}/"
    assert other.get(f"{API}/{path}").status_code == 404
    assert send(client, "patch", path, subject="Ring them").json()["subject"] == "Ring them"
    assert send(client, "patch", path, assignee=other.user.pk).status_code == 400
    assert send(client, "post", f"{path}snooze/", days=3).status_code == 200
    assert send(client, "post", f"{path}snooze/", days=0).status_code == 400
    assert send(client, "post", f"{path}done/").json()["done_at"]
    assert client.delete(f"{API}/{path}").status_code == 409
    assert send(client, "post", f"{path}reopen/").json()["done_at"] is None
    assert client.delete(f"{API}/{path}").status_code == 204
    assert not Activity.objects.exists()


def test_what_is_kept_is_not_listed_for_the_other_side(deal, sign_in, seller):
    mine = seller(deal)
    for shared in (False, True):
        actions.add_note(actor=mine, deal=deal, text="Words", shared=shared)
        upload = SimpleUploadedFile("a.txt", b"words")
        actions.add_file(actor=mine, deal=deal, upload=upload, shared=shared)
    client, other = sign_in(deal.partner, *SELLS), sign_in(deal.vendor, *DECIDES)
    for path, model in (("notes/", Note), ("deal-files/", DealFile)):
        assert len(ids(client, path)) == 2
        assert ids(other, path) == [model.objects.get(shared=True).pk]
        assert ids(other, f"{path}?deal={deal.pk}") == ids(other, path)
        assert ids(other, f"{path}?deal={'9' * 40}") == ids(other, f"{path}?deal=x") == []
    kept = DealFile.objects.get(shared=False)
    assert other.get(f"{API}/deal-files/{kept.pk}/content/").status_code == 404
    answer = client.get(f"{API}/deal-files/{kept.pk}/content/")
    assert b"".join(answer.streaming_content) == b"words"
    assert "attachment" in answer["Content-Disposition"]


def test_a_file_is_sent_as_a_form(deal, sign_in):
    client = sign_in(deal.partner, *SELLS)
    upload = SimpleUploadedFile("a.txt", b"words")
    made = client.post(f"{API}/deal-files/", {"deal": deal.pk, "file": upload, "shared": "true"})
    assert (made.status_code, made.json()["name"], made.json()["shared"]) == (201, "a.txt", True)
    bad = client.post(f"{API}/deal-files/", {"deal": deal.pk, "file": SimpleUploadedFile("a.exe", b"MZ\x00")})
    assert bad.status_code == 409


def test_contacts_and_changes(deal, sign_in, seller):
    client, other = sign_in(deal.partner, *SELLS), sign_in(deal.vendor, *DECIDES)
    customer = EndCustomerFactory(organisation=deal.partner)
    said = {"customer": customer.pk, "name": "Giulia Ferri", "email": "G@adige.example", "phone": "045 801 2345"}
    made = send(client, "post", "contacts/", **said)
    assert (made.status_code, made.json()["phone"]) == (201, "+390458012345")
    assert send(client, "post", "contacts/", **said).json()["id"] == made.json()["id"]
    assert send(other, "post", "contacts/", **said).status_code in {400, 403}
    assert Contact.objects.count() == 1
    actions.revise_deal(actor=seller(deal), deal=deal, fields={"stage": "proposal"})
    fields = {each["field"] for each in other.get(f"{API}/field-changes/?deal={deal.pk}").json()["results"]}
    assert fields == {"stage", "probability"}
