"""Rows for tests: each factory makes a whole, valid neighbourhood, with data that could leak."""

import factory

from partners.capabilities import preset_codes
from partners.models import Membership, Organisation, Partnership, Role, User


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence("Organisation {}".format)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence("person{}@example.test".format)
    name = factory.Sequence("Person {}".format)


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Role

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Role {}".format)
    preset = ""
    capabilities = factory.LazyAttribute(lambda role: preset_codes(role.preset) if role.preset else [])


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)

    @factory.post_generation
    def roles(self, create, extracted):
        if create and extracted:
            self.roles.set(extracted)


class PartnershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partnership

    vendor = factory.SubFactory(OrganisationFactory)
    partner = factory.SubFactory(OrganisationFactory)
    state = Partnership.State.ACTIVE
