"""What a trigger can be about: how its records are read, what conditions may ask, and who is to be reached.

Every record is read through `visible_to`, as the organisation whose trigger it is: what it may not see cannot fire it,
cannot be asked about, and leads to nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from audiences.choosing import NAMED
from audiences.models import Mailing, Recipient
from core.models import TrailEntry
from deals.models import Deal, Stage
from deals.rules import Field
from leads.models import Lead
from leads.models.leads import Size
from orders.models import Order
from partners.actors import system_actor
from partners.models import Organisation, Partnership, Tier
from programmes.models import Certification

Text = str | Promise
DAYS = _("days")


@dataclass(frozen=True, slots=True)
class Subject:
    """A record as a trigger sees it: facts for its conditions, whom it is about, and which company is on the other
    side."""

    row: Model
    title: str
    url: str
    facts: Mapping[str, Any]
    email: str = ""  # of the person it is about
    contact_id: int | None = None  # where the record names the contact itself
    partner: Organisation | None = None
    day: str = ""  # an ISO date that letters may name
    about: Model | None = None  # what colleagues are told about, where it is not the record itself

    @property
    def told_of(self) -> Model:
        """The record that notices stand at."""
        return self.about or self.row


Build = Callable[[Organisation, Any, Mapping[str, Any]], Subject]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `capability` is what a colleague needs to be told of one."""

    key: str
    label: Text
    model: Any
    related: tuple[str, ...]
    capability: str
    fields: Callable[[Organisation], list[Field]]
    build: Build
    person: Text = ""  # who "the person it is about" is; empty where there is none
    partner: bool = True  # whether there is another company
    more: Callable[[Organisation, Collection[int]], Mapping[int, Any]] = lambda _organisation, _ids: {}

    @property
    def target(self) -> str:
        """As the trail names it."""
        return str(self.model._meta.label_lower)

    def catalogue(self, organisation: Organisation) -> dict[str, Field]:
        """What conditions may ask about, by key."""
        return {field.key: field for field in self.fields(organisation)}

    def subjects(self, organisation: Organisation, ids: Collection[int]) -> dict[int, Subject]:
        """Those of the records that the organisation may see, by key; a few queries, however many."""
        rows = self.model.objects.visible_to(system_actor(organisation)).filter(pk__in=set(ids))
        found = {row.pk: row for row in rows.select_related(*self.related)}
        more = self.more(organisation, found)
        return {pk: self.build(organisation, row, {"more": more.get(pk)}) for pk, row in found.items()}


def _tiers(organisation: Organisation) -> tuple[tuple[str, Text], ...]:
    rows = Tier.objects.filter(programme__vendor=organisation).order_by("rank")
    return tuple((str(pk), name) for pk, name in rows.values_list("pk", "name"))


def _of_partner(organisation: Organisation) -> list[Field]:
    fields = [
        Field("partner", _("Company"), "text"),
        Field("partner_country", _("Country of the company"), "text"),
        Field("partner_kind", _("Kind of partnership"), "choice", tuple(Partnership.Kind.choices)),
    ]
    if tiers := _tiers(organisation):
        fields.append(Field("tier", _("Tier of the company"), "choice", tiers))
    return fields


def _partner_facts(organisation: Organisation, edge: Partnership) -> dict[str, Any]:
    other = edge.other(organisation)
    tier = str(edge.tier_id) if edge.tier_id and edge.vendor_id == organisation.pk else None
    return {"partner": other.name, "partner_country": other.country, "partner_kind": edge.kind, "tier": tier}


def _money(amount: Decimal | None, currency: str) -> tuple[Decimal, str] | None:
    return None if amount is None else (amount, currency)


def _lead_fields(_organisation: Organisation) -> list[Field]:
    return [
        Field("asked", _("Times they asked"), "number"),
        Field("value", _("Value"), "money"),
        Field("score", _("Score"), "number"),
        Field("country", _("Country"), "text"),
        Field("product_line", _("Product line"), "text"),
        Field("campaign", _("Campaign"), "text"),
        Field("need", _("Need"), "text"),
        Field("size", _("Size of the company"), "choice", tuple((k, v) for k, v in Size.choices if k)),
        Field("source", _("Source"), "choice", tuple(Lead.Source.choices)),
        Field("state", _("State"), "choice", tuple(Lead.State.choices)),
    ]


def _lead(_organisation: Organisation, row: Lead, known: Mapping[str, Any]) -> Subject:
    facts = {name: getattr(row, name) for name in ("score", "country", "product_line", "campaign", "need", "source")}
    facts |= {"asked": 1 + (known["more"] or 0), "value": _money(row.value, row.currency), "state": row.state}
    facts["size"] = row.size or None
    return Subject(row, str(row), row.get_absolute_url(), facts, email=row.email, partner=row.holder)


def _asked_again(organisation: Organisation, ids: Collection[int]) -> dict[int, int]:
    entries = TrailEntry.objects.visible_to(system_actor(organisation))
    asked = entries.filter(verb="lead.asked_again", target="leads.lead", target_id__in=set(ids))
    counts: defaultdict[int, int] = defaultdict(int)
    for pk in asked.values_list("target_id", flat=True):
        counts[pk] += 1
    return counts


def _deal_fields(organisation: Organisation) -> list[Field]:
    return [
        Field("amount", _("Value"), "money"),
        Field("stage", _("Stage"), "choice", tuple(Stage.choices)),
        Field("probability", _("Probability"), "number", unit="%"),
        Field("country", _("Country of the customer"), "text"),
        Field("competitor", _("Competitor"), "text"),
        Field("days_left", _("Days of protection left"), "number", unit=DAYS),
        Field("decision_days", _("Days until the decision"), "number", unit=DAYS),
        *_of_partner(organisation),
    ]


def _deal(organisation: Organisation, row: Deal, _known: Mapping[str, Any]) -> Subject:
    def days_to(day: Any) -> int | None:
        return (day - localdate()).days if day else None

    facts = {
        "amount": (row.amount, row.currency),
        "stage": row.stage,
        "probability": row.probability,
        "country": row.customer_country,
        "competitor": row.competitor,
        "days_left": days_to(row.protected_until),
        "decision_days": days_to(row.decision_date),
        **_partner_facts(organisation, row.partnership),
    }
    day = row.protected_until.isoformat() if row.protected_until else ""
    other = row.partner if row.vendor_id == organisation.pk else row.vendor
    return Subject(row, str(row), row.get_absolute_url(), facts, email=row.customer_email, partner=other, day=day)


def _order_fields(organisation: Organisation) -> list[Field]:
    return [
        Field("total", _("Total"), "money"),
        Field("source", _("Came through"), "choice", tuple(Order.Source.choices)),
        Field("with_deal", _("It belongs to a deal"), "yes_no"),
        *_of_partner(organisation),
    ]


def _order(organisation: Organisation, row: Order, _known: Mapping[str, Any]) -> Subject:
    facts = {
        "total": (row.total, row.currency),
        "source": row.source,
        "with_deal": row.deal_id is not None,
        **_partner_facts(organisation, row.partnership),
    }
    other = row.buyer if row.seller_id == organisation.pk else row.seller
    return Subject(row, str(row), reverse("orders:detail", args=[row.pk]), facts, partner=other)


def _partnership_fields(organisation: Organisation) -> list[Field]:
    return [
        Field("age", _("Age of the partnership"), "number", unit=DAYS),
        Field("territory", _("Territory"), "text"),
        *_of_partner(organisation),
    ]


def _partnership(organisation: Organisation, row: Partnership, _known: Mapping[str, Any]) -> Subject:
    facts = {
        "age": (localdate() - row.since).days if row.since else None,
        "territory": row.territory,
        **_partner_facts(organisation, row),
    }
    other = row.other(organisation)
    return Subject(row, other.name, reverse("partners:partnership", args=[row.pk]), facts, partner=other)


def _certification_fields(_organisation: Organisation) -> list[Field]:
    return [
        Field("name", _("Certification"), "text"),
        Field("given_by", _("Given by"), "text"),
        Field("partner", _("Company"), "text"),
        Field("partner_country", _("Country of the company"), "text"),
    ]


def _certification(organisation: Organisation, row: Certification, _known: Mapping[str, Any]) -> Subject:
    other = row.partner if row.vendor_id == organisation.pk else row.vendor
    facts = {"name": row.name, "given_by": row.given_by, "partner": other.name, "partner_country": other.country}
    day = row.valid_until.isoformat() if row.valid_until else ""
    # The title names no person: what became of a run outlives them.
    return Subject(
        row, row.name, row.get_absolute_url(), facts, email=row.membership.user.email, partner=other, day=day
    )


def _letter_fields(organisation: Organisation) -> list[Field]:
    sent = Mailing.objects.filter(organisation=organisation, started_at__isnull=False, standing=False)
    mailings = tuple((str(pk), subject) for pk, subject in sent.values_list("pk", "subject")[:NAMED])
    fields = [
        Field("country", _("Country of the contact"), "text"),
        Field("company", _("Company of the contact"), "text"),
        Field("language", _("Language of the contact"), "text"),
        Field("tags", _("Tags of the contact"), "many"),
        Field("links", _("Links followed"), "text"),
    ]
    return [Field("mailing", _("Mailing"), "choice", mailings), *fields] if mailings else fields


def _letter(_organisation: Organisation, row: Recipient, known: Mapping[str, Any]) -> Subject:
    person = row.contact
    tags, links = known["more"] or ((), ())
    facts: dict[str, Any] = {"mailing": str(row.mailing_id), "links": " ".join(links)}
    if person is not None:
        facts |= {"country": person.country, "company": person.company, "language": person.language}
        facts["tags"] = set(tags)
    url = person.get_absolute_url() if person is not None else row.mailing.get_absolute_url()
    return Subject(row, row.mailing.subject, url, facts, contact_id=row.contact_id, about=person or row.mailing)


def _of_readers(organisation: Organisation, ids: Collection[int]) -> dict[int, tuple[list[str], list[str]]]:
    """The tags of who got these letters, and the links that they followed; two queries."""
    mine = Recipient.objects.visible_to(system_actor(organisation)).filter(pk__in=set(ids))
    tags: defaultdict[int, list[str]] = defaultdict(list)
    links: defaultdict[int, list[str]] = defaultdict(list)
    for pk, name in mine.filter(contact__tags__isnull=False).values_list("pk", "contact__tags__name"):
        tags[pk].append(name)
    for pk, url in mine.filter(clicks__isnull=False).values_list("pk", "clicks__link__url"):
        links[pk].append(url)
    return {pk: (tags[pk], links[pk]) for pk in ids}


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "lead", _("Lead"), Lead, ("vendor", "holder"), "leads.view", _lead_fields, _lead,
            person=_("who asked"), partner=False, more=_asked_again,
        ),
        Kind(
            "deal", _("Deal"), Deal,
            ("partnership__vendor", "partnership__partner", "vendor", "partner"), "deals.view", _deal_fields, _deal,
            person=_("the customer’s contact"),
        ),
        Kind(
            "order", _("Order"), Order,
            ("partnership__vendor", "partnership__partner", "buyer", "seller"), "orders.view", _order_fields, _order,
        ),
        Kind(
            "partnership", _("Partnership"), Partnership, ("vendor", "partner"), "partnerships.view",
            _partnership_fields, _partnership,
        ),
        Kind(
            "certification", _("Certification"), Certification, ("vendor", "partner", "membership__user"),
            "programmes.view", _certification_fields, _certification, person=_("whose certification it is"),
        ),
        Kind(
            "letter", _("Letter"), Recipient, ("mailing", "contact"), "audiences.view", _letter_fields, _letter,
            person=_("who got the letter"), partner=False, more=_of_readers,
        ),
    )
}  # fmt: skip
TARGETS = {kind.target: kind for kind in KINDS.values()}
