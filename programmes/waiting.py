"""What of programmes waits for an actor."""

from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from core.waiting import Waiting
from partners.actors import Actor
from programmes.models import Certification, Standing

SHOWN = 8
RUNS_OUT_WITHIN = timedelta(days=30)


def counts(actor: Actor) -> dict[str, int]:
    """The badge of the programme: certificates to confirm."""
    return {"programmes": _reported(actor).count()} if actor.can("programmes.manage") else {}


def waiting(actor: Actor) -> list[Waiting]:
    """Certificates to confirm, those of one's own people that run out, and tiers about to fall."""
    found: list[Waiting] = []
    if actor.can("programmes.manage"):
        found += [
            Waiting(str(row), str(row.partner), row.get_absolute_url(), _("Confirm"))
            for row in _reported(actor).select_related("partner").order_by("created", "pk")[:SHOWN]
        ]
    if actor.can("programmes.certify"):
        found += [*_falling(actor), *_running_out(actor)]
    return found


def _reported(actor: Actor) -> QuerySet[Certification]:
    rows = Certification.objects.visible_to(actor)
    return rows.filter(vendor=actor.organisation, state=Certification.State.REPORTED)


def _falling(actor: Actor) -> list[Waiting]:
    rows = Standing.objects.visible_to(actor).of_active().filter(partner=actor.organisation, falls_on__isnull=False)
    return [
        Waiting(
            title=_("Your tier with %(vendor)s is about to fall") % {"vendor": row.vendor},
            sub=str(row.partnership.tier),
            url=row.get_absolute_url(),
            action_label=_("See what is missing"),
            due=make_aware(datetime.combine(row.falls_on, time.min)) if row.falls_on else None,
            tone="warn",
        )
        for row in rows.select_related("vendor", "partnership__tier").order_by("falls_on", "pk")[:SHOWN]
    ]


def _running_out(actor: Actor) -> list[Waiting]:
    """What counts today and soon no longer does, where no newer certificate of the same name takes its place."""
    today = localdate()
    mine = Certification.objects.visible_to(actor).filter(partner=actor.organisation)
    last = today + RUNS_OUT_WITHIN
    renewed = set(mine.filter(valid_until__gt=last).values_list("vendor", "name", "membership"))
    rows = mine.held_on(today).filter(valid_until__lte=last).select_related("vendor")
    return [
        Waiting(
            title=str(row),
            sub=_("Runs out; report the new one to %(vendor)s.") % {"vendor": row.vendor},
            url=row.get_absolute_url(),
            action_label=_("Look at it"),
            due=make_aware(datetime.combine(row.valid_until, time.max)) if row.valid_until else None,
            tone="warn",
        )
        for row in rows.order_by("valid_until", "pk")[:SHOWN]
        if (row.vendor_id, row.name, row.membership_id) not in renewed
    ]
