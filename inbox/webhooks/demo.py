"""The demo's webhooks: a partner's CRM that hears of its deals, with a night in which it was down."""

from datetime import timedelta
from typing import Any

from core.models import TrailEntry
from core.vault import seal
from inbox.webhooks import signing
from inbox.webhooks.catalogue import may_hear
from inbox.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from inbox.webhooks.payload import payload_of

# Whoever tries the example receiver of the documentation finds it called: it listens on this port.
RECEIVER = "http://localhost:9000/filiera"
WEEKS = timedelta(days=14)
MOST = 40
State = WebhookDelivery.State


def fill(world: Any) -> None:
    """One endpoint that works, with its last deliveries, and one that was switched off."""
    crm = _endpoint(world, "brenta", "CRM", RECEIVER, ["deal.*", "order.accepted"])
    old = _endpoint(world, "aurora", "Data warehouse", "https://warehouse.aurora.example/hook", ["deal.*", "order.*"])
    old.active, old.off_because = False, "It failed for five days."
    old.save(update_fields=["active", "off_because"])
    _deliver(world, crm)


def _endpoint(world: Any, org: str, description: str, url: str, events: list[str]) -> WebhookEndpoint:
    """As its integrator would have made it, with the eyes of the company's ERP account."""
    account = world.accounts.get(org) or next(iter(world.accounts.values()))
    actor = world.actor(org, "integration")
    endpoint = WebhookEndpoint.objects.create(
        organisation=world.orgs[org],
        account=account if account.organisation_id == world.orgs[org].pk else _account(world, org),
        description=description,
        url=url,
        events=events,
        sealed=seal({"secret": signing.new_secret()}),
        made_by=actor.user,
        created=world.now - WEEKS,
    )
    world.trail(actor, "webhook.made", endpoint, endpoint.created, parties=(), url=url, events=events)
    return endpoint


def _account(world: Any, org: str) -> Any:
    other = next(iter(world.accounts.values()))
    role = world.membership(org, "integration").roles.first()
    return type(other).objects.create(organisation=world.orgs[org], name="Integration", role=role)


def _deliver(world: Any, endpoint: WebhookEndpoint) -> None:
    """The last two weeks: most arrived at once, some after a failure, one was given up."""
    heard = TrailEntry.objects.filter(created__gte=endpoint.created, readers__organisation=endpoint.organisation_id)
    told = [entry for entry in heard.order_by("-created", "-pk")[: MOST * 4] if may_hear(endpoint, entry)][:MOST]
    for number, entry in enumerate(sorted(told, key=lambda each: (each.created, each.pk))):
        outcome = "given_up" if number == 2 else "late" if number % 9 == 4 else "sent"
        _delivery(world, endpoint, entry, outcome)
    endpoint.sent_at = max((entry.created for entry in told), default=None)
    endpoint.save(update_fields=["sent_at"])


def _delivery(world: Any, endpoint: WebhookEndpoint, entry: TrailEntry, outcome: str) -> None:
    failures = {"sent": 0, "late": 2, "given_up": 8}[outcome]
    sent = outcome != "given_up"
    row = WebhookDelivery.objects.create(
        organisation=endpoint.organisation,
        endpoint=endpoint,
        entry=entry,
        verb=entry.verb,
        target=entry.target,
        target_id=entry.target_id,
        title=entry.title,
        payload=payload_of(entry),
        state=State.SENT if sent else State.GIVEN_UP,
        tries=failures + sent,
        created=entry.created,
        sent_at=entry.created + timedelta(minutes=3 * failures, seconds=1) if sent else None,
    )
    tries = [(503, "<h1>Service Unavailable</h1>")] * failures + [(200, '{"received": true}')] * sent
    WebhookAttempt.objects.bulk_create(
        WebhookAttempt(
            delivery=row,
            started_at=entry.created + timedelta(minutes=3 * position, seconds=1),
            milliseconds=world.rng.randint(40, 900),
            status=status,
            answer=answer,
        )
        for position, (status, answer) in enumerate(tries)
    )
