"""The demo: fill an empty database with a lively world, and say who may sign in."""

import json
from datetime import datetime, time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from partners import demo as network
from partners.models import Membership, Organisation

# Orders' catalogue comes before deals, whose lines name products; rooms come last, as they talk about the rest.
STEPS = (
    ("orders.demo", "catalogue"),
    ("deals.demo", "fill"),
    ("deals.demo_external", "fill"),
    ("orders.demo", "fill"),
    ("leads.demo", "fill"),
    ("promotions.demo", "fill"),
    ("funds.demo", "fill"),
    ("rebates.demo", "fill"),
    ("programmes.demo", "fill"),
    ("audiences.demo", "fill"),
    ("automation.demo", "fill"),
    ("campaigns.demo", "fill"),
    ("edi.demo", "fill"),
    ("insights.demo", "fill"),
    ("forums.demo", "fill"),
    ("chat.demo", "fill"),
    ("inbox.demo", "fill"),
    ("inbox.webhooks.demo", "fill"),
)


def is_filled() -> bool:
    """True when there is any organisation: the demo never touches data that is there."""
    return Organisation.objects.exists()


@transaction.atomic
def fill(seed: int = 2026, today: datetime | None = None) -> network.World:
    """Build the whole demo world; the same seed on the same day gives the same world."""
    now = today or timezone.make_aware(datetime.combine(timezone.localdate(), time(9)))
    world = network.build(seed, min(now, timezone.now()))
    for module, function in STEPS:
        if find_spec(module) is not None:
            getattr(import_module(module), function)(world)
    return world


def access(base_url: str, keys: list[dict[str, str]]) -> dict[str, Any]:
    """The sign-in list: base_url, users (email, password, organisation, roles) and api_keys."""
    seats = Membership.objects.select_related("user", "organisation").prefetch_related("roles").order_by("pk")
    users = [
        {
            "email": seat.user.email,
            "password": network.PASSWORD,
            "organisation": seat.organisation.name,
            "roles": sorted(role.name for role in seat.roles.all()),
        }
        for seat in seats
    ]
    return {"base_url": base_url, "users": users, "api_keys": keys}


def write_access(path: Path, base_url: str, keys: list[dict[str, str]] | None) -> dict[str, Any]:
    """Write the sign-in list for people and scripts; keys are known only when the world was just made, so kept."""
    if keys is None:
        keys = json.loads(path.read_text())["api_keys"] if path.exists() else []
    found = access(base_url, keys)
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return found
