"""How every action reads a deal before it decides, and writes it after."""

from django.utils.timezone import now

from core.errors import StaleObject
from deals.actions.filing import refile
from deals.models import Deal
from partners.actors import Actor

# Columns that no partner is ever shown.
VENDORS_OWN = frozenset({"owner"})


def locked(actor: Actor, deal: Deal, version: int | None = None) -> Deal:
    """The deal read anew under lock. Raises DoesNotExist for strangers, StaleObject when `version` is not current."""
    rows = Deal.objects.visible_to(actor).select_for_update(of=("self",))
    found = rows.select_related("vendor", "partner", "partnership__tier", "type", "type_version").get(pk=deal.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


def write(deal: Deal, *fields: str) -> None:
    """Save these columns, count the version and note the time.

    What is the vendor's own does neither: the partner would see by the version, the ETag or `updated_since` that
    something happened to its deal behind its back. The index of keys follows the state.
    """
    if fields and VENDORS_OWN.issuperset(fields):
        deal.save(update_fields=fields)
        return
    deal.version += 1
    deal.updated_at = now()
    deal.save(update_fields=[*fields, "version", "updated_at"])
    if "state" in fields:
        refile(deal)
