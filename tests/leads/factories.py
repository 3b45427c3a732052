"""Leads in a whole neighbourhood: a vendor, partners, a rule; with a name in every field that could leak."""

from decimal import Decimal

import factory
from django.utils.timezone import now

from core.numbers import with_check_digit
from leads.models import Intake, Lead, LeadForm, RoutingRule
from tests.factories import OrganisationFactory, PartnershipFactory


class LeadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lead

    vendor = factory.SubFactory(OrganisationFactory)
    number = factory.Sequence(lambda n: with_check_digit("L-", 700_000 + n))
    company = factory.Sequence("Zirkonia Werke {:05d} GmbH".format)
    contact = "Xaver Quandt"
    email = factory.Sequence("xaver.quandt{:05d}@zirkonia.example".format)
    phone = "+49 221 5550123"
    website = "https://www.zirkonia.example"
    country = "DE"
    region = "Nordrhein-Westfalen"
    city = "Leverkusen"
    need = "Booster set for a hotel of twelve floors"
    message = "Please call Xaver Quandt before noon."
    product_line = "Booster sets"
    size = "50-249"
    value = Decimal("31415.00")
    campaign = "Fair in Hannover"
    score = 87
    consent_at = factory.LazyFunction(now)
    consent_source = "Stand 12"
    consent_text = "You may write to me."


class RuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoutingRule

    vendor = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Rule {:05d}".format)
    position = factory.Sequence(int)
    in_territory = False


class IntakeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Intake

    partnership = factory.SubFactory(PartnershipFactory)
    vendor = factory.SelfAttribute("partnership.vendor")


class LeadFormFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LeadForm

    vendor = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Form {:05d}".format)
    title = "Ask for an offer"
    asked = ["contact", "phone", "country", "region", "product_line", "size", "message"]
    product_lines = ["Booster sets", "Well pumps"]
    consent_text = "You may write to me about this."
