"""The demo's CRMs: by which keys some companies' own systems know their deals, and when each deal changed last."""

from typing import Any

from core.audit import DESCRIPTIONS
from core.models import TrailEntry
from deals.models import Deal, ExternalId

# Which company's system names its deals, and how its keys look.
SYSTEMS = {"brenta": ("crm", "0065g00000{:05d}AAQ"), "aurora": ("salesforce", "OPP-{:06d}")}


def fill(world: Any) -> None:
    """Give two companies' deals the keys of their CRMs, and every deal the time of its last event."""
    deals = list(Deal.objects.order_by("pk"))
    shared = [verb for verb, each in DESCRIPTIONS.items() if each.capability == "deals.view"]
    last = dict(
        TrailEntry.objects.filter(target="deals.deal", verb__in=shared)
        .order_by("created")
        .values_list("target_id", "created")
    )
    for deal in deals:
        deal.updated_at = last.get(deal.pk, deal.created)
    Deal.objects.bulk_update(deals, ["updated_at"], batch_size=100)
    ExternalId.objects.bulk_create(row for deal in deals for row in _keys_of(world, deal))


def _keys_of(world: Any, deal: Deal) -> list[ExternalId]:
    found = []
    for key, (system, shape) in SYSTEMS.items():
        mine = world.orgs[key].pk
        sees = deal.partner_id == mine or (deal.vendor_id == mine and deal.state != Deal.State.DRAFT)
        if sees and deal.pk % 3:
            value = shape.format(deal.pk)
            found.append(ExternalId(organisation_id=mine, deal=deal, system=system, value=value, created=deal.created))
    return found
