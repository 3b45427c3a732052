"""Who takes part: invitations, answers, shares of the budget."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from campaigns.actions.landing import follow_forms
from campaigns.actions.locking import locked, locked_seat, must_be_open, readers, seats_of, write
from campaigns.actions.planning import must_add_up, tell_invited
from campaigns.models import Campaign, Participant
from campaigns.permissions import may_answer, may_leave, may_manage
from chat.actions import open_room, vacate
from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.money import round_money
from core.states import move
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation

MOST_SEATS = 50
DETAILS = ("contact", "email", "phone", "address", "shares_results")


@transaction.atomic
def invite(*, actor: Actor, campaign: Campaign, organisation: Organisation) -> Participant:
    """Invite a company with which one has an active partnership; of a draft it hears once that is planned.

    Who declined, left or was removed can be invited again. Raises DomainError for one that is in it already, for one
    without a partnership, and when the campaign is full.
    """
    campaign = locked(actor, campaign)
    require(may_manage(actor, campaign))
    must_be_open(campaign)
    _must_be_partner(campaign, organisation)
    if len(seats_of(campaign)) >= MOST_SEATS:
        raise DomainError(_("A campaign takes %(n)d companies at most.") % {"n": MOST_SEATS}, field="organisation")
    rows = Participant.objects.select_for_update(of=("self",)).filter(campaign=campaign, organisation=organisation)
    seat = rows.first()
    if seat is None:
        seat = Participant(campaign=campaign, owner=campaign.owner, organisation=organisation)
    elif seat.state in Participant.SEATED:
        raise DomainError(_("%(who)s is in this campaign already.") % {"who": organisation}, field="organisation")
    else:
        move(seat, "invite")
    seat.campaign, seat.invited_at, seat.answered_at, seat.answered_by, seat.agreed = campaign, now(), None, None, None
    seat.share, seat.reason = Decimal(0), ""
    seat.save()
    if campaign.state == Campaign.State.DRAFT:
        record(actor=actor, verb="campaign.listed", target=campaign, parties=(), who=str(organisation))
    else:
        tell_invited(actor, seat)
    return seat


def _must_be_partner(campaign: Campaign, organisation: Organisation) -> None:
    if not Organisation.objects.partners_of(campaign.owner).filter(pk=organisation.pk).exists():
        raise DomainError(
            _("There is no active partnership with %(who)s.") % {"who": organisation}, field="organisation"
        )


@transaction.atomic
def share_budget(*, actor: Actor, campaign: Campaign, shares: Mapping[int, Decimal]) -> Campaign:
    """Share the whole budget: id of the participant → its amount, for everybody who is invited or takes part.

    Who takes part and gets another amount is asked to agree anew. Raises DomainError for amounts below nought, for
    somebody who is missing or not in it, and for a sum that is not the budget.
    """
    campaign = locked(actor, campaign)
    require(may_manage(actor, campaign))
    must_be_open(campaign)
    seats = seats_of(campaign)
    if {seat.pk for seat in seats} != set(shares):
        raise DomainError(_("Say an amount for everybody in the campaign, and for nobody else."))
    changed = []
    for seat in seats:
        amount = round_money(shares[seat.pk], campaign.currency)
        if amount < 0:
            raise DomainError(_("A share cannot be below nought."), field=f"share-{seat.pk}")
        if amount != seat.share:
            seat.share = amount
            changed.append(seat)
    must_add_up(campaign, seats)
    for seat in changed:
        if seat.is_owner:
            seat.agreed = seat.share
        write(seat, "share", "agreed")
        if seat.owes_agreement and campaign.is_live:
            parties = {seat.owner_id, seat.organisation_id}
            record(actor=actor, verb="campaign.share_changed", target=campaign, parties=parties, seat=seat.pk)
    record(actor=actor, verb="campaign.shared", target=campaign, parties=())
    return campaign


@transaction.atomic
def accept_invitation(*, actor: Actor, seat: Participant, details: Mapping[str, Any]) -> Participant:
    """Take part, with the share as it stands now. `details` may hold any of DETAILS.

    Raises InvalidTransition when the campaign is over, DomainError where the partnership with the owner is not active.
    """
    seat = locked_seat(actor, seat)
    require(may_answer(actor, seat))
    must_be_open(seat.campaign)
    if not Organisation.objects.partners_of(seat.owner).filter(pk=seat.organisation_id).exists():
        raise DomainError(_("Your partnership with %(who)s is not active.") % {"who": seat.owner})
    move(seat, "accept")
    _put_details(seat, details)
    seat.agreed, seat.answered_at, seat.answered_by = seat.share, now(), actor.user
    write(seat, "state", "agreed", "answered_at", "answered_by", *DETAILS)
    open_room(
        actor=actor, record=seat.campaign, title=str(seat.campaign), organisations=[seat.owner, seat.organisation]
    )
    follow_forms(seat.campaign)
    record(actor=actor, verb="campaign.accepted", target=seat.campaign, parties=readers(seat.campaign), seat=seat.pk)
    return seat


def _put_details(seat: Participant, details: Mapping[str, Any]) -> None:
    """Tidy and keep what a participant says of itself. Raises DomainError for what cannot stand on its page."""
    for name in Participant.CONTACT:
        if name in details:
            text = " ".join(str(details[name]).replace("\x00", "").split())
            most = Participant._meta.get_field(name).max_length  # type: ignore[union-attr]
            if most and len(text) > most:
                raise DomainError(_("That is too long."), field=name)
            setattr(seat, name, text)
    if seat.email:
        try:
            validate_email(seat.email)
        except ValidationError as error:
            raise DomainError(_("That is no e-mail address."), field="email") from error
    if "shares_results" in details:
        seat.shares_results = bool(details["shares_results"])


@transaction.atomic
def decline_invitation(*, actor: Actor, seat: Participant, reason: str = "") -> Participant:
    """Say no to an invitation; what was meant as one's share is free again."""
    seat = locked_seat(actor, seat)
    require(may_answer(actor, seat))
    return _end(actor, seat, "decline", "campaign.declined", reason)


@transaction.atomic
def leave_campaign(*, actor: Actor, seat: Participant, reason: str) -> Participant:
    """Leave: one's page closes, one's share is free again, leads that came stay one's own."""
    seat = locked_seat(actor, seat)
    require(may_leave(actor, seat))
    if not reason.strip():
        raise DomainError(_("Say why; %(who)s reads it.") % {"who": seat.owner}, field="reason")
    return _end(actor, seat, "leave", "campaign.left", reason)


@transaction.atomic
def remove_participant(*, actor: Actor, seat: Participant, reason: str = "") -> Participant:
    """Take a company out of a campaign, or an invitation back. Its leads stay its own."""
    seat = locked_seat(actor, seat)
    require(may_manage(actor, seat.campaign))
    if seat.is_owner:
        raise InvalidTransition(_("Who leads a campaign cannot leave it. Cancel it instead."))
    if seat.campaign.state == Campaign.State.DRAFT:
        record(actor=actor, verb="campaign.unlisted", target=seat.campaign, parties=(), who=str(seat.organisation))
        seat.delete()
        return seat
    return _end(actor, seat, "remove", "campaign.removed", reason)


def _end(actor: Actor, seat: Participant, step: str, verb: str, reason: str) -> Participant:
    campaign = seat.campaign
    must_be_open(campaign)
    told = {seat.owner_id, seat.organisation_id}
    move(seat, step)
    seat.reason, seat.share, seat.agreed = reason.strip()[:500], Decimal(0), None
    seat.answered_at, seat.answered_by = now(), actor.user
    write(seat, "state", "reason", "share", "agreed", "answered_at", "answered_by")
    vacate(record=campaign, organisation=seat.organisation)
    follow_forms(campaign)
    record(
        actor=actor, verb=verb, target=campaign, parties=told, seat=seat.pk, who=str(seat.organisation),
        reason=seat.reason,
    )  # fmt: skip
    return seat


@transaction.atomic
def agree_share(*, actor: Actor, seat: Participant) -> Participant:
    """Agree to one's share as it stands now."""
    seat = locked_seat(actor, seat)
    require(may_answer(actor, seat))
    if not seat.owes_agreement or not seat.campaign.is_live:
        raise InvalidTransition(_("There is no changed share to agree to."))
    seat.agreed = seat.share
    write(seat, "agreed")
    parties = {seat.owner_id, seat.organisation_id}
    record(actor=actor, verb="campaign.share_agreed", target=seat.campaign, parties=parties, seat=seat.pk)
    return seat


@transaction.atomic
def change_details(*, actor: Actor, seat: Participant, details: Mapping[str, Any]) -> Participant:
    """Say whom to call and where one is, as it stands on one's page and letters; and whether one shares results."""
    seat = locked_seat(actor, seat)
    require(may_answer(actor, seat))
    before = seat.shares_results
    _put_details(seat, details)
    write(seat, *DETAILS)
    parties = readers(seat.campaign) if seat.shares_results != before else ()
    record(actor=actor, verb="campaign.details_changed", target=seat.campaign, parties=parties)
    return seat
