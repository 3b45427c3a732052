"""What a campaign brought: counted for each participant from what is there, shown beside each other where they agreed.

Nobody sees more than numbers of another company: no contact, no segment, no recipient, no lead.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db.models import Count, Q, Sum

from audiences.models import Recipient
from audiences.results import COUNTED
from campaigns.actions.landing import ORIGIN
from campaigns.models import Campaign, Participant, Visit
from deals.models import Deal
from leads.models import Lead
from partners.actors import Actor

LETTERS = ("sent", "delivered", "opened", "clicked")
OUTCOMES = ("leads", "deals", "won")


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of one participant: letters and what became of them, visits of its page, leads and theirs."""

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    visits: int = 0
    leads: int = 0
    deals: int = 0
    won: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Counts)))


@dataclass(frozen=True, slots=True)
class Result:
    """A participant with its figures; None where it keeps them to itself."""

    seat: Participant
    counts: Counts | None


def counts_of(campaign: Campaign, organisations: Iterable[int]) -> dict[int, Counts]:
    """The figures of these organisations in a campaign, by id of the organisation. Three queries, however many.

    Says what is counted, not who may see it: callers ask `results_for`.
    """
    ids = set(organisations)
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    letters = {key: Count("pk", filter=COUNTED[key][1]) for key in LETTERS}
    of_campaign = Recipient.objects.filter(
        mailing__source=ORIGIN, mailing__source_id=campaign.pk, organisation__in=ids
    ).order_by()
    for pk, *many in of_campaign.values_list("organisation").annotate(**letters):
        found[pk] |= dict(zip(LETTERS, many, strict=True))
    visits = Visit.objects.filter(participant__campaign=campaign, participant__organisation__in=ids).order_by()
    for pk, count in visits.values_list("participant__organisation").annotate(Sum("count")):
        found[pk]["visits"] = count
    leads = Lead.objects.filter(origin=ORIGIN, origin_id=campaign.pk, vendor__in=ids).exclude(state=Lead.State.SPAM)
    registered = Q(deal__isnull=False) & ~Q(deal__state=Deal.State.DRAFT)
    became = leads.order_by().values_list("vendor").annotate(
        came=Count("pk"),
        registered=Count("deal", filter=registered, distinct=True),
        won=Count("deal", filter=Q(deal__state=Deal.State.WON), distinct=True),
    )  # fmt: skip
    for pk, *many in became:
        found[pk] |= dict(zip(OUTCOMES, many, strict=True))
    return {pk: Counts(**found.get(pk, {})) for pk in ids}


def results_for(actor: Actor, campaign: Campaign) -> list[Result]:
    """Everybody who takes part, as the actor may see it: its own figures, and those of others where both share."""
    rows = Participant.objects.filter(campaign=campaign, state=Participant.State.ACTIVE)
    seats = list(rows.select_related("organisation").order_by("pk"))
    mine = next((seat for seat in seats if seat.organisation_id == actor.organisation.pk), None)
    both = mine is not None and mine.shares_results
    shown = {seat.organisation_id for seat in seats if seat == mine or (both and seat.shares_results)}
    counted = counts_of(campaign, shown)
    return [Result(seat, counted.get(seat.organisation_id)) for seat in seats]
