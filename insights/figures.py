"""The figures about deals: each defined once, in code and in words. The reader is shown the words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `base` is the set of deals that it is taken over, `part` the share of it (empty for a measure).

    kind: rate (percent), hours (business minutes, shown as hours), days, count. `good` says which way is better:
    1 more, -1 less, 0 neither. `offers` ones are of offers of leads, for those who may see leads.
    """

    code: str
    label: Text
    words: Text
    kind: str
    base: str
    part: str = ""
    good: int = 1
    vendor_only: bool = False
    offers: bool = False


FIGURES: tuple[Figure, ...] = (
    Figure(
        "registered",
        _("Registrations"),
        _("Deals submitted within the days."),
        "count",
        "registered",
    ),
    Figure(
        "decision_median",
        _("Time to decision, median"),
        _(
            "From submission to the first decision, in business hours; the time for which a registration was returned "
            "is not counted. Half of the deals decided within the days were decided in this time or less."
        ),
        "hours",
        "decided",
        good=-1,
    ),
    Figure(
        "decision_p90",
        _("Time to decision, nine in ten"),
        _("Nine of ten deals decided within the days were decided in this many business hours or less."),
        "hours",
        "decided",
        good=-1,
    ),
    Figure(
        "sla_hit",
        _("Answered in time"),
        _(
            "Of the deals whose first decision fell within the days, or whose time for it ran out within them: those "
            "decided in the business hours that were promised. Approval by silence counts as late."
        ),
        "rate",
        "answers",
        "in_time",
    ),
    Figure(
        "first_time_right",
        _("First time right"),
        _("Of the deals decided within the days: those that were never returned for correction before."),
        "rate",
        "decided",
        "first_time",
    ),
    Figure(
        "approval_rate",
        _("Approved"),
        _("Of the deals decided within the days: those whose first decision was an approval."),
        "rate",
        "decided",
        "approved",
    ),
    Figure(
        "conflict_rate",
        _("Met another registration"),
        _(
            "Of the deals submitted within the days: those that the check found to meet another registration or a "
            "protection. Only your own organisation sees this."
        ),
        "rate",
        "registered",
        "conflicts",
        good=0,
        vendor_only=True,
    ),
    Figure(
        "extension_rate",
        _("Extended"),
        _("Of the deals first protected within the days: those whose protection was extended since."),
        "rate",
        "protected",
        "extended",
        good=0,
    ),
    Figure(
        "expiry_rate",
        _("Expired"),
        _("Of the protections that ended within the days: those that ran out without an order or a word."),
        "rate",
        "ended",
        "expired",
        good=-1,
    ),
    Figure(
        "win_rate",
        _("Won"),
        _(
            "Of the protected deals that ended within the days (won, lost, expired, withdrawn or revoked): those won "
            "by an order, or by hand with proof."
        ),
        "rate",
        "ended",
        "won",
    ),
    Figure(
        "coverage",
        _("Invoiced lines with a deal"),
        _("Of the invoice lines dated within the days: those whose order carries a deal. Opens these deals."),
        "rate",
        "invoiced",
    ),
    Figure(
        "first_deal",
        _("Time to first deal, median"),
        _("Days from the start of a partnership to its first registration, where that fell within the days."),
        "days",
        "first_deals",
        good=-1,
    ),
    Figure(
        "lead_acceptance",
        _("Leads accepted"),
        _(
            "Of the offers of leads made within the days and settled since: those accepted, rather than declined or "
            "left unanswered. Offers recalled, or taken by somebody quicker, count nowhere."
        ),
        "rate",
        "settled",
        "accepted",
        offers=True,
    ),
    Figure(
        "lead_conversion",
        _("Leads registered"),
        _("Of the offers of leads made within the days and accepted: those that became a registration since."),
        "rate",
        "accepted",
        "converted",
        offers=True,
    ),
)
BY_CODE = {figure.code: figure for figure in FIGURES}
ON_TOP = ("decision_median", "sla_hit", "approval_rate", "win_rate")


def figures_for(side: str, *, offers: bool = False) -> list[Figure]:
    """The figures that one side may know; those of leads only where `offers` may be read."""
    known = [figure for figure in FIGURES if side == "vendor" or not figure.vendor_only]
    return [figure for figure in known if offers or not figure.offers]
