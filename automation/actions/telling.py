"""An occasion is told: rows for whom it may reach, or the reason why it reaches nobody. Nothing is done yet.

Told twice it is one row: the trigger is held while rows are looked for, and constraints stand behind it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now

from automation.actions.locking import held
from automation.addressing import NOBODY, Addressee, Book
from automation.conditions import hold
from automation.kinds import Subject
from automation.limits import DEPTH
from automation.models import Run, Trigger
from automation.occasions import OCCASIONS, Happening, Occasion

AT_ONCE = 500  # occasions that are told in one transaction
OVERLAP = timedelta(minutes=10)
Why = Run.Why


@transaction.atomic
def take_up(*, pk: int, happenings: Iterable[Happening]) -> int:
    """Tell a trigger what happened; how many rows are new. What happened before it was started, or to a record that
    its organisation may not see, is not for it."""
    trigger = held(pk)
    occasion = OCCASIONS.get(trigger.event) if trigger else None
    if trigger is None or occasion is None or trigger.active_since is None:
        return 0
    since = trigger.active_since
    mine = [each for each in happenings if occasion.days or each.at >= since]
    return _write(trigger, occasion, mine)


def _write(trigger: Trigger, occasion: Occasion, happenings: list[Happening]) -> int:
    subjects = occasion.kind.subjects(trigger.organisation, [each.subject_id for each in happenings])
    book = Book.of(trigger, subjects.values())
    keys = [each.key for each in happenings]
    known = set(Run.objects.filter(trigger=trigger, occasion__in=keys).values_list("occasion", flat=True))
    many = 0
    for happening in happenings:
        subject = subjects.get(happening.subject_id)
        if subject is None or happening.key in known:
            continue
        known.add(happening.key)
        for row in _rows(trigger, occasion, happening, subject, book):
            row.save()
            many += 1
    return many


def _rows(trigger: Trigger, occasion: Occasion, happening: Happening, subject: Subject, book: Book) -> Iterable[Run]:
    if trigger.pk in happening.chain or len(happening.chain) >= DEPTH:
        yield _row(trigger, occasion, happening, subject, NOBODY, Why.CHAIN)
    elif not hold(trigger.rule, subject):
        yield _row(trigger, occasion, happening, subject, NOBODY, Why.CONDITIONS)
    else:
        for addressee in book.addressees(subject):
            yield _row(trigger, occasion, happening, subject, addressee, Why.NOBODY if addressee.nobody else "")


def _row(
    trigger: Trigger, occasion: Occasion, happening: Happening, subject: Subject, addressee: Addressee, why: str
) -> Run:
    target = occasion.kind.target
    once_key = "" if why else addressee.once_key(trigger, target, happening.subject_id)
    if once_key and Run.objects.filter(trigger=trigger, once_key=once_key).exists():
        why, once_key = Why.ONCE, ""
    return Run(
        trigger=trigger,
        organisation_id=trigger.organisation_id,
        version=trigger.version,
        target=target,
        target_id=happening.subject_id,
        title=subject.title[:200],
        occasion=happening.key[:80],
        addressee=addressee.key,
        once_key=once_key,
        chain=list(happening.chain),
        contact=addressee.contact,
        partner=addressee.partner or subject.partner,
        state=Run.State.LEFT_OUT if why else Run.State.WAITING,
        why=why,
        happened_at=happening.at,
        due_at=happening.at + timedelta(hours=trigger.delay_hours),
        settled_at=now() if why else None,
    )


def look(*, pk: int, until: datetime | None = None) -> int:
    """Look for a trigger's occasions since it looked last, a little further back too; how many rows are new.

    So what the clock brings is found, and what was lost on its way is made good.
    """
    row = Trigger.objects.filter(pk=pk, state=Trigger.State.ACTIVE).select_related("organisation").first()
    occasion = OCCASIONS.get(row.event) if row else None
    if row is None or occasion is None or row.looked_until is None:
        return 0
    end = until or now()
    found, many, batch = occasion.find(row.organisation, row.looked_until - OVERLAP, end, row.days), 0, []
    for happening in found:
        batch.append(happening)
        if len(batch) == AT_ONCE:
            many += take_up(pk=pk, happenings=batch)
            batch = []
    many += take_up(pk=pk, happenings=batch)
    Trigger.objects.filter(pk=pk, looked_until__lt=end).update(looked_until=end)
    return many
