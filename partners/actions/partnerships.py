"""Partnerships: applying, the steps of the table, terms."""

from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.realtime import control
from core.states import move
from partners.access import require
from partners.actors import Actor
from partners.models import Membership, Organisation, Partnership, Programme, Tier, User
from partners.permissions import may_manage_partnerships, may_set_terms, may_step

VERBS = {
    "review": "partnership.reviewed",
    "activate": "partnership.activated",
    "suspend": "partnership.suspended",
    "resume": "partnership.resumed",
    "end": "partnership.ended",
    "decline": "partnership.declined",
}


def open_partnership(*, vendor: Organisation, partner: Organisation, kind: str, state: str) -> Partnership:
    """A new edge in its first state. Raises DomainError for oneself and while one of that kind is open."""
    if vendor == partner:
        raise DomainError(_("A company cannot be its own partner."))
    # the vendor's row is the lock: two people accepting at once make one edge
    Organisation.objects.select_for_update(of=("self",)).get(pk=vendor.pk)
    if Partnership.objects.filter(vendor=vendor, partner=partner, kind=kind).unfinished().exists():
        raise DomainError(
            _("%(vendor)s and %(partner)s have a partnership of this kind already.")
            % {"vendor": vendor, "partner": partner}
        )
    return Partnership.objects.create(vendor=vendor, partner=partner, kind=kind, state=state)


def programme_of(code: str) -> Programme | None:
    """The programme that a link for applicants leads to, while it takes applications."""
    return Programme.objects.select_related("vendor").filter(code=code, takes_applications=True).first()


@transaction.atomic
def change_programme(*, actor: Actor, name: str, takes_applications: bool) -> Programme:
    """Name the partner programme, and say whether companies with its link may apply. Made at the first call."""
    require(may_manage_partnerships(actor))
    programme, _new = Programme.objects.get_or_create(vendor=actor.organisation, defaults={"name": name})
    programme.name, programme.takes_applications = name, takes_applications
    programme.save(update_fields=["name", "takes_applications"])
    after = {"name": name, "takes_applications": takes_applications}
    record(actor=actor, verb="programme.changed", target=programme, parties=(), after=after)
    return programme


@transaction.atomic
def apply_for_partnership(*, actor: Actor, programme: Programme, kind: str, application: str) -> Partnership:
    """Ask a vendor whose programme takes applications to become its partner."""
    require(may_manage_partnerships(actor))
    if not programme.takes_applications:
        raise DomainError(_("%(vendor)s takes no applications now.") % {"vendor": programme.vendor})
    partnership = open_partnership(
        vendor=programme.vendor, partner=actor.organisation, kind=kind, state=Partnership.State.APPLIED
    )
    partnership.application = application
    partnership.save(update_fields=["application"])
    record(actor=actor, verb="partnership.applied", target=partnership)
    return partnership


def locked(actor: Actor, partnership: Partnership) -> Partnership:
    """The partnership as it is now, under lock, if the actor's organisation is a party."""
    rows = Partnership.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("vendor", "partner").get(pk=partnership.pk)


@transaction.atomic
def move_partnership(*, actor: Actor, partnership: Partnership, step: str, reason: str = "") -> Partnership:
    """Take one step of the table: review, activate, suspend, resume, end or decline.

    Suspending and ending cut the open sockets of both companies off what they shared. Raises DomainError without a
    reason where the other company is owed one.
    """
    partnership = locked(actor, partnership)
    require(may_step(actor, partnership, step))
    if step in {"suspend", "end", "decline"} and not reason.strip():
        raise DomainError(_("Say why: the other company will read it."), field="reason")
    if step == "activate":
        return activate(actor, partnership)
    move(partnership, step)
    partnership.save(update_fields=["state"])
    record(actor=actor, verb=VERBS[step], target=partnership, reason=reason.strip())
    recheck_both(partnership)
    return partnership


def activate(actor: Actor, partnership: Partnership) -> Partnership:
    """Business may begin: from today, in the vendor's lowest tier unless one was set. Called under lock."""
    move(partnership, "activate")
    partnership.since = partnership.since or localdate()
    if partnership.tier is None:
        partnership.tier = Tier.objects.filter(programme__vendor=partnership.vendor_id).first()
    partnership.save(update_fields=["state", "since", "tier"])
    record(actor=actor, verb="partnership.activated", target=partnership)
    recheck_both(partnership)
    return partnership


def recheck_both(partnership: Partnership) -> None:
    """Tell the open sockets of both companies to look again at what they may hear."""
    for pk in sorted(partnership.party_ids()):
        control(f"organisation.{pk}", do="recheck")


@transaction.atomic
def check_off(*, actor: Actor, partnership: Partnership, item: str, done: bool) -> Partnership:
    """Tick an item of the review's checklist, or untick it."""
    partnership = locked(actor, partnership)
    require(may_set_terms(actor, partnership))
    if item not in Partnership.CHECKLIST:
        raise DomainError(_("The checklist has no such item."))
    if partnership.state != Partnership.State.IN_REVIEW:
        raise DomainError(_("The checklist belongs to the review, and this is not in review."))
    done_now = set(partnership.checklist) | {item} if done else set(partnership.checklist) - {item}
    partnership.checklist = [code for code in Partnership.CHECKLIST if code in done_now]
    partnership.save(update_fields=["checklist"])
    return partnership


@transaction.atomic
def change_terms(
    *, actor: Actor, partnership: Partnership, tier: Tier | None, territory: str, channel_manager: User | None
) -> Partnership:
    """Set tier, territory and channel manager; the tier is one of the vendor's, the manager one of its members."""
    partnership = locked(actor, partnership)
    require(may_set_terms(actor, partnership))
    if tier is not None and not Tier.objects.visible_to(actor).filter(pk=tier.pk).exists():
        raise DomainError(_("Choose a tier of your own programme."), field="tier")
    members = Membership.objects.visible_to(actor).filter(active=True)
    if channel_manager is not None and not members.filter(user=channel_manager).exists():
        raise DomainError(_("Choose a member of your organisation."), field="channel_manager")
    before = _terms(partnership)
    partnership.tier, partnership.territory, partnership.channel_manager = tier, territory, channel_manager
    partnership.save(update_fields=["tier", "territory", "channel_manager"])
    after = _terms(partnership)
    if before != after:
        record(actor=actor, verb="partnership.terms_changed", target=partnership, before=before, after=after)
    return partnership


def _terms(partnership: Partnership) -> dict[str, Any]:
    return {
        "tier": str(partnership.tier or ""),
        "territory": partnership.territory,
        "channel_manager": str(partnership.channel_manager or ""),
    }
