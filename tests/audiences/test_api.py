"""Contacts, segments and mailings through the API: the same rules, and nobody else's rows."""

import pytest
from django.core import mail

from audiences.models import Contact, Mailing
from audiences.tasks import send
from tests.audiences.factories import ContactFactory, MailingFactory, SegmentFactory

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
JSON = "application/json"


def test_contacts_are_added_changed_consented_and_erased(page):
    said = {"name": "Anna", "email": "a@b.example", "tags": ["Fair"], "more": {"shoe": "43"}}
    made = page.post(f"{ROOT}/audience-contacts/", said, content_type=JSON)
    assert made.status_code == 201, made.content
    anna = f"{ROOT}/audience-contacts/{made.json()['id']}/"
    assert (made.json()["tags"], made.json()["suppressed"]) == (["fair"], "")
    assert page.post(f"{ROOT}/audience-contacts/", said, content_type=JSON).status_code == 409
    changed = page.patch(anna, {"phone": "1"}, content_type=JSON, headers={"If-Match": made["ETag"]})
    assert (changed.status_code, changed.json()["tags"]) == (200, ["fair"])
    assert page.patch(anna, {"phone": "2"}, content_type=JSON, headers={"If-Match": made["ETag"]}).status_code == 412
    given = page.post(f"{anna}consent/", {"purpose": "news", "source": "Fair"}, content_type=JSON)
    assert given.json()["consents"][0]["purpose"] == "news"
    assert page.post(f"{anna}consent/", {"purpose": "news", "source": "Fair"}, content_type=JSON).status_code == 409
    assert page.post(f"{anna}withdraw/", {"purpose": "news"}, content_type=JSON).json()["consents"][0]["withdrawn_at"]
    assert page.get(f"{ROOT}/audience-contacts/?email=A@B.example").json()["results"][0]["name"] == "Anna"
    assert page.delete(anna).status_code == 204
    assert not Contact.objects.exists()


def test_segments_say_who_is_in_them(page, sender):
    ContactFactory(organisation=sender, name="Ours")
    ContactFactory(name="Theirs")
    segment = SegmentFactory(organisation=sender)
    answer = page.get(f"{ROOT}/audience-segments/{segment.pk}/contacts/")
    assert [row["name"] for row in answer.json()["results"]] == ["Ours"]
    assert page.get(f"{ROOT}/audience-segments/{SegmentFactory().pk}/contacts/").status_code == 404


def test_segments_and_drafts_are_written_changed_and_thrown_away(page, sender):
    ContactFactory(organisation=sender, country="IT")
    one = {"join": "all", "conditions": [{"field": "country", "op": "in", "value": ["IT"]}]}
    rule = {"join": "all", "groups": [one]}
    made = page.post(f"{ROOT}/audience-segments/", {"name": "Italy", "rule": rule}, content_type=JSON)
    assert made.status_code == 201, made.content
    italy = f"{ROOT}/audience-segments/{made.json()['id']}/"
    assert len(page.get(f"{italy}contacts/").json()["results"]) == 1
    assert page.patch(italy, {"name": "In Italy"}, content_type=JSON).json()["rule"] == made.json()["rule"]
    for wrong in ({"join": "all", "groups": [{"conditions": [{"field": "margin"}]}]}, "all", [1], {"groups": 7}):
        assert page.patch(italy, {"rule": wrong}, content_type=JSON).status_code in {400, 409, 422}
    said = {"subject": "News", "body": "Dear {{first_name}}", "segment": made.json()["id"]}
    draft = page.post(f"{ROOT}/mailings/", {**said, "state": "sent"}, content_type=JSON)
    assert (draft.status_code, draft.json()["state"]) == (201, "draft")
    mailing = f"{ROOT}/mailings/{draft.json()['id']}/"
    assert page.patch(mailing, {"subject": "Old news"}, content_type=JSON).json()["subject"] == "Old news"
    theirs = SegmentFactory()
    assert page.patch(mailing, {"segment": theirs.pk}, content_type=JSON).status_code == 400
    assert page.delete(italy).status_code in {409, 422}  # a mailing names it
    assert page.patch(mailing, {"segment": None}, content_type=JSON).status_code == 200
    assert page.delete(italy).status_code == 204
    assert page.delete(f"{ROOT}/audience-segments/{theirs.pk}/").status_code == 404


def test_mailings_are_started_paused_and_read(page, sender, reached):
    reached(2)
    mailing = MailingFactory(organisation=sender)
    address = f"{ROOT}/mailings/{mailing.pk}/"
    assert page.post(f"{address}pause/").status_code == 409
    assert page.post(f"{address}start/").json()["state"] == "sending"
    assert page.post(f"{address}pause/").json()["state"] == "paused"
    assert page.post(f"{address}resume/").json()["state"] == "sending"
    send.call(mailing.pk)
    assert len(mail.outbox) == 2
    assert page.get(f"{address}results/").json()["sent"] == 2
    assert [row["id"] for row in page.get(f"{ROOT}/mailings/?state=sent").json()["results"]] == [mailing.pk]
    assert page.post(f"{address}stop/").status_code == 409


def test_colleagues_without_the_capability_are_refused(sender, sign_in):
    looks, strange = sign_in(sender, "audiences.view"), sign_in(sender, "deals.view")
    mailing = MailingFactory(organisation=sender)
    assert looks.post(f"{ROOT}/mailings/{mailing.pk}/start/").status_code == 403
    assert looks.post(f"{ROOT}/audience-contacts/", {"name": "A"}, content_type=JSON).status_code == 403
    for noun in ("audience-contacts", "audience-segments", "mailings"):
        assert strange.get(f"{ROOT}/{noun}/").status_code == 403
    assert Mailing.objects.get().state == "draft"
