"""Segments as querysets: a rule becomes one condition with subqueries, so it is evaluated live and costs one query.

Rules have the shape, the editor and the sentences of `deals.rules`: groups of conditions, joined by all or any. "Days
since" counts what never happened as endlessly long ago: "is above 90" holds for it, "is at most 90" does not.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat
from django.db.models.lookups import Exact, IContains, IExact, IStartsWith
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audiences.models import (
    AudienceSettings,
    Consent,
    Contact,
    ContactQuerySet,
    ContactTag,
    Mailing,
    Purpose,
    Recipient,
    Segment,
)
from audiences.rows import OWN
from deals.models import Deal
from deals.rules import Field
from leads.models import Lead
from orders.models import Order
from partners.actors import Actor
from partners.models import Membership, Organisation

NAMED = 50  # mailings that a rule can name: the newest
TAGS = 200
DAYS = _("days")


def catalogue(organisation: Organisation) -> dict[str, Field]:
    """What a segment of this organisation may ask about, by key. Three queries."""
    known = ContactTag.objects.filter(contact__organisation=organisation).order_by("name")
    tags = tuple(known.values_list("name", flat=True).distinct()[:TAGS])
    sent = Mailing.objects.filter(organisation=organisation, started_at__isnull=False)
    mailings = tuple((str(pk), subject) for pk, subject in sent.values_list("pk", "subject")[:NAMED])
    fields = [
        Field("tag", _("Tags"), "many", suggestions=tags),
        Field("consent", _("Consent in force"), "many", tuple(Purpose.choices)),
        Field("country", _("Country"), "text"),
        Field("company", _("Company"), "text"),
        Field("name", _("Name"), "text"),
        Field("email", _("E-mail"), "text"),
        Field("domain", _("Domain of the e-mail"), "text"),
        Field("language", _("Language"), "text"),
        Field("source", _("Source"), "text"),
        Field("created", _("Added"), "date"),
        *(Field(key, label, "number", unit=DAYS) for key, label in SINCE.items()),
        *(Field(f"{OWN}{name}", name, "text") for name in AudienceSettings.of(organisation).fields),
    ]
    if mailings:
        fields += [Field(key, label, "choice", mailings) for key, label in GOT.items()]
    return {field.key: field for field in fields}


SINCE = {
    "sent_days": _("Days since the last mailing sent"),
    "opened_days": _("Days since the last mailing opened"),
    "clicked_days": _("Days since the last link followed"),
    "lead_days": _("Days since the last lead of the company"),
    "deal_days": _("Days since the last deal with the company"),
    "order_days": _("Days since the last order with the company"),
}
GOT = {"sent": _("Was sent"), "opened": _("Opened"), "clicked": _("Followed a link in")}
MOMENTS = {"sent": "sent_at", "opened": "opened_at", "clicked": "clicked_at"}


def contacts_of(segment: Segment) -> ContactQuerySet:
    """The contacts in a segment, as they are now."""
    return matching(segment.organisation, segment.rule)


def matching(organisation: Organisation, rule: Mapping[str, Any]) -> ContactQuerySet:
    """The organisation's contacts for whom a rule (as `deals.rules.clean` gives it) holds; nobody for an empty one."""
    rows: ContactQuerySet = Contact.objects.filter(organisation=organisation)
    if not rule.get("groups"):
        return rows.none()
    groups = (
        _joined(group["join"], [_condition(organisation, each) for each in group["conditions"]])
        for group in rule["groups"]
    )
    return rows.filter(_joined(rule["join"], list(groups)))


def _joined(join: str, parts: list[Q]) -> Q:
    return reduce(and_ if join == "all" else or_, parts)


def _condition(organisation: Organisation, row: Mapping[str, Any]) -> Q:
    field, op, value = row["field"], row["op"], row["value"]
    if field == "tag":
        return _many(op, value, ContactTag.objects.filter(contact=OuterRef("pk")), "name")
    if field == "consent":
        return _many(op, value, Consent.objects.filter(contact=OuterRef("pk"), withdrawn_at=None), "purpose")
    if field == "created":
        return _dated(op, value)
    if field in SINCE:
        return _since(organisation, field.removesuffix("_days"), op, Decimal(value))
    if field in GOT:
        got = Recipient.objects.filter(contact=OuterRef("pk"), mailing__in=[int(each) for each in value])
        found = Q(Exists(got.filter(**{f"{MOMENTS[field]}__isnull": False})))
        return found if op == "in" else ~found
    if field.startswith(OWN):
        return _own(field.removeprefix(OWN), op, value)
    return _text(field, op, value)


def _text(column: str, op: str, value: Any) -> Q:
    if op in {"filled", "empty"}:
        return Q(**{column: ""}) if op == "empty" else ~Q(**{column: ""})
    lookup = {"in": "iexact", "not_in": "iexact", "starts": "istartswith", "contains": "icontains"}[op]
    any_of = reduce(or_, (Q(**{f"{column}__{lookup}": each}) for each in value))
    return ~any_of if op == "not_in" else any_of


def _own(name: str, op: str, value: Any) -> Q:
    """As `_text`, for a field of one's own. Its name never becomes part of a lookup, as one may be called "in"."""
    text = Coalesce(KeyTextTransform(name, "more"), Value("", TextField()), output_field=TextField())
    if op in {"filled", "empty"}:
        return Q(Exact(text, "")) if op == "empty" else ~Q(Exact(text, ""))
    lookup = {"in": IExact, "not_in": IExact, "starts": IStartsWith, "contains": IContains}[op]
    any_of = reduce(or_, (Q(lookup(text, each)) for each in value))
    return ~any_of if op == "not_in" else any_of


def _many(op: str, value: list[str], rows: QuerySet, column: str) -> Q:
    these = Q(Exists(rows.filter(**{f"{column}__in": value})))
    if op == "meets":
        return these
    if op == "avoids":
        return ~these
    if op == "covers":
        return reduce(and_, (Q(Exists(rows.filter(**{column: each}))) for each in value))
    return Q(Exists(rows)) & ~Q(Exists(rows.exclude(**{f"{column}__in": value})))


def _dated(op: str, value: str) -> Q:
    start = timezone.make_aware(datetime.combine(date.fromisoformat(value), time.min))
    return Q(created__lt=start) if op == "before" else Q(created__gte=start + timedelta(days=1))


def _since(organisation: Organisation, what: str, op: str, days: Decimal) -> Q:
    """How many days ago it happened last; what never happened is endlessly long ago."""
    moment = timezone.now()

    def within(number: Decimal) -> Q:
        return Q(Exists(LAST[what](organisation, moment - timedelta(days=min(float(number), 36_500.0)))))

    if op in {"le", "lt"}:
        return within(days)
    if op in {"gt", "ge"}:
        return ~within(days)
    return within(days + 1) & ~within(days)


def _letters(column: str) -> Callable[[Organisation, datetime], QuerySet]:
    return lambda _organisation, start: Recipient.objects.filter(contact=OuterRef("pk"), **{f"{column}__gte": start})


def _leads(organisation: Organisation, start: datetime) -> QuerySet:
    mine = Lead.objects.filter(Q(vendor=organisation) | Q(holder=organisation), created__gte=start)
    return mine.exclude(domain_key="").filter(domain_key=OuterRef("domain"))


def _deals(organisation: Organisation, start: datetime) -> QuerySet:
    """Deals that the organisation may see, by the customer's web domain."""
    mine = Deal.objects.visible_to(Actor(organisation, frozenset(), "system")).filter(created__gte=start)
    return mine.exclude(customer_domain="").filter(customer_domain=OuterRef("domain"))


def _orders(organisation: Organisation, start: datetime) -> QuerySet:
    """Orders with a company one of whose people has an address of the contact's domain."""
    mine = Order.objects.filter(created__gte=start).exclude(state=Order.State.DRAFT)
    others = Q(organisation__in=mine.filter(seller=organisation).values("buyer"))
    others |= Q(organisation__in=mine.filter(buyer=organisation).values("seller"))
    theirs = Membership.objects.filter(others, active=True).annotate(
        ending=Concat(Value("@", TextField()), Cast(OuterRef("domain"), TextField()))
    )
    return theirs.exclude(ending="@").filter(user__email__iendswith=F("ending"))


LAST: dict[str, Callable[[Organisation, datetime], QuerySet]] = {
    "sent": _letters("sent_at"),
    "opened": _letters("opened_at"),
    "clicked": _letters("clicked_at"),
    "lead": _leads,
    "deal": _deals,
    "order": _orders,
}
