"""The dry run: whom a trigger would have reached. It reads what happened, and does and stores nothing.

Occasions, conditions, addressees and limits are those of the real thing. What is asked of records and contacts is what
they say today, as the past is not kept; letters of other triggers are not counted against the week.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automation.addressing import NOBODY, Addressee, Book, refused
from automation.conditions import hold
from automation.kinds import Subject
from automation.limits import DEPTH, WEEK, after_quiet, day_of, next_day
from automation.models import Run, Trigger
from automation.occasions import OCCASIONS, Happening, Occasion
from core.numbers import format_moment
from partners.models import Organisation
from promotions.models import Promotion

AT_MOST = 2_000  # occasions of one dry run
AT_ONCE = 200
PERIODS = {
    "7": gettext_lazy("the last 7 days"),
    "30": gettext_lazy("the last 30 days"),
    "90": gettext_lazy("the last 90 days"),
}
Why = Run.Why


@dataclass(frozen=True, slots=True)
class Line:
    """What one occasion would have led to. `note` says of one that is reached why it would have come later."""

    happening: Happening
    subject: Subject
    addressee: Addressee
    why: str = ""
    moment: datetime | None = None
    note: str = ""

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.happening.at

    @property
    def reached(self) -> bool:
        """Whether somebody would have been reached."""
        return not self.why

    @property
    def outcome(self) -> str:
        """The reason in words, or when it would have come."""
        return str(Why(self.why).label) if self.why else self.note

    @property
    def who(self) -> str:
        """Who it is, in words."""
        return str(self.addressee.contact or self.addressee.partner or "")


@dataclass
class Rehearsal:
    """A dry run: its lines, oldest first, and how many of which."""

    start: datetime
    end: datetime
    lines: list[Line] = field(default_factory=list)
    more: bool = False

    @property
    def reached(self) -> int:
        """How many would have been reached."""
        return sum(line.reached for line in self.lines)

    @property
    def left_out(self) -> list[tuple[str | Promise, int]]:
        """Why the others would not, and how many, the most frequent first."""
        counted = Counter(line.why for line in self.lines if line.why)
        return [(Why(why).label, many) for why, many in counted.most_common()]


@dataclass
class _Limits:
    """What was used up so far, in memory."""

    trigger: Trigger
    once: set[str] = field(default_factory=set)
    week: defaultdict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    days: Counter[datetime] = field(default_factory=Counter)
    theirs: dict[int, bool] = field(default_factory=dict)

    def moment_for(self, moment: datetime) -> tuple[datetime, str]:
        """When it would have been done, and why not at once."""
        trigger, note = self.trigger, ""
        for _round in range(30):
            later = after_quiet(moment, trigger.quiet, trigger.time_zone) if trigger.disturbs else moment
            if later > moment:
                moment, note = later, str(Why.QUIET.label)
            if self.days[day_of(moment, trigger.time_zone)] < trigger.daily_max:
                break
            moment, note = next_day(moment, trigger.time_zone), str(Why.DAILY.label)
        return moment, note

    def use(self, once_key: str, addressee: Addressee, moment: datetime) -> None:
        """Count one that is reached."""
        self.once |= {once_key} if once_key else set()
        self.days[day_of(moment, self.trigger.time_zone)] += 1
        if addressee.contact is not None:
            self.week[addressee.contact.pk].append(moment)

    def may_use(self, partner: Organisation) -> bool:
        """Whether the promotion is for a partner; asked once of each."""
        if partner.pk not in self.theirs:
            promotion = Promotion.objects.filter(pk=self.trigger.promotion_id or 0)
            self.theirs[partner.pk] = promotion.for_partner(partner.pk, partner.country).exists()
        return self.theirs[partner.pk]

    def week_is_full(self, addressee: Addressee, moment: datetime) -> bool:
        """Whether the contact had its letters of the week."""
        if addressee.contact is None:
            return False
        lately = [each for each in self.week[addressee.contact.pk] if each > moment - WEEK]
        return len(lately) >= self.trigger.per_week


def rehearse(trigger: Trigger, start: datetime, end: datetime) -> Rehearsal:
    """What the trigger would have done between two moments. It is not stored and need not be."""
    found, occasion = Rehearsal(start, end), OCCASIONS.get(trigger.event)
    if occasion is None:
        return found
    happenings = list(islice(occasion.find(trigger.organisation, start, end, trigger.days), AT_MOST + 1))
    found.more = len(happenings) > AT_MOST
    happenings = sorted(happenings[:AT_MOST], key=lambda each: each.at)
    limits = _Limits(trigger)
    for first in range(0, len(happenings), AT_ONCE):
        found.lines += _lines(trigger, occasion, happenings[first : first + AT_ONCE], limits)
    return found


def _lines(trigger: Trigger, occasion: Occasion, happenings: list[Happening], limits: _Limits) -> Iterator[Line]:
    subjects = occasion.kind.subjects(trigger.organisation, [each.subject_id for each in happenings])
    book = Book.of(trigger, subjects.values())
    for happening in happenings:
        subject = subjects.get(happening.subject_id)
        if subject is None:
            continue
        if trigger.pk in happening.chain or len(happening.chain) >= DEPTH:
            yield Line(happening, subject, NOBODY, Why.CHAIN)
        elif not hold(trigger.rule, subject):
            yield Line(happening, subject, NOBODY, Why.CONDITIONS)
        else:
            for addressee in book.addressees(subject):
                yield _line(trigger, occasion, happening, subject, addressee, limits)


def _line(
    trigger: Trigger, occasion: Occasion, happening: Happening, subject: Subject, addressee: Addressee,
    limits: _Limits,
) -> Line:  # fmt: skip
    once_key = addressee.once_key(trigger, occasion.kind.target, happening.subject_id)
    why = _why(trigger, addressee, once_key, limits)
    moment, note = limits.moment_for(happening.at + timedelta(hours=trigger.delay_hours))
    if not why and limits.week_is_full(addressee, moment):
        why = Why.WEEK
    if why:
        return Line(happening, subject, addressee, why)
    limits.use(once_key, addressee, moment)
    if note:
        note = _("%(when)s: %(why)s") % {"when": format_moment(moment), "why": note}
    return Line(happening, subject, addressee, moment=moment, note=note)


def _why(trigger: Trigger, addressee: Addressee, once_key: str, limits: _Limits) -> str:
    if addressee.nobody:
        return Why.NOBODY
    if once_key and once_key in limits.once:
        return Why.ONCE
    if trigger.act == Trigger.Act.LETTER:
        return refused(addressee.contact, trigger.purpose)
    if trigger.act == Trigger.Act.CODE and addressee.partner is not None:
        return "" if limits.may_use(addressee.partner) else Why.NOT_THEIRS
    return ""
