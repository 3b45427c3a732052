"""Whose invoice lines are touched when a letter is read, a lead corrected, or money of a fund granted elsewhere.

Rather too many than too few: keeping a line that has not changed writes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from audiences.models import Recipient
from deals.models import Deal
from funds.models import FundRequest
from insights.attribution.keeping import keep_lines
from insights.attribution.models import Trace
from insights.keeping import Kept
from leads.models import Lead


def keep_read_since(moment: datetime) -> Kept:
    """Keep the lines of deals whose customer opened a letter of either side since, or followed a link in it, for the
    first time."""
    rows = Recipient.objects.filter(Q(opened_at__gte=moment) | Q(clicked_at__gte=moment), contact__isnull=False)
    readers = list(rows.order_by().values_list("contact__email_key", "contact__domain").distinct())
    emails = {email for email, _domain in readers if email}
    domains = {domain for _email, domain in readers if domain}
    people = Q(email_key__in=emails) | Q(domain_key__in=domains)
    known = Lead.objects.filter(people, deal__isnull=False).values("deal")
    deals = Deal.objects.annotate(address=Lower("customer_email"))
    return _keep(deals.filter(Q(address__in=emails) | Q(customer_domain__in=domains) | Q(pk__in=known)))


def keep_lead(pk: int) -> Kept:
    """Keep the lines of the deal that a lead became, and of deals that look like it."""
    lead = Lead.objects.get(pk=pk)
    same = Q(pk=lead.deal_id)
    if lead.email_key:
        same |= Q(address=lead.email_key)
    if lead.name_key:
        same |= Q(customer_name_key=lead.name_key, customer_country=lead.country)
    return _keep(Deal.objects.annotate(address=Lower("customer_email")).filter(same))


def keep_request(pk: int) -> Kept:
    """Keep the lines that were invoiced since the activities of a request began, of all deals of its partnership."""
    request = FundRequest.objects.get(pk=pk)
    rows = Trace.objects.filter(deal__partnership=request.partnership_id)
    if request.first_day:
        rows = rows.filter(day__gte=request.first_day)
    return _lines(rows)


def _keep(deals: "QuerySet[Deal]") -> Kept:
    """The lines of these deals; most of them were never invoiced."""
    invoiced = deals.filter(Exists(Trace.objects.filter(deal=OuterRef("pk"))))
    return _lines(Trace.objects.filter(deal__in=list(invoiced.values_list("pk", flat=True))))


def _lines(rows: "QuerySet[Trace]") -> Kept:
    ids: Iterable[int] = rows.order_by("line").values_list("line", flat=True).iterator(chunk_size=5000)
    return keep_lines(ids)
