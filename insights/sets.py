"""Sets of deals, each defined once: every figure is a share or a measure of one of them, and each opens as a list."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from deals.models import Deal
from insights.models import ConflictFact, DealFact
from insights.scopes import Scope
from orders.models import InvoiceLine

Text = str | Promise
ENDED = ("won", "lost", "expired", "withdrawn", "revoked")


@dataclass(frozen=True, slots=True)
class Set:
    """A set of deals: its name in a heading, and what puts a fact into it. `vendor_only` ones a partner never gets."""

    code: str
    label: Text
    condition: Callable[[Scope], Q]
    vendor_only: bool = False


def _within(column: str) -> Callable[[Scope], Q]:
    def condition(scope: Scope) -> Q:
        start, end = scope.moments
        return Q(**{f"{column}__gte": start, f"{column}__lt": end})

    return condition


registered = _within("submitted_at")
decided = _within("decided_at")
approved = _within("approved_at")
closed = _within("closed_at")


def overdue(scope: Scope) -> Q:
    """No decision yet, and the time for it ran out within the days."""
    return _within("due_at")(scope) & Q(due_at__lt=now())


def ended(scope: Scope) -> Q:
    """A protection that ended within the days, one way or another."""
    return closed(scope) & Q(approved_at__isnull=False, outcome__in=ENDED)


def met_another(scope: Scope) -> Q:
    """Registered within the days, and met another registration or protection. Only ever the vendor's own knowledge."""
    mine = ConflictFact.objects.visible_to(scope.actor).filter(deal=OuterRef("deal"))
    return registered(scope) & Q(Exists(mine))


def invoiced(scope: Scope) -> Q:
    """The deals that invoice lines of these days carry."""
    return Q(deal__in=invoice_lines(scope).filter(order__deal__isnull=False).values("order__deal"))


def first_of_partnership(scope: Scope) -> Q:
    """Registered within the days, as the first of its partnership."""
    earlier = DealFact.objects.filter(partnership=OuterRef("partnership")).filter(
        Q(submitted_at__lt=OuterRef("submitted_at")) | Q(submitted_at=OuterRef("submitted_at"), pk__lt=OuterRef("pk"))
    )
    return registered(scope) & Q(partnership__since__isnull=False) & ~Q(Exists(earlier))


def invoice_lines(scope: Scope) -> QuerySet[InvoiceLine]:
    """Lines of the invoices that this side sent or got within the days; credit notes take nothing away."""
    seller, buyer = ("seller", "buyer") if scope.as_vendor else ("buyer", "seller")
    mine = {f"invoice__{seller}": scope.actor.organisation.pk}
    found = InvoiceLine.objects.filter(
        **mine, invoice__kind="invoice", invoice__issued_on__gte=scope.start, invoice__issued_on__lte=scope.end
    )
    return found.filter(**{f"invoice__{buyer}": scope.narrow["with"]}) if "with" in scope.narrow else found


def open_now(scope: Scope) -> Q:
    """Registrations that wait for somebody or protect somebody, today."""
    return Q(deal__state__in=Deal.OPEN)


SETS: dict[str, Set] = {
    each.code: each
    for each in (
        Set("registered", _("Registered"), registered),
        Set("decided", _("Decided"), decided),
        Set("in_time", _("Decided in time"), lambda scope: decided(scope) & Q(in_time=True)),
        Set("late", _("Decided late"), lambda scope: decided(scope) & Q(in_time=False)),
        Set("overdue", _("Overdue, without a decision"), overdue),
        Set("answers", _("Answers due"), lambda scope: decided(scope) | overdue(scope)),
        Set("first_time", _("Decided without a return"), lambda scope: decided(scope) & Q(returns=0)),
        Set(
            "approved", _("Approved"), lambda scope: decided(scope) & Q(decision__in=("approved", "rule", "deemed"))
        ),
        Set("rejected", _("Rejected"), lambda scope: decided(scope) & Q(decision="rejected")),
        Set("conflicts", _("Met another registration"), met_another, vendor_only=True),
        Set("protected", _("Protected"), approved),
        Set("extended", _("Protected and extended"), lambda scope: approved(scope) & Q(extensions__gt=0)),
        Set("ended", _("Protection ended"), ended),
        Set("won", _("Won"), lambda scope: ended(scope) & Q(outcome="won")),
        Set("lost", _("Lost"), lambda scope: ended(scope) & Q(outcome="lost")),
        Set("expired", _("Expired"), lambda scope: ended(scope) & Q(outcome="expired")),
        Set("first_deals", _("First of their partnership"), first_of_partnership),
        Set("invoiced", _("Carried by invoices"), invoiced),
        Set("open", _("Open now"), open_now),
        Set(
            "cohort_decided", _("Registered, and decided since"),
            lambda scope: registered(scope) & Q(decided_at__isnull=False),
        ),
        Set(
            "cohort_protected", _("Registered, and protected since"),
            lambda scope: registered(scope) & Q(approved_at__isnull=False),
        ),
        Set("cohort_won", _("Registered, and won since"), lambda scope: registered(scope) & Q(outcome="won")),
    )
}  # fmt: skip
IN_ONE_QUERY = (
    "registered", "decided", "in_time", "late", "overdue", "answers", "first_time", "approved", "rejected", "protected",
    "extended", "ended", "won", "lost", "expired", "cohort_decided", "cohort_protected", "cohort_won",
)  # fmt: skip
TOUCHED = (registered, decided, approved, closed, overdue)


def touched(scope: Scope) -> Q:
    """Facts with anything at all within the days: five ranges, each with its index, before anything is counted."""
    found = Q()
    for each in TOUCHED:
        found |= each(scope)
    return found


def set_for(scope: Scope, code: str) -> Set:
    """The set of this name; the registered ones where there is none, or none for this side."""
    chosen = SETS.get(code, SETS["registered"])
    return SETS["registered"] if chosen.vendor_only and not scope.as_vendor else chosen
