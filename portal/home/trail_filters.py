"""What narrows the trail beside the filters that every list has."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import DESCRIPTIONS
from core.listing import Choice
from core.listing.filters import Choices
from core.models import TrailEntry
from partners.actors import Actor

Text = str | Promise
GROUPS: dict[str, Text] = {
    "deal": _("Deals"),
    "order": _("Orders"),
    "edi": _("Exchange"),
    "connection": _("Connections"),
    "room": _("Rooms"),
    "message": _("Messages"),
    "partnership": _("Partnerships"),
    "agreement": _("Agreements"),
    "member": _("People"),
    "role": _("Roles"),
    "service_account": _("Service accounts"),
    "service_key": _("Bearer keys"),
    "organisation": _("Organisation"),
}


def nouns(actor: Actor) -> list[tuple[str, Text]]:
    """The nouns that the portal records verbs of, with their headings."""
    known = dict.fromkeys([*GROUPS, *(verb.split(".")[0] for verb in DESCRIPTIONS)])
    return [(noun, GROUPS.get(noun, noun)) for noun in known]


@dataclass(frozen=True, slots=True)
class VerbGroup(Choice):
    """A filter on the noun of the verb: "deal" keeps deal.submitted, deal.approved …"""

    def apply(self, rows: QuerySet, params: QueryDict, actor: Actor) -> QuerySet:
        """Keep entries of the chosen nouns."""
        chosen = self.options(params, actor)["on"]
        return rows.filter(reduce(or_, (Q(verb__startswith=f"{option['value']}.") for option in chosen), Q()))


@dataclass(frozen=True, slots=True)
class OneRecord(Choice):
    """A filter on one record, `?record=deals.deal.12`, as pages of records link to it; shown only while it is on."""

    choices: Choices = ()
    kind: str = "held"

    def options(self, params: QueryDict, actor: Actor) -> dict[str, Any]:
        """The record in the address, if there is one, under the name that its last entry gave it."""
        value = params.get(self.key, "")
        last = (
            self.apply(TrailEntry.objects.visible_to(actor), params, actor).order_by("-pk").first() if value else None
        )
        return {"value": value, "name": last.title if last else value, "on": bool(value)}

    def apply(self, rows: QuerySet, params: QueryDict, actor: Actor) -> QuerySet:
        """Keep its entries; an address that names no record keeps none."""
        wanted = params.get(self.key, "")
        if not wanted:
            return rows
        target, _dot, pk = wanted.rpartition(".")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
            return rows.none()
        return rows.filter(target=target, target_id=int(pk))
