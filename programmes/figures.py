"""The figures of a vendor's partners, from the rows that they come from: four queries, however many partners."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils.timezone import make_aware

from core.models import TrailEntry
from core.money import round_money
from deals.models import Deal
from orders.billing import billed_lines, signed
from orders.models import InvoiceLine
from partners.models import Organisation
from programmes.models import Certification, Figure

ByPartner = dict[int, dict[str, Decimal]]
WON = ("deal.won", "deal.won_by_hand")
APPROVED = (Deal.State.APPROVED, Deal.State.WON, Deal.State.LOST, Deal.State.EXPIRED)


def invoice_lines(vendor: Organisation, start: date, end: date) -> "QuerySet[InvoiceLine]":
    """Lines of the vendor's invoices and credit notes of these days, in its own currency."""
    return billed_lines(vendor.pk, vendor.currency).filter(invoice__issued_on__range=(start, end))


def deals_approved(vendor: Organisation, start: date, end: date) -> "QuerySet[Deal]":
    """Registrations approved in these days, whatever became of them; what the vendor revoked does not count."""
    return Deal.objects.filter(vendor=vendor, state__in=APPROVED, decided_at__range=_moments(start, end))


def deals_won(vendor: Organisation, start: date, end: date) -> "QuerySet[Deal]":
    """Deals reported as won in these days, that still are."""
    told = TrailEntry.objects.filter(verb__in=WON, target="deals.deal", created__range=_moments(start, end))
    return Deal.objects.filter(vendor=vendor, state=Deal.State.WON, pk__in=told.values("target_id"))


def figures(vendor: Organisation, start: date, end: date) -> ByPartner:
    """Every figure of each partner that has one, by the partner's id. Revenue is rounded at the minor unit."""
    found: ByPartner = defaultdict(dict)
    sums = invoice_lines(vendor, start, end).values("invoice__buyer").order_by("invoice__buyer")
    for row in sums.annotate(net=Sum(signed("amount"))):
        found[row["invoice__buyer"]][Figure.REVENUE] = round_money(row["net"], vendor.currency)
    _add(found, Figure.REGISTRATIONS, _count(deals_approved(vendor, start, end)))
    _add(found, Figure.WON, _count(deals_won(vendor, start, end)))
    _add(found, Figure.CERTIFICATIONS, _count(Certification.objects.filter(vendor=vendor).held_on(end)))
    return found


def _count(rows: QuerySet) -> Iterable[tuple[int, int]]:
    return rows.order_by("partner").values_list("partner").annotate(number=Count("pk"))


def _add(found: ByPartner, figure: str, counted: Iterable[tuple[int, int]]) -> None:
    for partner, number in counted:
        found[partner][figure] = Decimal(number)


def _moments(start: date, end: date) -> tuple[datetime, datetime]:
    """From the first moment of a day to the last of another."""
    last = make_aware(datetime.combine(end + timedelta(days=1), time.min)) - timedelta(microseconds=1)
    return make_aware(datetime.combine(start, time.min)), last
