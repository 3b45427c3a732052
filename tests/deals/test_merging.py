"""One's own end customers, typed twice: found, merged, parted again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.errors import DomainError
from core.models import TrailEntry
from deals import actions
from deals.actions.merging import alike_customers
from deals.models import Contact, EndCustomer, ToldContact
from tests.deals.factories import DealFactory, EndCustomerFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
VAT = "IT00743110157"


@pytest.fixture
def pair(act_for):
    """The row that stays, the row that goes, a deal of the latter, and who keeps the customers."""
    gone = EndCustomerFactory(name="Acquedotto del Sele", vat=VAT, city="Salerno")
    deal = DealFactory(partnership__partner=gone.organisation, customer=gone, customer_name="As it was typed")
    keep = EndCustomerFactory(organisation=gone.organisation, name="Acquedotto Sele S.p.A.", vat="", city="Eboli")
    return keep, gone, deal, act_for(gone.organisation, "deals.view", "customers.manage")


def person(customer, **values):
    return Contact.objects.create(organisation=customer.organisation, customer=customer, **values)


def test_deals_and_contacts_follow_and_gaps_are_filled(pair):
    keep, gone, deal, me = pair
    who = person(gone, name="Ada Ferri")
    entry = actions.merge_customers(actor=me, keep=keep, gone=gone)
    for row in (keep, deal, who):
        row.refresh_from_db()
    assert deal.customer == who.customer == keep
    assert (keep.vat, keep.city, deal.customer_name) == (VAT, "Eboli", "As it was typed")
    assert not EndCustomer.objects.filter(pk=gone.pk).exists()
    assert set(entry.readers.values_list("organisation", flat=True)) == {keep.organisation_id}


def test_undone_all_is_as_it_was(pair):
    keep, gone, deal, me = pair
    who = person(gone, name="Ada Ferri")
    entry = actions.merge_customers(actor=me, keep=keep, gone=gone)
    back = actions.unmerge_customers(actor=me, customer=keep, entry=entry)
    for row in (keep, deal, who):
        row.refresh_from_db()
    assert (back.pk, back.name, back.vat, back.name_key) == (gone.pk, gone.name, VAT, gone.name_key)
    assert deal.customer == who.customer == back
    assert keep.vat == ""


def test_undone_twice_is_refused(pair):
    keep, gone, _deal, me = pair
    entry = actions.merge_customers(actor=me, keep=keep, gone=gone)
    actions.unmerge_customers(actor=me, customer=keep, entry=entry)
    with pytest.raises(DomainError):
        actions.unmerge_customers(actor=me, customer=keep, entry=entry)
    assert EndCustomer.objects.count() == 2


def test_what_was_changed_since_stays(pair):
    keep, gone, deal, me = pair
    entry = actions.merge_customers(actor=me, keep=keep, gone=gone)
    third = EndCustomerFactory(organisation=keep.organisation)
    type(deal).objects.filter(pk=deal.pk).update(customer=third)
    actions.save_customer(actor=me, customer=keep, fields={"vat": "IT02345670232"})
    actions.unmerge_customers(actor=me, customer=keep, entry=entry)
    deal.refresh_from_db()
    keep.refresh_from_db()
    assert (deal.customer, keep.vat) == (third, "IT02345670232")


def test_contacts_with_one_address_become_one_and_two_again(pair):
    keep, gone, deal, me = pair
    mine = person(keep, name="A. Ferri", email="ada@sele.example", note="Calls back.")
    other = person(gone, name="Ada Ferri", email="ada@sele.example", role="Buyer", note="Likes figures.")
    told = ToldContact.objects.create(deal=deal, vendor=deal.vendor, partner=deal.partner, contact=other)
    entry = actions.merge_customers(actor=me, keep=keep, gone=gone)
    one = keep.contacts.get()
    assert (one, one.role, one.note) == (mine, "Buyer", "Calls back.\nLikes figures.")
    told.refresh_from_db()
    assert told.contact == mine
    assert "ada@sele.example" not in str(entry.data)
    back = actions.unmerge_customers(actor=me, customer=keep, entry=entry)
    told.refresh_from_db()
    assert (told.contact.name, told.contact.email, told.contact.customer) == ("Ada Ferri", "ada@sele.example", back)
    assert mine.told.count() == 0


def test_merged_again_or_with_itself(pair):
    keep, gone, _deal, me = pair
    with pytest.raises(DomainError):
        actions.merge_customers(actor=me, keep=keep, gone=keep)
    actions.merge_customers(actor=me, keep=keep, gone=EndCustomer.objects.get(pk=gone.pk))
    with pytest.raises(EndCustomer.DoesNotExist):
        actions.merge_customers(actor=me, keep=keep, gone=gone)
    assert TrailEntry.objects.filter(verb="customer.merged").count() == 1


def test_only_ones_own_and_only_who_may(pair, act_for):
    keep, gone, deal, me = pair
    foreign = EndCustomerFactory()
    for one, other in ((keep, foreign), (foreign, keep)):
        with pytest.raises(EndCustomer.DoesNotExist):
            actions.merge_customers(actor=me, keep=one, gone=other)
    reader = act_for(keep.organisation, "deals.view")
    with pytest.raises(PermissionDenied):
        actions.merge_customers(actor=reader, keep=keep, gone=gone)
    entry = actions.merge_customers(actor=me, keep=keep, gone=gone)
    with pytest.raises(PermissionDenied):
        actions.unmerge_customers(actor=reader, customer=keep, entry=entry)
    for who in (OrganisationFactory(), deal.vendor):
        with pytest.raises(EndCustomer.DoesNotExist):
            actions.unmerge_customers(actor=act_for(who, "customers.manage"), customer=keep, entry=entry)
    third = EndCustomerFactory(organisation=keep.organisation)
    with pytest.raises(TrailEntry.DoesNotExist):
        actions.unmerge_customers(actor=me, customer=third, entry=entry)


def test_who_may_be_the_same_is_found(pair):
    keep, gone, _deal, me = pair
    mother = keep.organisation
    by_domain = EndCustomerFactory(organisation=mother, name="Sele Acque", domain="sele.example", vat="", country="DE")
    EndCustomer.objects.filter(pk=keep.pk).update(domain="sele.example")
    EndCustomerFactory(organisation=mother, name="Comune di Verona", vat="")
    EndCustomerFactory(name="Acquedotto Sele S.p.A.", vat="")
    keep.refresh_from_db()
    found = alike_customers(me, keep)
    assert [row for row, _score in found] == [by_domain, gone]
    assert found[0][1] == 100
    EndCustomer.objects.filter(pk=keep.pk).update(vat="IT02345670232")
    keep.refresh_from_db()
    assert gone not in [row for row, _score in alike_customers(me, keep)]


def test_on_the_page(pair, sign_in):
    keep, gone, deal, _me = pair
    client = sign_in(keep.organisation, "deals.view", "customers.manage")
    page = reverse("deals:customer", args=[keep.pk])
    assert gone.name in client.get(page).text
    said = client.post(reverse("deals:customer_merge", args=[keep.pk]), {"gone": gone.pk}, follow=True)
    entry = TrailEntry.objects.get(verb="customer.merged")
    undo = reverse("deals:customer_part", args=[keep.pk, entry.pk])
    assert undo in said.text and "Merged" in said.text
    assert client.post(undo, follow=True).status_code == 200
    assert EndCustomer.objects.get(pk=gone.pk).deals.get() == deal
    assert undo not in client.get(page).text
    foreign = EndCustomerFactory()
    for chosen in (foreign.pk, 99_999_999, "x", "9" * 40, ""):
        assert client.post(reverse("deals:customer_merge", args=[keep.pk]), {"gone": chosen}).status_code == 404
    assert client.post(reverse("deals:customer_part", args=[keep.pk, 99_999_999])).status_code == 404
    reader = sign_in(keep.organisation, "deals.view")
    assert "Look alike" not in reader.get(page).text
    assert reader.post(reverse("deals:customer_merge", args=[keep.pk]), {"gone": gone.pk}).status_code == 403
