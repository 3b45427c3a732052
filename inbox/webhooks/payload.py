"""What is posted: what happened, when and to which record. Thin on purpose: details are fetched through the API, where
rights are checked anew."""

import json
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.timezone import now

from core.models import TrailEntry
from inbox.webhooks.catalogue import TEST
from inbox.webhooks.models import WebhookEndpoint
from partners.models import Organisation


def payload_of(entry: TrailEntry) -> str:
    """The body about an entry of the trail: type, timestamp and data, as Standard Webhooks recommends."""
    data = {
        "organisation": {"id": entry.organisation_id, "name": entry.organisation.name},
        "record": {"type": entry.target, "id": entry.target_id, "title": entry.title},
        "link": link_of(entry),
    }
    if entry.verb.startswith("message.") and "seq" in entry.data:
        data["message"] = {"id": entry.data["seq"]}
    return _text(entry.verb, entry.created, data)


def payload_outright(
    verb: str, organisation: Organisation, thing: dict[str, Any], path: str, more: dict[str, Any]
) -> str:
    """The body about an event that is no entry of the trail, of the same shape."""
    by = {"id": organisation.pk, "name": organisation.name}
    return _text(verb, now(), {"organisation": by, "record": thing, "link": settings.BASE_URL + path, **more})


def test_payload(endpoint: WebhookEndpoint) -> str:
    """The body of a test."""
    link = settings.BASE_URL + endpoint.get_absolute_url()
    organisation = {"id": endpoint.organisation_id, "name": endpoint.organisation.name}
    return _text(TEST, now(), {"organisation": organisation, "record": None, "link": link})


def link_of(entry: TrailEntry) -> str:
    """The page of the record, empty where there is none (any more)."""
    model = apps.get_model(entry.target)
    if not hasattr(model, "get_absolute_url"):
        return ""
    row = model._base_manager.filter(pk=entry.target_id).first()
    return settings.BASE_URL + row.get_absolute_url() if row is not None else ""


def _text(verb: str, moment: datetime, data: dict[str, Any]) -> str:
    """JSON in ASCII, so that no character set stands between the bytes and their signature."""
    stamp = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": verb, "timestamp": stamp, "data": data})
