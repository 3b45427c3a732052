"""Who tries too often to find out what a check knows has to wait; and a vendor is told of a high share of misses.

The limit counts what a partner did, never what the check found, so that reaching it says nothing either.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.models import TrailEntry
from core.numbers import format_day
from deals.models import Attempt, Deal, ProbingLimit
from deals.permissions import may_set_terms
from partners.access import require
from partners.actors import Actor, system_actor

SOON = timedelta(days=1)  # a withdrawal this soon after submitting is a retry
LOOK_BACK = timedelta(days=90)
QUIET = timedelta(days=14)  # at most one alert about a partner in this time
FIELDS = ("submissions", "retries", "hours", "alert_percent", "alert_from")
VERB = "deal.many_missed"


class TooOften(DomainError):
    """The partner registered, or tried again, as often as its vendor allows in the window."""

    code = "too_often"


def limit_of(vendor_id: int) -> ProbingLimit:
    """The vendor's limit, or the house's where it never set one (unsaved)."""
    return ProbingLimit.objects.filter(vendor=vendor_id).first() or ProbingLimit(vendor_id=vendor_id)


def require_room(deal: Deal) -> None:
    """Raise TooOften, with the moment from which it goes on, when the partner's window with this vendor is full."""
    limit = limit_of(deal.vendor_id)
    window = timedelta(hours=limit.hours)
    rows = Attempt.objects.filter(vendor=deal.vendor_id, partner=deal.partner_id, at__gt=now() - window)
    for kind, most in ((Attempt.Kind.SUBMITTED, limit.submissions), (Attempt.Kind.RETRY, limit.retries)):
        newest = list(rows.filter(kind=kind).order_by("-at", "-pk").values_list("at", flat=True)[:most])
        if len(newest) >= most:
            raise TooOften(_wait(deal, newest[-1] + window))


def _wait(deal: Deal, until: datetime) -> str:
    moment = localtime(until)
    return _(
        "Your organisation registered very often with %(who)s in a short time. Go on from %(day)s, %(time)s; "
        "the draft is kept."
    ) % {"who": deal.vendor, "day": format_day(moment), "time": f"{moment:%H:%M}"}


def note_submission(deal: Deal) -> None:
    """Count a registration."""
    Attempt.objects.create(vendor_id=deal.vendor_id, partner_id=deal.partner_id, kind=Attempt.Kind.SUBMITTED)


def note_retry(deal: Deal) -> None:
    """Count a try that was refused as one's own duplicate; written after that was rolled back."""
    Attempt.objects.create(vendor_id=deal.vendor_id, partner_id=deal.partner_id, kind=Attempt.Kind.RETRY)


def note_withdrawal(deal: Deal) -> None:
    """Count a registration that was taken back within a day."""
    if deal.submitted_at is not None and deal.submitted_at > now() - SOON:
        note_retry(deal)


def look_at_misses(deal: Deal) -> None:
    """Tell the vendor, once a fortnight at most, when most of what a partner registered was rejected or withdrawn."""
    limit = limit_of(deal.vendor_id)
    mine = Deal.objects.filter(vendor=deal.vendor_id, partner=deal.partner_id, submitted_at__gt=now() - LOOK_BACK)
    ended = mine.exclude(state__in=(*Deal.PENDING, Deal.State.DRAFT)).count()
    missed = mine.filter(state__in=(Deal.State.REJECTED, Deal.State.WITHDRAWN)).count()
    if ended < limit.alert_from or missed * 100 < limit.alert_percent * ended:
        return
    told = TrailEntry.objects.filter(verb=VERB, organisation=deal.vendor_id, created__gt=now() - QUIET)
    if not told.filter(data__partner=deal.partner_id).exists():
        facts = {"partner": deal.partner_id, "who": str(deal.partner), "missed": missed, "ended": ended}
        record(actor=system_actor(deal.vendor), verb=VERB, target=deal, parties=(), **facts)


@transaction.atomic
def set_probing_limit(*, actor: Actor, fields: Mapping[str, Any]) -> ProbingLimit:
    """Change any of FIELDS for one's own organisation. Raises DomainError for a value out of range."""
    require(may_set_terms(actor))
    row = ProbingLimit.objects.get_or_create(vendor=actor.organisation)[0]
    before = {name: getattr(row, name) for name in FIELDS}
    for name in FIELDS:
        setattr(row, name, fields.get(name, before[name]))
    try:
        row.clean_fields()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(sentences[0], field=field) from error
    changed = {name: [before[name], getattr(row, name)] for name in FIELDS if before[name] != getattr(row, name)}
    if changed:
        row.save(update_fields=list(changed))
        record(actor=actor, verb="probing.changed", target=row, changed=changed)
    return row
