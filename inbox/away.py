"""Who was away is told by e-mail what waits unread for them in the portal: each thing once, in a digest.

An app says what waits: `register(members=…, sections=…)`. `members(since)` gives the ids of memberships for whom
something may wait; `sections(actor, after, before)` what it is, as that member may see it now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import now

from inbox.models import AwayMark, Preference
from inbox.quiet import zone_of
from inbox.schedule import MORNING
from inbox.still import quiet_for
from partners.actors import Actor, acting
from partners.models import Membership

KIND = "rooms"
LOOK_BACK = timedelta(days=2)  # what is older and was never told is not told any more
TIME_TO_READ = timedelta(minutes=10)  # somebody who is there reads it in the portal
Email = Preference.Email


@dataclass(frozen=True, slots=True)
class Line:
    """One message: who said what, when. `html` is sanitised already."""

    author: str
    organisation: str
    text: str
    html: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """One place with what waits there, oldest first; `more` that are not shown. `code`: as in `inbox.replies`."""

    code: str
    target_id: int
    place: str
    url: str
    lines: Sequence[Line]
    more: int = 0
    answerable: bool = True


SOURCES: list[tuple[Callable[[datetime], set[int]], Callable[[Actor, datetime, datetime], list[Section]]]] = []


def register(
    *, members: Callable[[datetime], set[int]], sections: Callable[[Actor, datetime, datetime], list[Section]]
) -> None:
    """Have what waits unread in an app told to those who were away."""
    if (members, sections) not in SOURCES:
        SOURCES.append((members, sections))


def members() -> list[Membership]:
    """Live members for whom something may wait."""
    ids: set[int] = set()
    for found, _sections in SOURCES:
        ids |= found(now() - LOOK_BACK)
    live = Membership.objects.live().select_related("organisation").order_by("pk")
    return list(live.filter(pk__in=ids)) if ids else []


def take(membership: Membership) -> tuple[list[Section], datetime] | None:
    """What is to be told to this member now, and up to when they were told before; None where it is not time.

    Taking marks it as told: of two workers only one gets it. `give_back` undoes that.
    """
    moment = now()
    mark, _made = AwayMark.objects.get_or_create(membership=membership, defaults={"told_at": moment - LOOK_BACK})
    if not _is_time(membership, mark.told_at, moment):
        return None
    before, after = moment - TIME_TO_READ, max(mark.told_at, moment - LOOK_BACK)
    if before <= after or not AwayMark.objects.filter(pk=mark.pk, told_at=mark.told_at).update(told_at=before):
        return None
    actor = acting(membership, "system")
    found = [section for _members, sections in SOURCES for section in sections(actor, after, before)]
    return found, mark.told_at


def give_back(membership: Membership, told_at: datetime) -> None:
    """It could not be told: the next run tries again."""
    AwayMark.objects.filter(membership=membership).update(told_at=told_at)


def _is_time(membership: Membership, told_at: datetime, moment: datetime) -> bool:
    chosen = Preference.objects.filter(membership=membership, kind=KIND).first()
    email = chosen.email if chosen else Email.STANDARD
    if email == Email.NONE or quiet_for(membership.user, urgent=False, moment=moment):
        return False
    if email == Email.NOW:
        return True
    last = told_at + TIME_TO_READ  # when the last digest went
    if email == Email.HOURLY:
        return last < moment.replace(minute=0, second=0, microsecond=0)
    local = moment.astimezone(zone_of(membership.user.time_zone))
    morning = datetime.combine(local.date(), MORNING, tzinfo=local.tzinfo)
    return local >= morning and last < morning
