"""Two companies that work together, a stranger, and a rule that proposes to tell everybody: what can leak, would."""

from types import SimpleNamespace

import pytest

from core import audit
from core.audit import Description, fan_out, record
from inbox import frames, rules
from inbox.rules import Kind, Rule
from partners.models import Membership
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory

VERB = "partnership.tested"
KIND = "tests"


@pytest.fixture
def frames_sent(monkeypatch):
    """(group, frame) of everything that would go to sockets, functions rendered in the active language."""
    sent = []
    monkeypatch.setattr(frames, "broadcast", lambda group, f: sent.append((group, f() if callable(f) else f)))
    return sent


@pytest.fixture
def rule(monkeypatch):
    """Add a rule for the test: `rule(urgent=True, capability="deals.view")`; it proposes every membership there is."""

    def add(verb=VERB, kind=KIND, **options):
        capability = options.pop("capability", "")
        monkeypatch.setitem(rules.KINDS, kind, Kind(kind, "Tests", "What tests tell."))
        monkeypatch.setitem(
            audit.DESCRIPTIONS, verb, Description("%(actor)s tested %(title)s: %(note)s", "good", capability)
        )
        made = Rule(
            verb=verb,
            kind=kind,
            to=options.pop("to", lambda entry: Membership.objects.all()),
            url=lambda entry: f"/there/{entry.target_id}/",
            action="Look",
            **options,
        )
        monkeypatch.setitem(rules.RULES, (verb, kind), made)
        return made

    return add


@pytest.fixture
def world(db, frames_sent):
    """vendor and partner with a member each (and the partner a colleague), joined by a partnership; and a stranger."""
    partnership = PartnershipFactory()

    def member(organisation, **user):
        role = RoleFactory(organisation=organisation, capabilities=["partnerships.view", "trail.view"])
        return MembershipFactory(organisation=organisation, roles=[role], **user)

    return SimpleNamespace(
        partnership=partnership,
        vendor=member(partnership.vendor),
        partner=member(partnership.partner),
        colleague=member(partnership.partner),
        stranger=member(OrganisationFactory()),
    )


@pytest.fixture
def happens(django_capture_on_commit_callbacks):
    """Record the verb as a membership does it, and have it delivered: `happens(world.vendor, world.partnership)`."""
    from partners.actors import acting

    def act(membership, target, verb=VERB, parties=None, **data):
        actor = acting(membership, "web")
        with django_capture_on_commit_callbacks(execute=True):
            entry = record(actor=actor, verb=verb, target=target, parties=parties, **data)
        with django_capture_on_commit_callbacks(execute=True):
            fan_out.call(entry.pk)
        return entry

    return act


@pytest.fixture
def signed_in(client):
    """The client, signed in as the person of a membership."""

    def enter(membership):
        client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return enter
