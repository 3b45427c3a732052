"""What every test may ask for."""

import gc
import os
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import settings

from partners.actors import Actor, actor_for
from tests import middleware, postgres
from tests.caches import forget
from tests.factories import MembershipFactory, RoleFactory

OF_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
# A build must say the same of the same code twice; at a desk chance goes on looking.
settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

middleware.install()
if connection.vendor == "postgresql":
    postgres.install()


def pytest_collection_finish(session):
    """What was loaded until here stays: memory is tidied without looking it through (a fifth of all the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


# Files that take longest come first, so that no worker begins one when the others are through.
LONG = (
    "edi/test_exchange_killed", "chat/test_faults", "deals/test_masking", "test_isolation", "inbox/test_webhooks",
    "e2e/test_pages", "e2e/test_calls",
)  # fmt: skip


def pytest_collection_modifyitems(config, items):
    """Long files first. FILIERA_ONLY_DATABASE=1 leaves out what touches no database: it says the same on each."""
    items.sort(key=lambda each: not each.nodeid.startswith(tuple(f"tests/{name}" for name in LONG)))
    if not os.environ.get("FILIERA_ONLY_DATABASE"):
        return
    pure = [each for each in items if not each.get_closest_marker("django_db") and OF_DATABASE.isdisjoint(_asks(each))]
    config.hook.pytest_deselected(items=pure)
    left_out = set(pure)
    items[:] = [each for each in items if each not in left_out]


def _asks(item):
    return getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True)
def fresh_cache():
    """Budgets and throttles of one test are not the next one's."""
    forget()


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
            filled = demo.fill(today=datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Europe/Rome")))
            # Left to the tests, PostgreSQL would look through the whole world's foreign keys after each of them anew.
            connection.check_constraints()
            yield filled
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def _member(organisation, capabilities, preset, user=None):
    role = RoleFactory(
        organisation=organisation, preset=preset, **({} if preset else {"capabilities": list(capabilities)})
    )
    extra = {"user": user} if user else {}
    return MembershipFactory(organisation=organisation, roles=[role], **extra)
