"""Who is away, from when until when, and who stands in."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from deals.models import Absence
from deals.permissions import may_be_absent
from partners.access import require
from partners.actors import Actor
from partners.models import Membership, Organisation, User

LONGEST = timedelta(days=366)


@transaction.atomic
def set_absence(*, actor: Actor, user: User, start: date, end: date, delegate: User | None = None) -> Absence:
    """Note that oneself, or for who manages people a colleague, is away; both days are included.

    Raises DomainError, naming the field, for days that make no sense or overlap an absence that is known, for a
    delegate who is no colleague, and for delegates who would stand in for each other in a circle.
    """
    require(may_be_absent(actor, user.pk))
    # one at a time: two could otherwise name each other at once
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.organisation.pk)
    _require_days(start, end)
    _require_colleague(actor, user, "user")
    known = Absence.objects.visible_to(actor).touching(start, end)
    if known.filter(user=user).exists():
        raise DomainError(_("An absence in these days is noted already. End it first."), field="start")
    if delegate is not None:
        _require_colleague(actor, delegate, "delegate")
        _require_no_circle(user, delegate, dict(known.values_list("user", "delegate")))
    row = Absence.objects.create(organisation=actor.organisation, user=user, start=start, end=end, delegate=delegate)
    record(actor=actor, verb="absence.set", target=row, who=str(user), delegate=str(delegate or ""))
    return row


def _require_days(start: date, end: date) -> None:
    if end < start:
        raise DomainError(_("The last day comes before the first."), field="end")
    if end < localdate():
        raise DomainError(_("These days are over."), field="end")
    if end - start > LONGEST or start - localdate() > LONGEST:
        raise DomainError(_("An absence begins and ends within a year."), field="end")


def _require_colleague(actor: Actor, user: User, field: str) -> None:
    if not Membership.objects.visible_to(actor).filter(user=user, active=True).exists():
        raise DomainError(_("Choose somebody of your own organisation."), field=field)


def _require_no_circle(user: User, delegate: User, stands_in: dict[int, int | None]) -> None:
    at: int | None = delegate.pk
    for _step in range(len(stands_in) + 1):
        if at == user.pk:
            raise DomainError(
                _("%(who)s would in the end be replaced by themselves. Choose somebody else.") % {"who": user},
                field="delegate",
            )
        at = stands_in.get(at) if at is not None else None


@transaction.atomic
def end_absence(*, actor: Actor, absence: Absence) -> None:
    """Somebody is back, or does not go: the absence is forgotten from today on."""
    row = Absence.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=absence.pk)
    require(may_be_absent(actor, row.user_id))
    record(actor=actor, verb="absence.ended", target=row, who=str(row.user))
    if row.start < localdate() <= row.end:
        row.end = localdate() - timedelta(days=1)
        row.save(update_fields=["end"])
    elif row.end >= localdate():
        row.delete()
