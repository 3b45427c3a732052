"""What a trigger can wait for, and where it is found.

Some occasions are verbs of the trail, some are found by the clock (a protection ends in fourteen days), some by looking
(a link was followed). All of them can be asked for any time in the past: that is what a dry run does, and how what was
lost is made good. The key of an occasion is the same each time it is found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from audiences.models import Recipient
from automation.kinds import KINDS, Kind
from automation.models import Run
from core.models import TrailEntry
from deals.models import Deal
from orders.models import Order
from partners.actors import system_actor
from partners.models import Organisation, Partnership
from programmes.models import Certification

Text = str | Promise
SOURCE = "trigger"  # of the standing mailings of triggers
MORNING = time(7)
NOT_ORDERS = ("draft", "cancelled", "rejected")


@dataclass(frozen=True, slots=True)
class Happening:
    """That it happened to one record. `chain`: the triggers that brought it about."""

    subject_id: int
    at: datetime
    key: str
    chain: tuple[int, ...] = ()


Find = Callable[[Organisation, datetime, datetime, int], Iterator[Happening]]


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event: `label` as it stands after "When", with %(days)s where it has days."""

    key: str
    kind: Kind
    label: Text
    find: Find
    verbs: frozenset[str] = frozenset()
    days: int = 0  # what is proposed; nought where it has none
    states: frozenset[str] = frozenset()  # what the record's state has to be still when the trigger acts; none: any

    def in_words(self, days: int) -> str:
        """As it stands after "When"."""
        return str(self.label) % {"days": days} if self.days else str(self.label)


def of_entry(entry: TrailEntry) -> Happening:
    """What an entry of the trail tells."""
    chain = tuple(pk for pk in entry.data.get("chain", ()) if isinstance(pk, int))
    return Happening(entry.target_id, entry.created, f"entry:{entry.pk}", chain)


def _told(*verbs: str) -> tuple[Find, frozenset[str]]:
    def find(organisation: Organisation, start: datetime, end: datetime, _days: int) -> Iterator[Happening]:
        mine = TrailEntry.objects.visible_to(system_actor(organisation))
        for entry in mine.filter(verb__in=verbs, created__gte=start, created__lt=end).order_by("pk").iterator():
            yield of_entry(entry)

    return find, frozenset(verbs)


def _days_before(model: Any, column: str, condition: Q) -> Find:
    """A day of the record comes so many days from now; told in the morning."""

    def find(organisation: Organisation, start: datetime, end: datetime, days: int) -> Iterator[Happening]:
        ahead = timedelta(days=days)
        between = {f"{column}__range": (localdate(start) + ahead, localdate(end) + ahead)}
        rows = model.objects.visible_to(system_actor(organisation)).filter(condition, **between)
        for pk, day in rows.order_by(column, "pk").values_list("pk", column):
            moment = _morning(day - ahead)
            if start <= moment < end:
                yield Happening(pk, moment, f"{model._meta.model_name}:{pk}:{day}")

    return find


def _morning(day: date) -> datetime:
    return make_aware(datetime.combine(day, MORNING))


def _silent(organisation: Organisation, start: datetime, end: datetime, days: int) -> Iterator[Happening]:
    """Partners of whom so many days passed since the last order, or since they became partners."""
    quiet = timedelta(days=days)
    edges = Partnership.objects.visible_to(system_actor(organisation)).active().filter(vendor=organisation)
    times: defaultdict[int, set[datetime]] = defaultdict(set)
    begun = {}
    for pk, partner, since, created in edges.values_list("pk", "partner", "since", "created"):
        begun[partner] = pk
        times[partner].add(_morning(since) if since else created)
    given = Order.objects.visible_to(system_actor(organisation)).filter(seller=organisation, buyer__in=begun)
    given = given.exclude(state__in=NOT_ORDERS).filter(created__gte=start - quiet, created__lt=end)
    for buyer, created in given.values_list("buyer", "created"):
        times[buyer].add(created)
    found = []
    for partner, moments in times.items():
        ordered = sorted(moments)
        for last, following in zip(ordered, [*ordered[1:], None], strict=True):
            at = last + quiet
            if start <= at < end and (following is None or following > at):
                found.append(Happening(begun[partner], at, f"partnership:{begun[partner]}:{localdate(last)}"))
    yield from sorted(found, key=lambda each: (each.at, each.subject_id))


def _of_letters(column: str) -> Find:
    """A letter was opened, or a link in it followed. One in a trigger's own letter carries the chain on."""

    def find(organisation: Organisation, start: datetime, end: datetime, _days: int) -> Iterator[Happening]:
        rows = Recipient.objects.visible_to(system_actor(organisation))
        rows = rows.filter(**{f"{column}__gte": start, f"{column}__lt": end}).order_by(column, "pk")
        found = list(rows.values_list("pk", column, "mailing__source"))
        ours = [pk for pk, _at, source in found if source == SOURCE]
        asked = Run.objects.filter(letter__in=ours).values_list("letter", "trigger", "chain")
        chains = {letter: (*chain, trigger) for letter, trigger, chain in asked}
        for pk, at, _source in found:
            yield Happening(pk, at, f"letter:{pk}", chains.get(pk, ()))

    return find


def _occasion(key: str, kind: str, label: Text, *verbs: str) -> Occasion:
    find, listened = _told(*verbs)
    return Occasion(key, KINDS[kind], label, find, listened)


OCCASIONS: dict[str, Occasion] = {
    each.key: each
    for each in (
        _occasion("lead_created", "lead", _("a lead comes in"), "lead.created"),
        _occasion("lead_asked", "lead", _("the same company asks again"), "lead.asked_again"),
        _occasion("deal_submitted", "deal", _("a deal is submitted"), "deal.submitted"),
        _occasion(
            "deal_approved", "deal", _("a deal is approved"),
            "deal.approved", "deal.approved_by_rule", "deal.deemed_approved",
        ),
        Occasion(
            "deal_expiring", KINDS["deal"], _("the protection of a deal ends in %(days)s days"),
            _days_before(Deal, "protected_until", Q(state__in=("approved", "expired"))),
            days=14, states=frozenset({"approved"}),
        ),
        _occasion("deal_expired", "deal", _("the protection of a deal has ended"), "deal.expired"),
        _occasion("order_received", "order", _("an order comes in"), "order.received"),
        _occasion("order_despatched", "order", _("goods of an order are sent"), "order.despatched"),
        _occasion("order_invoiced", "order", _("an order is invoiced"), "order.invoiced"),
        Occasion(
            "order_silence", KINDS["partnership"], _("a partner has not ordered for %(days)s days"), _silent,
            days=90, states=frozenset({"active"}),
        ),
        _occasion("partnership_active", "partnership", _("a partnership becomes active"), "partnership.activated"),
        Occasion(
            "certification_expiring", KINDS["certification"], _("a certification runs out in %(days)s days"),
            _days_before(Certification, "valid_until", Q(state="confirmed")),
            days=30, states=frozenset({"confirmed"}),
        ),
        Occasion("letter_opened", KINDS["letter"], _("a letter is opened"), _of_letters("opened_at")),
        Occasion("letter_clicked", KINDS["letter"], _("a link in a letter is followed"), _of_letters("clicked_at")),
    )
}  # fmt: skip
BY_VERB: dict[str, list[str]] = {}
for _each in OCCASIONS.values():
    for _verb in _each.verbs:
        BY_VERB.setdefault(_verb, []).append(_each.key)
