"""Rows of people and partnerships for tests."""

import hashlib
import secrets
from datetime import timedelta

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.utils.timezone import now

from core.models import TrailEntry
from partners.models import Agreement, Invitation, Programme, ServiceAccount, ServiceKey, Tier
from tests.factories import MembershipFactory, OrganisationFactory, RoleFactory, UserFactory


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    vendor = factory.SubFactory(OrganisationFactory)
    name = "Programme"


class TierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tier

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence("Tier {:05d}".format)
    rank = factory.Sequence(int)


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agreement

    vendor = factory.SubFactory(OrganisationFactory)
    version = 1
    title = "Partner agreement"
    text = "We sell, you resell."
    published_at = factory.LazyFunction(now)


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence("invited{:05d}@example.test".format)
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: now() + timedelta(days=14))

    @factory.lazy_attribute
    def nonce(self):
        return secrets.token_urlsafe(16)

    @factory.lazy_attribute
    def token_sha256(self):
        return hashlib.sha256(Invitation(nonce=self.nonce).token.encode()).hexdigest()

    @factory.post_generation
    def roles(self, create, extracted):
        if create and extracted:
            self.roles.set(extracted)


class ServiceAccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceAccount

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("ERP {:05d}".format)
    role = factory.LazyAttribute(lambda account: RoleFactory(organisation=account.organisation))


def key_for(account, *, days=30, **fields):
    """A live key of the account: the row and the key itself."""
    secret = f"flr_{secrets.token_urlsafe(32)}"
    row = ServiceKey.objects.create(
        account=account,
        prefix=secret[:12],
        key_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=now() + timedelta(days=days),
        **fields,
    )
    return row, secret


def administrator(organisation):
    """A member with the administrator's role."""
    role = organisation.roles.filter(preset="administrator").first() or RoleFactory(
        organisation=organisation, preset="administrator", name="Administrator"
    )
    return MembershipFactory(organisation=organisation, roles=[role])


def with_address(user, email=None):
    """A verified address of the person."""
    EmailAddress.objects.create(user=user, email=email or user.email, verified=True, primary=email is None)
    return user


def with_second_factor(user):
    """An authenticator app of the person; returns its secret."""
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    return secret


def last(verb):
    """The latest entry of the trail with that verb."""
    return TrailEntry.objects.filter(verb=verb).latest("pk")
