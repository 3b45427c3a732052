"""The people at an end customer, and which of them a vendor is told of."""

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from deals import actions
from deals.models import Contact, Deal, EndCustomer, ToldContact
from tests.deals.factories import DealFactory, EndCustomerFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal():
    deal = DealFactory()
    deal.customer = EndCustomerFactory(organisation=deal.partner)
    deal.save()
    return deal


def save(actor, customer, contact=None, **fields):
    values = fields if contact else {"name": "Giulia Ferri", **fields}
    return actions.save_contact(actor=actor, customer=customer, fields=values, contact=contact)


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("045 801 2345", "IT", "+390458012345"),
        ("+49 (0)241 8090", "IT", "+492418090"),
        ("0241 8090", "DE", "+492418090"),
        ("", "IT", ""),
    ],
)
def test_numbers_are_kept_as_the_network_dials_them(deal, seller, typed, country, kept):
    customer = EndCustomerFactory(organisation=deal.partner, country=country)
    assert save(seller(deal), customer, phone=typed).phone == kept


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"part": "boss"}, "part"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_nonsense_is_refused_at_its_field(deal, seller, fields, field):
    with pytest.raises(DomainError) as refused:
        save(seller(deal), deal.customer, **fields)
    assert refused.value.field == field
    assert not Contact.objects.exists()


def test_one_address_is_one_person(deal, seller):
    mine = seller(deal)
    first = save(mine, deal.customer, email="G.Ferri@Adige.example", role="Plant manager")
    again = save(mine, deal.customer, name="Ferri", email="g.ferri@adige.example", role="Head", phone="0458012345")
    assert again == first
    assert (again.name, again.role, again.phone) == ("Giulia Ferri", "Plant manager", "+390458012345")
    other = save(mine, deal.customer, name="Other", email="o@adige.example")
    with pytest.raises(DomainError) as refused:
        save(mine, deal.customer, contact=other, email="g.ferri@adige.example")
    assert refused.value.field == "email"
    elsewhere = EndCustomerFactory(organisation=deal.partner)
    assert save(mine, elsewhere, email="g.ferri@adige.example") != first


def test_contacts_are_their_organisations_alone(deal, seller, reviewer, act_for):
    contact = save(seller(deal), deal.customer)
    assert not Contact.objects.visible_to(reviewer(deal)).exists()
    assert not TrailEntry.objects.visible_to(reviewer(deal)).exists()
    with pytest.raises(EndCustomer.DoesNotExist):
        save(act_for(deal.vendor, "customers.manage"), deal.customer)
    with pytest.raises(PermissionDenied):
        save(act_for(deal.partner, "deals.view"), deal.customer)
    with pytest.raises(PermissionDenied):
        actions.delete_contact(actor=act_for(deal.partner, "deals.view"), contact=contact)


def test_the_partner_chooses_whom_the_vendor_is_told_of(deal, seller, reviewer, act_for):
    mine, vendor = seller(deal), reviewer(deal)
    contact = save(mine, deal.customer)
    for _ in range(2):
        actions.tell_contact(actor=mine, deal=deal, contact=contact)
    assert [told.contact for told in ToldContact.objects.visible_to(vendor)] == [contact]
    assert TrailEntry.objects.visible_to(vendor).filter(verb="contact.told").count() == 1
    with pytest.raises(PermissionDenied):
        actions.tell_contact(actor=vendor, deal=deal, contact=contact)
    with pytest.raises(Deal.DoesNotExist):
        actions.tell_contact(actor=act_for(OrganisationFactory(), "deals.register"), deal=deal, contact=contact)
    actions.untell_contact(actor=mine, deal=deal, contact=contact)
    assert not ToldContact.objects.visible_to(vendor).exists()


def test_only_people_of_the_customer_of_an_open_deal_are_told(deal, seller):
    mine = seller(deal)
    other = save(mine, EndCustomerFactory(organisation=deal.partner))
    with pytest.raises(DomainError, match="not at the customer"):
        actions.tell_contact(actor=mine, deal=deal, contact=other)
    contact = save(mine, deal.customer)
    Deal.objects.filter(pk=deal.pk).update(state="lost")
    with pytest.raises(InvalidTransition):
        actions.tell_contact(actor=mine, deal=deal, contact=contact)
