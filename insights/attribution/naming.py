"""Sources and touches by name, with the page of each, as far as the reader may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audiences.models import Mailing
from campaigns.models import Campaign
from funds.models import Fund, FundRequest
from insights.attribution.measuring import Key
from insights.attribution.models import Credit
from insights.attribution.touches import PASSED_ON
from leads.models import Lead, LeadOffer
from partners.actors import Actor
from promotions.models import Promotion

Kind, Did = Credit.Kind, Credit.Touch
# Without it one knows that something came from there, and not from which of them.
CAPABILITIES: dict[str, str] = {
    Kind.CAMPAIGN: "leads.view",
    Kind.LEAD: "leads.view",
    Kind.MAILING: "audiences.view",
    Kind.FUND: "funds.view",
    Kind.PROMOTION: "promotions.view",
}
RECORDS: dict[str, Any] = {Kind.CAMPAIGN: Campaign, Kind.MAILING: Mailing, Kind.FUND: Fund, Kind.PROMOTION: Promotion}


@dataclass(frozen=True, slots=True)
class Name:
    """What a source or a touch is called, and its page; no address where there is none for this reader."""

    text: str
    url: str = ""


def may_name(actor: Actor, kind: str) -> bool:
    """Whether the actor may know which of a kind it was."""
    return kind not in CAPABILITIES or actor.can(CAPABILITIES[kind])


def plain(kind: str) -> str:
    """The kind itself, for what cannot be named."""
    return str(Kind(kind).label)


def names_of(actor: Actor, keys: Iterable[Key]) -> dict[Key, Name]:
    """Each source by name; one query for each kind that has records."""
    keys = set(keys)
    found = {}
    for kind in {key.kind for key in keys}:
        mine = [key for key in keys if key.kind == kind]
        rows = _rows(actor, kind, {key.pk for key in mine if key.pk}) if may_name(actor, kind) else {}
        for key in mine:
            found[key] = _name(actor, key, rows.get(key.pk))
    return found


def _rows(actor: Actor, kind: str, pks: set[int]) -> dict[int, Any]:
    return RECORDS[kind].objects.visible_to(actor).in_bulk(pks) if kind in RECORDS and pks else {}


def _name(actor: Actor, key: Key, row: Any) -> Name:
    if row is not None:
        return Name(str(getattr(row, "name", row)), row.get_absolute_url())
    if key.kind == Kind.LEAD and may_name(actor, key.kind):
        return Name(_way_in(key.name))
    if key.kind == Kind.CAMPAIGN and key.name and may_name(actor, key.kind):
        return Name(key.name)
    return Name(plain(key.kind))


def _way_in(code: str) -> str:
    if code == PASSED_ON:
        return _("Leads that the vendor passed on")
    labels: dict[str, str | Promise] = dict(Lead.Source.choices)
    return _("Leads without a campaign: %(way)s") % {"way": labels.get(code, code)}


def touched(actor: Actor, rows: Iterable[Credit]) -> dict[int, Name]:
    """By key of the credit: the lead, mailing or request that was touched, as far as the actor may see it."""
    rows = list(rows)
    by_did: dict[str, set[int]] = {}
    for row in rows:
        by_did.setdefault(row.touch, set()).add(row.touched_id)
    known = {(did, pk): name for did, pks in by_did.items() for pk, name in _touched(actor, did, pks).items()}
    return {row.pk: known.get((row.touch, row.touched_id), Name("")) for row in rows}


def _touched(actor: Actor, did: str, pks: set[int]) -> dict[int, Name]:
    if did == Did.LEAD and actor.can("leads.view"):
        return _leads(actor, pks)
    if did in (Did.CLICK, Did.OPEN) and actor.can("audiences.view"):
        return _records(Mailing.objects.visible_to(actor).filter(pk__in=pks))
    if did == Did.ACTIVITY and actor.can("funds.view"):
        return _records(FundRequest.objects.visible_to(actor).filter(pk__in=pks))
    return {}


def _leads(actor: Actor, pks: set[int]) -> dict[int, Name]:
    """The vendor's leads at their pages; those that it passed on at the page of the offer."""
    rows = list(Lead.objects.visible_to(actor).filter(pk__in=pks))
    offers = LeadOffer.objects.visible_to(actor).filter(lead__in=rows, partner=actor.organisation.pk).order_by("pk")
    pages = dict(offers.values_list("lead", "pk"))
    found = {}
    for lead in rows:
        own = lead.vendor_id == actor.organisation.pk
        url = (
            lead.get_absolute_url()
            if own
            else reverse("leads:offer", args=[pages[lead.pk]])
            if lead.pk in pages
            else ""
        )
        found[lead.pk] = Name(str(lead), url)
    return found


def _records(rows: Iterable[Model]) -> dict[int, Name]:
    return {row.pk: Name(str(row), row.get_absolute_url()) for row in rows}  # type: ignore[attr-defined]
