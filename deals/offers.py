"""Which types of registration a vendor offers to one partnership. The rows are the vendor's own; a partner reaches
them through here, and only for a partnership that it is a party to."""

from collections.abc import Iterable

from django.db.models import QuerySet

from deals.models import RegistrationType
from partners.actors import Actor
from partners.models import Partnership


def is_offered(type_: RegistrationType, partnership: Partnership) -> bool:
    """True when this type is there for this partnership. The default one is there for everybody."""
    if type_.vendor_id != partnership.vendor_id or type_.archived_at is not None:
        return False
    fits_kind = not type_.kinds or partnership.kind in type_.kinds
    return type_.is_default or (fits_kind and (not type_.tiers or partnership.tier_id in type_.tiers))


def types_for(partnership: Partnership) -> list[RegistrationType]:
    """The types offered, in the vendor's order, the default one first; it is made when the vendor never set one."""
    RegistrationType.objects.default_of(partnership.vendor_id)
    rows = RegistrationType.objects.in_use().filter(vendor=partnership.vendor_id)
    offered = [row for row in rows if is_offered(row, partnership)]
    return sorted(offered, key=lambda row: not row.is_default)


def offered_to(actor: Actor, partnerships: Iterable[Partnership] | None = None) -> QuerySet[RegistrationType]:
    """The types that vendors offer to the actor, over the given partnerships or all active ones."""
    mine = Partnership.objects.visible_to(actor).active().filter(partner=actor.organisation.pk)
    edges = list(mine if partnerships is None else partnerships)
    rows = RegistrationType.objects.in_use().filter(vendor__in={edge.vendor_id for edge in edges})
    found = {row.pk for row in rows for edge in edges if is_offered(row, edge)}
    return RegistrationType.objects.filter(pk__in=found)
