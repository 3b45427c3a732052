"""Every entry of the trail passes here: what an endpoint chose and may know is owed to it."""

from django.db import transaction

from core.audit import subscribe
from core.models import TrailEntry, TrailReader
from inbox.webhooks.catalogue import OWN, may_hear
from inbox.webhooks.models import WebhookDelivery, WebhookEndpoint
from inbox.webhooks.payload import payload_of


@subscribe("*")
def owe(entry: TrailEntry) -> None:
    """Owe the entry once to each endpoint that hears it, in the transaction that marks the entry delivered."""
    if entry.verb.startswith(f"{OWN}."):
        return
    readers = TrailReader.objects.filter(entry=entry).values("organisation")
    rows = WebhookEndpoint.objects.filter(active=True, organisation__in=readers).select_related("account__role")
    mine = [row for row in rows.select_related("account__organisation", "account__role") if row.hears(entry.verb)]
    hearing = [endpoint for endpoint in mine if may_hear(endpoint, entry)]
    if not hearing:
        return
    payload = payload_of(entry)
    for endpoint in hearing:
        WebhookDelivery.objects.get_or_create(
            endpoint=endpoint,
            entry=entry,
            defaults={
                "organisation_id": endpoint.organisation_id,
                "verb": entry.verb,
                "target": entry.target,
                "target_id": entry.target_id,
                "title": entry.title,
                "payload": payload,
            },
        )
    wake([endpoint.pk for endpoint in hearing])


def wake(endpoint_ids: list[int]) -> None:
    """Have what these endpoints are owed sent once the transaction commits."""
    from inbox.webhooks.tasks import send_to

    for pk in endpoint_ids:
        transaction.on_commit(lambda pk=pk: send_to.enqueue(pk), robust=True)  # type: ignore[misc]
