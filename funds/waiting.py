"""What of funds waits for an actor."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.waiting import Waiting
from funds.models import Claim, FundRequest
from partners.actors import Actor

SHOWN = 8
SOON = timedelta(days=10)
Ask, Money = FundRequest.State, Claim.State


def counts(actor: Actor) -> dict[str, int]:
    """The badge of funds: what one may decide, release, settle or correct now."""
    mine = ("funds.decide", "funds.finance", "funds.request")
    if not any(actor.can(each) for each in mine):
        return {}
    return {"funds": sum(rows.count() for rows, _label in _all(actor))}


def waiting(actor: Actor) -> list[Waiting]:
    """Requests and claims to decide, to release, to settle, to correct; grants that nobody has claimed yet."""
    found = [each for rows, label in _all(actor) for each in _rows(rows, label)]
    return [*found, *_unclaimed(actor)] if actor.can("funds.request") else found


def _all(actor: Actor) -> Iterable[tuple[QuerySet, str]]:
    """What waits, by the verb of its button."""
    us = actor.organisation
    asked, claimed = FundRequest.objects.visible_to(actor), Claim.objects.visible_to(actor)
    if actor.can("funds.decide"):
        yield asked.filter(vendor=us, state__in=(Ask.SUBMITTED, Ask.IN_REVIEW)), _("Decide")
        yield claimed.filter(vendor=us, state__in=(Money.SUBMITTED, Money.IN_REVIEW)), _("Decide")
    if actor.can("funds.finance"):
        yield asked.filter(vendor=us, state=Ask.PENDING_FINANCE), _("Release")
        yield claimed.filter(vendor=us, state__in=Claim.TO_SETTLE), _("Settle")
    if actor.can("funds.request"):
        yield asked.filter(partner=us, state=Ask.RETURNED), _("Correct")
        yield claimed.filter(partner=us, state=Money.RETURNED), _("Correct")


def _rows(rows: QuerySet, label: str) -> list[Waiting]:
    return [
        Waiting(
            title=str(row),
            sub=f"{row.partner} → {row.vendor}",
            url=row.get_absolute_url(),
            action_label=label,
            tone="info",
        )
        for row in rows.select_related("vendor", "partner").order_by("pk")[:SHOWN]
    ]


def _unclaimed(actor: Actor) -> list[Waiting]:
    """What was granted, is over, and goes back soon if nobody claims it."""
    soon = localdate() + SOON
    rows = FundRequest.objects.visible_to(actor).filter(
        partner=actor.organisation,
        state__in=FundRequest.GRANTED,
        released_on=None,
        claim_until__range=(localdate(), soon),
    )
    quiet = rows.exclude(pk__in=Claim.objects.visible_to(actor).values("request"))
    return [
        Waiting(
            title=_("Claim %(title)s") % {"title": row.title},
            sub=_("What is not claimed by %(day)s goes back to %(vendor)s.")
            % {"day": row.claim_until, "vendor": row.vendor},
            url=row.get_absolute_url(),
            action_label=_("Claim"),
            tone="warn",
        )
        for row in quiet.select_related("vendor").order_by("claim_until", "pk")[:SHOWN]
    ]
