"""How every action reads a deal before it decides, and writes it after."""

from core.errors import StaleObject
from deals.models import Deal
from partners.actors import Actor


def locked(actor: Actor, deal: Deal, version: int | None = None) -> Deal:
    """The deal read anew under lock. Raises DoesNotExist for strangers, StaleObject when `version` is not current."""
    rows = Deal.objects.visible_to(actor).select_for_update(of=("self",))
    found = rows.select_related("vendor", "partner", "partnership__tier", "type").get(pk=deal.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


def write(deal: Deal, *fields: str) -> None:
    """Save these columns, and count the version."""
    deal.version += 1
    deal.save(update_fields=[*fields, "version"])
