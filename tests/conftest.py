"""What every test may ask for."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from partners.actors import Actor, actor_for
from tests.factories import MembershipFactory, RoleFactory


@pytest.fixture(autouse=True)
def fresh_cache():
    """Budgets and throttles of one test are not the next one's."""
    cache.clear()


@pytest.fixture
def act_for(db):
    """Build an actor: `act_for(organisation, "deals.register", …)` or `act_for(organisation, preset="sales")`."""

    def build(organisation, *capabilities: str, preset: str = "", via: str = "web") -> Actor:
        membership = _member(organisation, capabilities, preset)
        actor = actor_for(membership.user, organisation.pk, via)
        assert actor is not None
        return actor

    return build


@pytest.fixture
def sign_in(db):
    """A new client signed in for an organisation with these capabilities: `sign_in(organisation, "deals.view")`."""

    def build(organisation, *capabilities: str, preset: str = "", user=None) -> Client:
        membership = _member(organisation, capabilities, preset, user)
        client = Client()
        client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.user = membership.user
        return client

    return build


@pytest.fixture(scope="module")
def demo_world(django_db_setup, django_db_blocker):
    """The whole demo, rolled back after the module: a rich world of data that could leak."""
    from portal import demo

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield demo.fill(today=datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Europe/Rome")))
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def _member(organisation, capabilities, preset, user=None):
    role = RoleFactory(
        organisation=organisation, preset=preset, **({} if preset else {"capabilities": list(capabilities)})
    )
    extra = {"user": user} if user else {}
    return MembershipFactory(organisation=organisation, roles=[role], **extra)
