"""What narrows the trail beside the filters that every list has."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import DESCRIPTIONS, may_know
from core.listing import Choice
from core.listing.filters import Choices
from core.models import TrailEntry
from partners.actors import Actor

Text = str | Promise
# What stands before the dot of a verb, under the heading that a reader looks for. A test finds every verb there.
GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (_("Deals"), ("deal",)),
    (_("Leads"), ("lead", "lead_form", "lead_import", "lead_intake", "lead_rule")),
    (_("Conflicts"), ("case", "cluster", "conflict_rules", "account", "accounts", "probing")),
    (_("Terms and approvals"), ("terms", "calendar", "approval_policy", "approval_limit", "absence")),
    (_("Customers"), ("customer", "contact")),
    (_("Activities, notes and files"), ("activity", "note", "file")),
    (_("Orders"), ("order", "despatch", "receipt", "invoice")),
    (_("Catalogue"), ("product", "price_list")),
    (_("Quotes"), ("quote",)),
    (_("Promotions"), ("promotion",)),
    (_("Funds"), ("fund", "fund_request", "claim")),
    (_("Rebates"), ("rebate", "rebate_statement", "rebate_credit")),
    (_("Triggers"), ("trigger", "automation")),
    (_("Campaigns"), ("campaign", "campaign_step", "campaign_asset", "campaign_expense")),
    (_("Contacts"), ("audience", "contact_import", "segment")),
    (_("Mailings"), ("mailing",)),
    (_("Exchange"), ("edi", "transport", "table")),
    (_("Connections"), ("connection",)),
    (_("Webhooks"), ("webhook",)),
    (_("Rooms"), ("room", "talk")),
    (_("Calls"), ("call",)),
    (_("Messages"), ("message",)),
    (_("Forums"), ("board", "topic", "post", "survey", "article", "moderation")),
    (_("Partnerships"), ("partnership",)),
    (_("Programme"), ("programme", "tier", "standing", "certification")),
    (_("Agreements"), ("agreement",)),
    (_("People"), ("member", "invitation")),
    (_("Roles"), ("role",)),
    (_("Service accounts"), ("service_account",)),
    (_("Bearer keys"), ("service_key",)),
    (_("Organisation"), ("organisation",)),
)
NOUNS = {nouns[0]: nouns for _heading, nouns in GROUPS}


def nouns(actor: Actor) -> list[tuple[str, Text]]:
    """The headings under which the actor may know of something, each by its first noun."""
    known = {verb.split(".")[0] for verb in DESCRIPTIONS if may_know(actor, verb)}
    return [(under[0], heading) for heading, under in GROUPS if known.intersection(under)]


@dataclass(frozen=True, slots=True)
class VerbGroup(Choice):
    """A filter on the nouns of a heading: "deal" keeps deal.submitted, deal.approved …"""

    def apply(self, rows: QuerySet, params: QueryDict, actor: Actor) -> QuerySet:
        """Keep entries of the chosen headings."""
        chosen = [noun for option in self.options(params, actor)["on"] for noun in NOUNS[option["value"]]]
        return rows.filter(reduce(or_, (Q(verb__startswith=f"{noun}.") for noun in chosen), Q()))


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
