"""Rows for tests: each factory makes a whole, valid neighbourhood, with data that could leak.

Numbers in names have five digits: sorted by name, rows stand in the order in which they were made, at any count.
"""

import factory

from partners.capabilities import preset_codes
from partners.models import Membership, Organisation, Partnership, Role, User


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence("Organisation {:05d}".format)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence("person{:05d}@example.test".format)
    name = factory.Sequence("Person {:05d}".format)


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Role

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Role {:05d}".format)
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
