"""The trail: what happened, written in the transaction of the change, delivered to subscribers once that commits.

An entry is both the audit record and the event. `record()` writes it; after commit `fan_out` hands it to the functions
that subscribed to its verb (notifications, room lines, webhooks, other apps). A sweeper makes good what was lost, so a
subscriber runs at least once and, as it runs in the transaction that marks the entry delivered, has its effect once.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, Protocol

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.timezone import now
from django_tasks import task

from core.models import TrailEntry, TrailReader
from core.numbers import format_day
from core.scoping import ActsFor

log = logging.getLogger("filiera.trail")
Subscriber = Callable[[TrailEntry], None]
SUBSCRIBERS: defaultdict[str, list[Subscriber]] = defaultdict(list)
GIVE_UP_AFTER = 10
TOGETHER = 100  # entries that one job hands on, where many are written at once
_chain: ContextVar[tuple[int, ...]] = ContextVar("trail_chain", default=())
_owed: ContextVar[list[int] | None] = ContextVar("trail_owed", default=None)


class TrailActor(ActsFor, Protocol):
    """What the trail notes of an actor."""

    @property
    def user(self) -> Any: ...

    @property
    def service_account(self) -> Any: ...

    @property
    def via(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Description:
    """How a verb reads in a timeline, a room and the trail: its sentence, its tone, and who may know.

    The sentence may name %(actor)s, %(organisation)s, %(title)s and any key of the entry's data.
    """

    text: str | Promise
    tone: str = "still"
    capability: str = ""


DESCRIPTIONS: dict[str, Description] = {}
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def describe(verb: str, text: str | Promise, *, tone: str = "still", capability: str = "") -> None:
    """Say how a verb reads. Every verb that is recorded has a description (a test holds the apps to it)."""
    DESCRIPTIONS[verb] = Description(text, tone, capability)


def sentence(entry: TrailEntry) -> str:
    """The entry in words, in the active language."""
    words = defaultdict(str, {key: _read(value) for key, value in entry.data.items()})
    words |= {
        "actor": str(entry.user or entry.service_account or entry.organisation),
        "organisation": str(entry.organisation),
        "title": entry.title,
    }
    described = DESCRIPTIONS.get(entry.verb)
    return str(described.text) % words if described else entry.verb


def _read(value: Any) -> Any:
    """A value as the sentence says it: data keeps days as ISO 8601, people read them in their own way."""
    if not (isinstance(value, str) and ISO_DAY.fullmatch(value)):
        return value
    try:
        return format_day(date.fromisoformat(value))
    except ValueError:
        return value


def tone(entry: TrailEntry) -> str:
    """info, good, warn, bad or still."""
    described = DESCRIPTIONS.get(entry.verb)
    return described.tone if described else "still"


class Reader(ActsFor, Protocol):
    """What reading the trail asks of an actor."""

    def can(self, capability: str) -> bool:
        """True when the actor holds the capability."""
        ...


def may_know(reader: Reader, verb: str) -> bool:
    """True when the verb asks for no capability, or for one that the reader holds."""
    described = DESCRIPTIONS.get(verb)
    return described is None or not described.capability or reader.can(described.capability)


def unknowable_verbs(reader: Reader) -> list[str]:
    """The verbs that ask for a capability which the reader does not hold."""
    return [verb for verb in DESCRIPTIONS if not may_know(reader, verb)]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a timeline shows it."""

    entry: TrailEntry
    text: str
    tone: str
    detail: str

    @property
    def key(self) -> str:
        """Names the line in a page, the same at each showing. The entry's own number would count what is hidden."""
        return salted_hmac("core.audit.line", str(self.entry.pk)).hexdigest()[:12]


def line_of(entry: TrailEntry) -> Line:
    """The entry's sentence and tone, and the note or reason that its author gave."""
    words = (entry.data.get(key) for key in ("note", "reason"))
    return Line(entry, sentence(entry), tone(entry), next((str(word) for word in words if word), ""))


def timeline_of(actor: Reader, *things: models.Model, limit: int = 200) -> list[Line]:
    """What happened to these records that the actor may know of, newest first: the same story for both sides.

    Shown by `components/timeline.html`. One query, however many entries.
    """
    about = reduce(or_, (Q(target=thing._meta.label_lower, target_id=thing.pk) for thing in things))
    told = TrailEntry.objects.visible_to(actor).filter(about).order_by("-pk")
    entries = told.select_related("user", "service_account", "organisation")[:limit]
    return [line_of(entry) for entry in entries if may_know(actor, entry.verb)]


def subscribe(*verbs: str) -> Callable[[Subscriber], Subscriber]:
    """Call the decorated function with each entry of these verbs; "*" hears everything."""

    def register(subscriber: Subscriber) -> Subscriber:
        for verb in verbs:
            if subscriber not in SUBSCRIBERS[verb]:
                SUBSCRIBERS[verb].append(subscriber)
        return subscriber

    return register


def record(
    *, actor: TrailActor, verb: str, target: models.Model, parties: Iterable[int] | None = None, **data: Any
) -> TrailEntry:
    """Write what happened, for the organisations that may know of it, and have it delivered on commit.

    `parties` are ids of organisations; without it the parties of `target` hear of it. The actor's own always does.
    Pass `parties=()` for what concerns one's own organisation alone.
    """
    if parties is None:
        parties = target.party_ids()  # type: ignore[attr-defined]
    if chain := _chain.get():
        data["chain"] = list(chain)
    entry = TrailEntry.objects.create(
        organisation=actor.organisation,
        user=actor.user,
        service_account=actor.service_account,
        via=actor.via,
        verb=verb,
        target=target._meta.label_lower,
        target_id=target.pk,
        title=str(target)[:200],
        data=data,
    )
    readers = {actor.organisation.pk, *parties}
    TrailReader.objects.bulk_create([TrailReader(entry=entry, organisation_id=pk) for pk in sorted(readers)])
    transaction.on_commit(lambda: _owe(entry.pk), robust=True)
    return entry


@contextmanager
def caused_by(chain: tuple[int, ...]) -> Iterator[None]:
    """What is recorded inside carries `chain` in its data: the triggers that brought it about, the first one first.
    So whoever acts on what happened can tell what it brought about itself."""
    token = _chain.set(chain)
    try:
        yield
    finally:
        _chain.reset(token)


@contextmanager
def delivered_together() -> Iterator[None]:
    """Entries committed inside are handed on a hundred to a job, the last of them at the end: for work that commits
    many times. What a crash leaves behind is the sweeper's, as ever."""
    owed: list[int] = []
    token = _owed.set(owed)
    try:
        yield
    finally:
        _owed.reset(token)
        _enqueue(owed)


def _owe(entry_id: int) -> None:
    owed = _owed.get()
    if owed is None:
        fan_out.enqueue(entry_id)
        return
    owed.append(entry_id)
    if len(owed) >= TOGETHER:
        _enqueue(owed)


def _enqueue(owed: list[int]) -> None:
    ids = owed.copy()
    owed.clear()
    try:
        if ids:
            fan_out_all.enqueue(ids)
    except Exception:  # as with a single entry, whose hook on commit is robust: the change itself has been committed
        log.exception("%s entries of the trail were left to the sweeper", len(ids))


@task()
def fan_out(entry_id: int) -> None:
    """Deliver an entry, and before it whatever is still owed of the same record: a record's events keep their order."""
    _hand_on([entry_id])


@task()
def fan_out_all(entry_ids: list[int]) -> None:
    """Deliver several entries as `fan_out` does; one that fails holds up those of its own record alone."""
    _hand_on(entry_ids)


def _hand_on(entry_ids: list[int]) -> None:
    asked = TrailEntry.objects.filter(pk__in=entry_ids, fanned_out_at=None)
    records: defaultdict[str, set[int]] = defaultdict(set)
    for target, target_id in asked.values_list("target", "target_id"):
        records[target].add(target_id)
    if not records:
        return
    about = reduce(or_, (Q(target=target, target_id__in=ids) for target, ids in records.items()))
    owed = TrailEntry.objects.filter(
        about, pk__lte=max(entry_ids), fanned_out_at=None, attempts__lt=GIVE_UP_AFTER
    ).order_by("pk")
    failed = set()
    for pk, *record_of in owed.values_list("pk", "target", "target_id"):
        if tuple(record_of) not in failed and not _deliver(pk):
            failed.add(tuple(record_of))


def _deliver(entry_id: int) -> bool:
    """Hand one entry to its subscribers, all or none; a failure is counted and left to the sweeper."""
    try:
        with transaction.atomic():
            entry = TrailEntry.objects.select_for_update(of=("self",)).filter(pk=entry_id, fanned_out_at=None).first()
            if entry is None:
                return True
            for subscriber in (*SUBSCRIBERS[entry.verb], *SUBSCRIBERS["*"]):
                subscriber(entry)
            entry.fanned_out_at = now()
            entry.save(update_fields=["fanned_out_at"])
    except Exception:
        log.exception("entry %s of the trail was not delivered", entry_id)
        TrailEntry.objects.filter(pk=entry_id).update(attempts=F("attempts") + 1)
        return False
    return True


@task()
def deliver_owed() -> None:
    """The sweeper: deliver what was written over a minute ago and never handed on."""
    owed = TrailEntry.objects.filter(
        fanned_out_at=None, attempts__lt=GIVE_UP_AFTER, created__lt=now() - timedelta(minutes=1)
    )
    for pk in owed.order_by("pk").values_list("pk", flat=True)[:500]:
        fan_out.call(pk)
