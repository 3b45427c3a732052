"""What draft rules would have done to past registrations. Reads only: a trial changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deals import rules
from deals.facts import facts_of
from deals.models import ConflictCheck, Deal, RegistrationType
from partners.actors import Actor

LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Hit:
    """A past deal that a rule holds for: which rule, and whether the conflict check would have left it to a person."""

    deal: Deal
    rule: str
    contested: bool

    @property
    def rejected(self) -> bool:
        """True when people said no to it then."""
        return self.deal.state == Deal.State.REJECTED


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome over the decided deals that were looked at."""

    looked_at: int
    hits: list[Hit]

    @property
    def approved(self) -> list[Hit]:
        """What would have been approved."""
        return [hit for hit in self.hits if not hit.contested]

    def in_words(self) -> str:
        """Such as: Would have approved 43 of 120. 3 of them you rejected. 1 more was in conflict …"""
        approved = self.approved
        refused = sum(hit.rejected for hit in approved)
        contested = len(self.hits) - len(approved)
        said = [_("Would have approved %(n)d of %(all)d.") % {"n": len(approved), "all": self.looked_at}]
        if refused:
            said.append(
                ngettext("%(n)d of them you rejected.", "%(n)d of them you rejected.", refused) % {"n": refused}
            )
        if contested:
            sentence = ngettext(
                "%(n)d more was in conflict and would have waited for a person.",
                "%(n)d more were in conflict and would have waited for a person.",
                contested,
            )
            said.append(sentence % {"n": contested})
        return " ".join(said)


def try_out(actor: Actor, type_: RegistrationType, drafts: Sequence[Any], only_type: bool) -> Trial:
    """Hold cleaned rules against the vendor's newest decided deals, at most LOOKED_AT, of this type alone or of all.

    Each deal is judged by what was known when it was submitted; own fields are read as this type has them. The number
    of queries does not depend on the number of deals.
    """
    rows = Deal.objects.visible_to(actor).filter(vendor=actor.organisation.pk, decided_at__isnull=False)
    if only_type:
        rows = rows.filter(type=type_)
    rows = rows.select_related("partner", "partnership__tier").prefetch_related("lines", "evidence")
    deals = list(rows.order_by("-decided_at", "-pk")[:LOOKED_AT])
    checks = ConflictCheck.objects.visible_to(actor).filter(deal__in=[deal.pk for deal in deals])
    contested = set(checks.exclude(verdict=ConflictCheck.Verdict.CLEAR).values_list("deal_id", flat=True))
    hits = []
    for deal, facts in zip(deals, facts_of(deals, type_), strict=True):
        rule = rules.first_that_holds(drafts, facts)
        if rule is not None:
            hits.append(Hit(deal, rule["name"], deal.pk in contested))
    return Trial(len(deals), hits)
