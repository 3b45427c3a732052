"""Who is told of what happens to people and partnerships (these live below the inbox, so their rules live here)."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import TrailEntry, TrailReader
from inbox.rules import holders, notify
from partners.models import Membership

KIND = "partners"


def _readers(entry: TrailEntry) -> set[int]:
    return set(TrailReader.objects.filter(entry=entry).values_list("organisation_id", flat=True))


def _administrators(entry: TrailEntry) -> Iterable[Membership]:
    return holders([entry.organisation_id], "members.manage")


def _managers(entry: TrailEntry) -> Iterable[Membership]:
    """Whoever manages partnerships in the other company."""
    return holders(_readers(entry) - {entry.organisation_id}, "partnerships.manage")


def _both(entry: TrailEntry) -> Iterable[Membership]:
    return holders(_readers(entry), "partnerships.manage")


def _themselves(entry: TrailEntry) -> Iterable[Membership]:
    return Membership.objects.live().select_related("organisation").filter(pk=entry.target_id)


def _person(entry: TrailEntry) -> str:
    return reverse("partners:person", args=[entry.target_id])


def _partnership(entry: TrailEntry) -> str:
    return reverse("partners:partnership", args=[entry.target_id])


def _version(entry: TrailEntry) -> str:
    return reverse("partners:version", args=[entry.target_id])


notify("member.joined", to=_administrators, url=_person, kind=KIND)
notify("member.roles_changed", to=_themselves, url=_person, kind=KIND)
notify("partnership.accepted", to=_managers, url=_partnership, kind=KIND)
notify("partnership.applied", to=_managers, url=_partnership, kind=KIND, action=_("Review"), urgent=True)
notify("partnership.reviewed", to=_managers, url=_partnership, kind=KIND)
notify("partnership.activated", to=_both, url=_partnership, kind=KIND)
for verb in ("suspended", "resumed", "ended", "declined"):
    notify(f"partnership.{verb}", to=_managers, url=_partnership, kind=KIND, urgent=True)
notify("partnership.terms_changed", to=_managers, url=_partnership, kind=KIND)
notify("agreement.published", to=_managers, url=_version, kind=KIND, action=_("Read and accept"), urgent=True)
notify("agreement.accepted", to=_managers, url=_partnership, kind=KIND)
