"""Rows of the isolation table: standings and certificates are shared, tiers are the vendor's alone."""

from typing import Any

from django.core.files.base import ContentFile

from partners.models import Tier
from programmes.models import Certification, Standing

ROUTES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "programmes:standing": ("get", "standing", {}),
    "programmes:fix": ("post", "standing", {}),
    "programmes:free": ("post", "standing", {}),
    "programmes:tier": ("get", "standing_tier", {}),
    "programmes:certification": ("get", "certification", {}),
    "programmes:certification_confirm": ("post", "certification", {}),
    "programmes:certification_refuse": ("post", "certification", {}),
    "programmes:certification_withdraw": ("post", "certification", {}),
    "programmes:certification_file": ("get", "certification", {}),
    "api:standing-detail": ("get", "standing", {}),
    "api:standing-history": ("get", "standing", {}),
    "api:standing-fix": ("post", "standing", {}),
    "api:standing-free": ("post", "standing", {}),
    "api:certification-detail": ("get", "certification", {}),
    "api:certification-confirm": ("post", "certification", {}),
    "api:certification-refuse": ("post", "certification", {}),
}
PRIVATE = {"standing_tier"}
WITHOUT_RECORD: dict[str, str] = {}


def records(world: Any) -> dict[str, Any]:
    """One of each kind, of Aurora and Brenta."""
    aurora, brenta = world.orgs["aurora"], world.orgs["brenta"]
    return {
        "standing": Standing.objects.filter(vendor=aurora, partner=brenta).first(),
        "standing_tier": Tier.objects.filter(programme__vendor=brenta).first() or _tier(brenta),
        "certification": _certification(aurora, brenta),
    }


def _certification(vendor: Any, partner: Any) -> Certification:
    row = Certification.objects.filter(vendor=vendor, partner=partner).first()
    row.file_name, row.file_type = "kept.txt", "text/plain"
    row.file.save("kept.txt", ContentFile(b"kept"))
    return row


def _tier(vendor: Any) -> Tier:
    from partners.models import Programme

    return Tier.objects.create(programme=Programme.objects.create(vendor=vendor, name="Own"), name="One", rank=1)
