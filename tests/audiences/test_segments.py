"""Segments: rules over contacts, evaluated live; what they ask about, and that they ask nobody else's rows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from audiences import actions
from audiences.actions.segmenting import cleaned
from audiences.choosing import contacts_of, matching
from audiences.models import AudienceSettings, Contact, ContactTag, Recipient, Segment
from core.errors import DomainError, StaleObject
from orders.models import Order
from tests.audiences.factories import TO_EVERYBODY, ConsentFactory, ContactFactory, MailingFactory, SegmentFactory
from tests.deals.factories import DealFactory
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db


def one(field, op, value=None):
    return {"join": "all", "groups": [{"join": "all", "conditions": [{"field": field, "op": op, "value": value}]}]}


@pytest.fixture
def who(sender, keeper):
    """The names of those for whom conditions hold: `who("tag", "meets", ["a"])`."""

    def build(*condition, rule=None):
        said = cleaned(keeper, rule or one(*condition))
        return sorted(matching(sender, said).values_list("name", flat=True))

    return build


@pytest.fixture
def people(sender):
    """Ann has tags a and b and agreed to news; Bob has tag b; Cy has nothing. A rival knows an Ann too."""
    AudienceSettings.objects.create(organisation=sender, fields=["in", "Shoe size"])
    made = {}
    for name, more in (("Ann", {"in": "x", "Shoe size": "43"}), ("Bob", {"Shoe size": "44"}), ("Cy", {})):
        host = f"{name.lower()}-werke.example"
        made[name] = ContactFactory(organisation=sender, name=name, email=f"x@{host}", company=f"{name} AG", more=more)
    ContactTag.objects.bulk_create(ContactTag(contact=made["Ann"], name=tag) for tag in "ab")
    ContactTag.objects.create(contact=made["Bob"], name="b")
    ConsentFactory(contact=made["Ann"])
    ConsentFactory(contact=made["Bob"], withdrawn_at=now())
    ContactFactory(name="Ann elsewhere")
    return made


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (("tag", "meets", ["a", "b"]), ["Ann", "Bob"]),
        (("tag", "covers", ["a", "b"]), ["Ann"]),
        (("tag", "avoids", ["a"]), ["Bob", "Cy"]),
        (("tag", "within", ["b"]), ["Bob"]),
        (("consent", "meets", ["news"]), ["Ann"]),
        (("consent", "avoids", ["news"]), ["Bob", "Cy"]),
        (("company", "contains", ["ann", "BOB"]), ["Ann", "Bob"]),
        (("company", "not_in", ["ann ag"]), ["Bob", "Cy"]),
        (("name", "starts", ["c"]), ["Cy"]),
        (("own:in", "filled"), ["Ann"]),
        (("own:in", "empty"), ["Bob", "Cy"]),
        (("own:Shoe size", "in", ["43"]), ["Ann"]),
        (("own:Shoe size", "not_in", ["43"]), ["Bob", "Cy"]),
        (("own:Shoe size", "starts", ["4"]), ["Ann", "Bob"]),
        (("created", "after", "2020-01-01"), ["Ann", "Bob", "Cy"]),
        (("created", "before", "2020-01-01"), []),
    ],
)
def test_conditions(people, who, condition, names):
    assert who(*condition) == names


def test_groups_are_joined(people, who):
    first = one("tag", "meets", ["a"])["groups"][0]
    second = one("name", "in", ["cy"])["groups"][0]
    assert who(rule={"join": "any", "groups": [first, second]}) == ["Ann", "Cy"]
    assert who(rule={"join": "all", "groups": [first, second]}) == []


@pytest.mark.parametrize("what", ["sent", "opened", "clicked"])
def test_what_they_did_with_letters(people, who, sender, what):
    mailing = MailingFactory(organisation=sender, started_at=now(), state="sent")
    done = {f"{each}_at": now() - timedelta(days=5) for each in ("sent", "opened", "clicked")}
    for name, columns in (("Ann", done), ("Bob", {})):
        Recipient.objects.create(mailing=mailing, organisation=sender, contact=people[name], email=name, **columns)
    assert who(what, "in", [str(mailing.pk)]) == ["Ann"]
    assert who(what, "not_in", [str(mailing.pk)]) == ["Bob", "Cy"]
    assert who(f"{what}_days", "le", "7") == ["Ann"]
    assert who(f"{what}_days", "eq", "5") == ["Ann"]
    assert who(f"{what}_days", "gt", "7") == ["Bob", "Cy"], "never is endlessly long ago"
    assert who(f"{what}_days", "gt", "3") == ["Ann", "Bob", "Cy"]


def test_what_their_companies_did(people, who, sender):
    LeadFactory(vendor=sender, email="other@ann-werke.example", website="")
    LeadFactory(email="other@bob-werke.example", website="")
    assert who("lead_days", "le", "30") == ["Ann"]
    edge = PartnershipFactory(vendor=sender)
    DealFactory(partnership=edge, customer_domain="bob-werke.example")
    DealFactory(customer_domain="cy-werke.example")
    assert who("deal_days", "le", "30") == ["Bob"]
    buyer = OrganisationFactory()
    MembershipFactory(organisation=buyer, user__email="buyer@cy-werke.example")
    edge = PartnershipFactory(vendor=sender, partner=buyer)
    Order.objects.create(partnership=edge, seller=sender, buyer=buyer, number="1", state="received")
    assert who("order_days", "le", "30") == ["Cy"]
    assert who("order_days", "gt", "30") == ["Ann", "Bob"]


@pytest.mark.parametrize(
    "rule",
    [
        None, [], {}, {"join": "some", "groups": []}, one("password", "in", ["x"]), one("tag", "regex", ["x"]),
        one("company", "in", []), one("created", "after", "yesterday"), one("sent_days", "le", "NaN"),
        one("consent", "meets", ["everything"]), one("sent", "in", ["1; DROP TABLE"]), one("own:more__x", "filled"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(people, keeper, rule):
    with pytest.raises(DomainError):
        actions.save_segment(actor=keeper, name="x", rule=rule)
    assert not Segment.objects.exists()


def test_saving_changing_and_deleting(keeper, reader, rival):
    with pytest.raises(PermissionDenied):
        actions.save_segment(actor=reader, name="All", rule=TO_EVERYBODY)
    with pytest.raises(DomainError):
        actions.save_segment(actor=keeper, name=" ", rule=TO_EVERYBODY)
    row = actions.save_segment(actor=keeper, name="All", rule=TO_EVERYBODY)
    with pytest.raises(DomainError):
        actions.save_segment(actor=keeper, name="All", rule=TO_EVERYBODY)
    actions.save_segment(actor=keeper, name="Everybody", rule=TO_EVERYBODY, segment=row, version=1)
    with pytest.raises(StaleObject):
        actions.save_segment(actor=keeper, name="Nobody", rule=TO_EVERYBODY, segment=row, version=1)
    with pytest.raises(Segment.DoesNotExist):
        actions.save_segment(actor=rival, name="Mine", rule=TO_EVERYBODY, segment=row)
    mailing = MailingFactory(organisation=keeper.organisation, segment=row)
    with pytest.raises(DomainError):
        actions.delete_segment(actor=keeper, segment=row)
    mailing.delete()
    actions.delete_segment(actor=keeper, segment=row)
    assert not Segment.objects.exists()


def test_a_segment_is_one_query_that_holds_no_list(sender, people, django_assert_num_queries):
    row = SegmentFactory(organisation=sender)
    with django_assert_num_queries(1):
        assert contacts_of(row).count() == 3
    ContactFactory(organisation=sender)
    assert contacts_of(row).count() == 4
    row.rule = {}
    assert not contacts_of(row).exists(), "an empty rule holds for nobody"


def test_the_editor_counts_while_one_builds_and_stores_nothing(page, people):
    address = reverse("audiences:segment_new")
    assert page.get(address).status_code == 200
    said = {"r0-join": "all", "r0g0-join": "all", "r0g0c0-field": "tag", "r0g0c0-op": "meets", "r0g0c0-value": "b"}
    answer = page.post(address, {**said, "act": "count"}, headers={"HX-Request": "true"}).content.decode()
    assert "2 contacts" in answer
    assert "Bob" in answer
    assert not Segment.objects.exists()
    more = page.post(address, {**said, "act": "add:0:0"}).content.decode()
    assert "r0g0c1-field" in more
    nameless = page.post(address, {**said, "name": ""})
    assert nameless.status_code == 422 and 'id="segment-name_error"' in nameless.content.decode()
    empty = page.post(address, {**said, "r0g0c0-value": "", "name": "With b"}).content.decode()
    assert "Tags: write a value that it can have." in empty and "“Segment”" not in empty and 'value="With b"' in empty
    row_url = page.post(address, {**said, "name": "With b"})["Location"]
    assert "2 contacts" in page.get(row_url).content.decode()
    assert "With b" in page.get(reverse("audiences:segments")).content.decode()
    assert page.post(reverse("audiences:segment_delete", args=[Segment.objects.get().pk])).status_code == 302


def test_pages_of_segments_cost_the_same_for_one_and_for_three(page, sender):
    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            assert page.get(address).status_code == 200
        return len(queries)

    row = SegmentFactory(organisation=sender)
    ContactFactory(organisation=sender)
    for each in (reverse("audiences:segments"), row.get_absolute_url()):
        cost(each)
    first = [cost(each) for each in (reverse("audiences:segments"), row.get_absolute_url())]
    SegmentFactory.create_batch(2, organisation=sender)
    ContactFactory.create_batch(2, organisation=sender)
    assert [cost(each) for each in (reverse("audiences:segments"), row.get_absolute_url())] == first
    assert Contact.objects.count() == 3
