"""Contacts: added once, merged, erased for ever; consent with its history; and nobody else ever sees one."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now, timedelta

from audiences import actions
from audiences.models import AudienceSettings, Contact, Suppression
from core.errors import DomainError, StaleObject
from core.models import TrailEntry
from tests.audiences.factories import ConsentFactory, ContactFactory

pytestmark = pytest.mark.django_db
ANNA = {"name": "Anna Berg", "email": "Anna@Berg.example", "company": "Berg AG", "more": {"shoe": "43"}}


def test_a_contact_is_added_once(keeper):
    anna = actions.add_contact(actor=keeper, fields=ANNA, tags=["Fair", "fair", "VIP"])
    assert (anna.called, anna.domain, anna.more) == ("Anna", "berg.example", {"shoe": "43"})
    assert [tag.name for tag in anna.tags.all()] == ["fair", "vip"]
    with pytest.raises(actions.KnownContact) as known:
        actions.add_contact(actor=keeper, fields={"name": "Somebody", "email": "anna@berg.example "})
    assert known.value.contact == anna


def test_without_an_address_the_name_within_the_company_counts(keeper):
    actions.add_contact(actor=keeper, fields={"name": "Jo  Doe", "company": "Acme GmbH"})
    with pytest.raises(actions.KnownContact):
        actions.add_contact(actor=keeper, fields={"name": "jo doe", "company": "ACME"})
    actions.add_contact(actor=keeper, fields={"name": "Jo Doe", "company": "Other"})


@pytest.mark.parametrize(
    "fields", [{}, {"name": " "}, {"name": "A", "email": "no address"}, {"name": "A", "country": "Germany"},
               {"name": "A", "more": {str(n): "x" for n in range(41)}}, {"name": "x" * 121}],
)  # fmt: skip
def test_what_makes_no_contact_is_refused(keeper, fields):
    with pytest.raises(DomainError):
        actions.add_contact(actor=keeper, fields=fields)
    assert not Contact.objects.exists()


def test_adding_and_changing_take_the_capability(reader, keeper, rival):
    with pytest.raises(PermissionDenied):
        actions.add_contact(actor=reader, fields=ANNA)
    anna = actions.add_contact(actor=keeper, fields=ANNA)
    for act in (
        lambda actor: actions.change_contact(actor=actor, contact=anna, fields={"name": "X"}),
        lambda actor: actions.tag_contact(actor=actor, contact=anna, add=["x"]),
        lambda actor: actions.erase_contact(actor=actor, contact=anna),
        lambda actor: actions.suppress_contact(actor=actor, contact=anna),
        lambda actor: actions.give_consent(actor=actor, contact=anna, purpose="news", source="fair"),
    ):
        with pytest.raises(PermissionDenied):
            act(reader)
        with pytest.raises(Contact.DoesNotExist):
            act(rival)


def test_a_change_that_was_written_over_an_old_version_is_refused(keeper):
    anna = actions.add_contact(actor=keeper, fields=ANNA)
    actions.change_contact(actor=keeper, contact=anna, fields={"phone": "1"}, version=1)
    with pytest.raises(StaleObject):
        actions.change_contact(actor=keeper, contact=anna, fields={"phone": "2"}, version=1)
    other = actions.add_contact(actor=keeper, fields={"name": "B", "email": "b@berg.example"})
    with pytest.raises(actions.KnownContact):
        actions.change_contact(actor=keeper, contact=other, fields={"email": "anna@berg.example"})


def test_consent_says_where_and_when_and_its_history_stays(keeper):
    anna = actions.add_contact(actor=keeper, fields=ANNA)
    with pytest.raises(DomainError):
        actions.give_consent(actor=keeper, contact=anna, purpose="news", source=" ")
    with pytest.raises(DomainError):
        actions.give_consent(actor=keeper, contact=anna, purpose="spam", source="fair")
    tomorrow = now() + timedelta(days=1)
    with pytest.raises(DomainError):
        actions.give_consent(actor=keeper, contact=anna, purpose="news", source="fair", given_at=tomorrow)
    actions.give_consent(actor=keeper, contact=anna, purpose="news", source="fair", wording="Yes, write to me.")
    with pytest.raises(DomainError):
        actions.give_consent(actor=keeper, contact=anna, purpose="news", source="fair again")
    assert list(Contact.objects.agreed_to("news")) == [anna]
    assert not Contact.objects.agreed_to("events").exists()
    actions.withdraw_consent(actor=keeper, contact=anna, purpose="news", how="on the phone")
    with pytest.raises(DomainError):
        actions.withdraw_consent(actor=keeper, contact=anna, purpose="news")
    actions.give_consent(actor=keeper, contact=anna, purpose="news", source="web form")
    assert anna.consents.count() == 2
    assert list(Contact.objects.agreed_to("news")) == [anna]


def test_a_suppressed_address_is_lifted_with_a_reason_and_a_complaint_never(keeper):
    anna = actions.add_contact(actor=keeper, fields=ANNA)
    with pytest.raises(DomainError):
        actions.lift_suppression(actor=keeper, contact=anna, note="x")
    actions.suppress_contact(actor=keeper, contact=anna)
    assert list(Contact.objects.suppressed()) == [anna]
    with pytest.raises(DomainError):
        actions.lift_suppression(actor=keeper, contact=anna, note=" ")
    actions.lift_suppression(actor=keeper, contact=anna, note="She asked for it")
    assert list(Contact.objects.unsuppressed()) == [anna]
    actions.suppress_contact(actor=keeper, contact=anna, reason="complained")
    actions.suppress_contact(actor=keeper, contact=anna, reason="hand")
    with pytest.raises(DomainError):
        actions.lift_suppression(actor=keeper, contact=anna, note="Please")


def test_one_organisations_list_is_not_anothers(keeper, rival):
    mine = actions.add_contact(actor=keeper, fields=ANNA)
    theirs = actions.add_contact(actor=rival, fields=ANNA)
    actions.suppress_contact(actor=keeper, contact=mine)
    assert list(Contact.objects.unsuppressed()) == [theirs]


def test_of_an_erased_person_nothing_stays_but_a_hash(keeper):
    anna = actions.add_contact(actor=keeper, fields=ANNA, tags=["fair"])
    actions.give_consent(actor=keeper, contact=anna, purpose="news", source="fair")
    actions.suppress_contact(actor=keeper, contact=anna)
    pk = anna.pk
    actions.erase_contact(actor=keeper, contact=anna)
    assert not Contact.objects.exists()
    told = TrailEntry.objects.filter(target="audiences.contact", target_id=pk)
    assert {entry.verb for entry in told} >= {"contact.added", "contact.erased"}
    assert not [entry for entry in told if "Anna" in entry.title or entry.data]
    row = Suppression.objects.get()
    assert row.reason == "erased"
    assert "anna" not in row.key.lower()
    with pytest.raises(DomainError, match="asked to be erased"):
        actions.add_contact(actor=keeper, fields=ANNA)


def test_of_two_contacts_one_stays_with_all_that_both_had(keeper):
    anna = actions.add_contact(actor=keeper, fields={"name": "Anna Berg", "company": "Berg"}, tags=["a"])
    double = actions.add_contact(actor=keeper, fields=ANNA, tags=["b"])
    actions.give_consent(actor=keeper, contact=double, purpose="news", source="fair")
    with pytest.raises(DomainError):
        actions.merge_contacts(actor=keeper, contact=anna, other=anna)
    kept = actions.merge_contacts(actor=keeper, contact=anna, other=double)
    kept = Contact.objects.get(pk=kept.pk)
    assert (kept.email, kept.company, kept.more) == ("Anna@Berg.example", "Berg", {"shoe": "43"})
    assert [tag.name for tag in kept.tags.all()] == ["a", "b"]
    assert list(Contact.objects.agreed_to("news")) == [kept]
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("whose", ["kept", "gone"])
def test_a_later_no_wins_when_two_are_merged(keeper, sender, whose):
    kept, gone = ContactFactory(organisation=sender), ContactFactory(organisation=sender)
    says_no, says_yes = (kept, gone) if whose == "kept" else (gone, kept)
    ConsentFactory(contact=says_yes, given_at=now() - timedelta(days=2))
    ConsentFactory(contact=says_no, given_at=now() - timedelta(days=3), withdrawn_at=now() - timedelta(days=1))
    actions.merge_contacts(actor=keeper, contact=kept, other=gone)
    assert not Contact.objects.agreed_to("news").exists()
    assert kept.consents.count() == 2


def test_settings_are_kept_in_bounds(keeper, reader):
    with pytest.raises(PermissionDenied):
        actions.save_settings(actor=reader, fields={"per_minute": 10})
    for wrong in (0, 100_001):
        with pytest.raises(DomainError):
            actions.save_settings(actor=keeper, fields={"per_minute": wrong})
    actions.save_settings(actor=keeper, fields={"per_minute": 10, "tracking": False})
    row = AudienceSettings.of(keeper.organisation)
    assert (row.per_minute, row.tracking) == (10, False)


def test_the_list_costs_the_same_for_one_and_for_three(page, sender):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page.get(reverse("audiences:contacts")).status_code == 200
        return len(queries)

    ConsentFactory(contact=ContactFactory(organisation=sender))
    cost()
    first = cost()
    for _each in range(2):
        ConsentFactory(contact=ContactFactory(organisation=sender))
    assert cost() == first


def test_the_list_filters_by_tag_and_consent_and_exports(page, keeper):
    anna = actions.add_contact(actor=keeper, fields=ANNA, tags=["a", "b"])
    actions.add_contact(actor=keeper, fields={"name": "=cmd()", "email": "b@b.example"})
    actions.give_consent(actor=keeper, contact=anna, purpose="news", source="fair")
    address = reverse("audiences:contacts")
    for query, shown in (("view=all&tag=a&tag=b", 1), ("view=all&consent=news", 1), ("view=all&consent=suppressed", 0)):
        assert page.get(f"{address}?{query}").content.decode().count("anna@berg.example".title()) == 0
        assert ("Anna Berg" in page.get(f"{address}?{query}").content.decode()) is bool(shown)
    export = b"".join(page.get(f"{address}?view=all&format=csv").streaming_content).decode()
    assert "Anna@Berg.example" in export
    assert "'=cmd()" in export


def test_the_pages_do_what_the_actions_do(page, sender):
    answer = page.post(reverse("audiences:contact_new"), {"name": "Anna Berg", "email": "a@b.example", "tags": "x, y"})
    anna = Contact.objects.get()
    assert answer["Location"] == anna.get_absolute_url()
    again = page.post(reverse("audiences:contact_new"), {"name": "Anna Berg", "email": "a@b.example"})
    assert again.status_code == 422
    assert anna.get_absolute_url() in again.content.decode()

    def post(route, **data):
        return page.post(reverse(f"audiences:{route}", args=[anna.pk]), data)

    assert post("contact_edit", name="Anna Maria", version="1").status_code == 302
    assert post("contact_edit", name="Anna", version="1").status_code == 422
    assert post("consent", **{"consent-purpose": "news", "consent-source": ""}).status_code == 422
    assert post("consent", **{"consent-purpose": "news", "consent-source": "Fair"}).status_code == 302
    assert post("withdraw", **{"withdraw-purpose": "news", "withdraw-how": "by phone"}).status_code == 302
    assert "by phone" in page.get(anna.get_absolute_url()).content.decode()
    assert post("suppress").status_code == 422, "the address was not sent with the change, so there is none"
    Contact.objects.filter(pk=anna.pk).update(email="a@b.example")
    Contact.objects.get(pk=anna.pk).save()
    assert post("suppress").status_code == 302
    assert post("lift", **{"lift-note": "She asked"}).status_code == 302
    other = ContactFactory(organisation=sender, name="Anna Double")
    assert post("merge", **{"merge-other": ContactFactory().pk}).status_code == 422
    assert post("merge", **{"merge-other": other.pk}).status_code == 302
    bulk = page.post(reverse("audiences:bulk_tag"), {"pk": [anna.pk]})
    assert "Tag contacts" in bulk.content.decode()
    page.post(reverse("audiences:bulk_tag"), {"pk": [anna.pk], "tags": "gold"})
    assert Contact.objects.tagged(["gold"]).exists()
    assert post("erase").status_code == 302
    assert not Contact.objects.filter(organisation=sender).exists()


def test_who_may_only_look_changes_nothing(sender, sign_in):
    anna, client = ContactFactory(organisation=sender), sign_in(sender, "audiences.view")
    assert client.get(anna.get_absolute_url()).status_code == 200
    for name in ("consent", "withdraw", "suppress", "lift", "merge", "erase"):
        assert client.post(reverse(f"audiences:{name}", args=[anna.pk])).status_code == 403
        assert client.get(reverse(f"audiences:{name}", args=[anna.pk])).status_code == 405
    assert sign_in(sender, "deals.view").get(reverse("audiences:contacts")).status_code == 403
