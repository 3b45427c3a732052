"""Events that are no entries of the trail, as there are too many of them: messages.

They are owed outright, in the transaction of the change itself. Where nobody listens that costs one look-up; where
somebody does, one row for each endpoint. Everything after that (signing, tries, sending again) is as for other events.
"""

from typing import Any

from django.db.models import Model, QuerySet

from core.scoping import ScopedModel
from inbox.webhooks.catalogue import eyes_of
from inbox.webhooks.models import WebhookDelivery, WebhookEndpoint
from inbox.webhooks.payload import payload_outright
from inbox.webhooks.subscribers import wake
from partners.models import Organisation


def owe_outright(
    *,
    verb: str,
    organisation: Organisation,
    target: Model,
    row: ScopedModel,
    parties: "set[int] | QuerySet[Any]",
    path: str,
    **data: Any,
) -> None:
    """Owe an event of `target` (a room), done by `organisation`, to the endpoints of `parties` that chose the verb and
    see `row` (the message). `path` is where it opens, `data` what is said beside the record."""
    live = WebhookEndpoint.objects.filter(active=True, organisation__in=parties)
    rows = live.select_related("account__organisation", "account__role")
    hearing = [endpoint for endpoint in rows if endpoint.hears(verb) and _sees(endpoint, row)]
    if not hearing:
        return
    label, title = target._meta.label_lower, str(target)[:200]
    payload = payload_outright(verb, organisation, {"type": label, "id": target.pk, "title": title}, path, data)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            organisation_id=endpoint.organisation_id,
            endpoint=endpoint,
            verb=verb,
            target=label,
            target_id=target.pk,
            title=title,
            payload=payload,
        )
        for endpoint in hearing
    )
    wake([endpoint.pk for endpoint in hearing])


def _sees(endpoint: WebhookEndpoint, row: ScopedModel) -> bool:
    eyes = eyes_of(endpoint)
    return eyes is not None and type(row).objects.visible_to(eyes).filter(pk=row.pk).exists()
