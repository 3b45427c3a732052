"""Contacts in a whole neighbourhood: an organisation, tags, consent; with a name in every field that could leak."""

import factory
from django.utils.timezone import now

from audiences.models import Consent, Contact, Mailing, Segment
from tests.factories import OrganisationFactory

TO_EVERYBODY = {
    "join": "all",
    "groups": [{"join": "all", "conditions": [{"field": "email", "op": "filled", "value": None}]}],
}


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Xaver Quandt {:05d}".format)
    email = factory.Sequence("xaver{:05d}@zirkonia.example".format)
    phone = "+49 221 5550123"
    company = "Zirkonia Werke"
    country = "DE"
    language = "de"


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    contact = factory.SubFactory(ContactFactory)
    purpose = "news"
    source = "Stand 12"
    wording = "You may write to me."
    given_at = factory.LazyFunction(now)


class SegmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Segment

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Segment {:05d}".format)
    rule = TO_EVERYBODY


class MailingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mailing

    organisation = factory.SubFactory(OrganisationFactory)
    segment = factory.SubFactory(SegmentFactory, organisation=factory.SelfAttribute("..organisation"))
    subject = "Kept among ourselves"
    body = "Dear {{first_name}}, look at [the pump](https://aurora.example/pump)."
    sender_name = "Aurora Pumps"
