"""A campaign from its draft to its end."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from campaigns.actions.landing import follow_forms
from campaigns.actions.locking import locked, must_be_open, readers, seats_of, write
from campaigns.models import Campaign, Participant
from campaigns.permissions import may_manage, may_open
from chat.actions import open_room
from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.money import format_money, round_money
from core.numbers import with_check_digit
from core.sequences import next_number
from core.states import move
from partners.access import require
from partners.actors import Actor

FIELDS = (
    "name", "goal", "target_leads", "target_deals", "target_revenue", "starts", "ends", "currency", "budget",
)  # fmt: skip
PREFIX = "C-"
MOST = Decimal(100_000_000)


@transaction.atomic
def open_campaign(*, actor: Actor, fields: Mapping[str, Any]) -> Campaign:
    """Begin the draft of a campaign of one's own organisation, which is its first participant.

    `fields` may hold any of FIELDS. Raises DomainError for what makes no campaign.
    """
    require(may_open(actor))
    campaign = Campaign(owner=actor.organisation, currency=actor.organisation.currency)
    _fill(campaign, fields)
    campaign.number = with_check_digit(PREFIX, next_number("campaign"))
    campaign.save()
    seat = Participant(campaign=campaign, owner=campaign.owner, organisation=campaign.owner)
    seat.state, seat.shares_results = Participant.State.ACTIVE, True
    seat.share = seat.agreed = campaign.budget
    if actor.user is not None:
        seat.contact, seat.email, seat.answered_by = actor.user.name[:120], actor.user.email, actor.user
    seat.answered_at = now()
    seat.save()
    record(actor=actor, verb="campaign.opened", target=campaign, parties=())
    return campaign


@transaction.atomic
def change_campaign(
    *, actor: Actor, campaign: Campaign, fields: Mapping[str, Any], version: int | None = None
) -> Campaign:
    """Change a campaign that is not over. Its currency stays once others know of it."""
    campaign = locked(actor, campaign, version)
    require(may_manage(actor, campaign))
    must_be_open(campaign)
    if campaign.state != Campaign.State.DRAFT and fields.get("currency", campaign.currency) != campaign.currency:
        raise DomainError(_("Others have agreed to a share in this currency; it stays."), field="currency")
    before = {name: getattr(campaign, name) for name in FIELDS}
    _fill(campaign, fields)
    changed = [name for name in FIELDS if getattr(campaign, name) != before[name]]
    if changed:
        write(campaign, *changed)
        record(actor=actor, verb="campaign.changed", target=campaign, parties=readers(campaign), fields=changed)
    if "budget" in changed:
        _owner_alone_takes_all(campaign)
    if "name" in changed and campaign.state != Campaign.State.DRAFT:
        _open_room(actor, campaign)
        follow_forms(campaign)
    return campaign


def _owner_alone_takes_all(campaign: Campaign) -> None:
    seats = seats_of(campaign)
    if len(seats) == 1:
        seats[0].share = seats[0].agreed = campaign.budget
        write(seats[0], "share", "agreed")


def _fill(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    """Put the fields in, tidied. Raises DomainError for what makes no campaign."""
    for name in FIELDS:
        if name in fields:
            setattr(campaign, name, fields[name])
    campaign.name = " ".join(str(campaign.name).replace("\x00", "").split())
    campaign.goal = str(campaign.goal).replace("\x00", "").strip()
    if campaign.starts is None or campaign.ends is None or campaign.ends < campaign.starts:
        raise DomainError(_("Say from when until when; the last day cannot come before the first."), field="ends")
    campaign.budget = round_money(campaign.budget or Decimal(0), campaign.currency)
    if not 0 <= campaign.budget <= MOST:
        raise DomainError(_("Give a budget of nought or more, and not above a hundred million."), field="budget")
    try:
        campaign.clean_fields(exclude=["owner", "number", "state"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from error


@transaction.atomic
def delete_campaign(*, actor: Actor, campaign: Campaign) -> None:
    """Throw a draft away. Raises InvalidTransition for a campaign that others know of."""
    campaign = locked(actor, campaign)
    require(may_manage(actor, campaign))
    if campaign.state != Campaign.State.DRAFT:
        raise InvalidTransition(_("Only a draft can be deleted. Cancel the campaign instead."))
    record(actor=actor, verb="campaign.deleted", target=campaign, parties=())
    campaign.delete()


@transaction.atomic
def plan_campaign(*, actor: Actor, campaign: Campaign, version: int | None = None) -> Campaign:
    """Put a draft before those it invites: from now on they see it, and answer.

    Raises DomainError without a company beside one's own, and while the shares do not add up to the budget.
    """
    campaign = locked(actor, campaign, version)
    require(may_manage(actor, campaign))
    seats = seats_of(campaign)
    if len(seats) < 2:
        raise DomainError(_("Invite at least one company first: a joint campaign is run by two or more."))
    must_add_up(campaign, seats)
    if campaign.ends < localdate():
        raise DomainError(_("Its last day is over. Choose another period."), field="ends")
    move(campaign, "plan")
    write(campaign, "state")
    record(actor=actor, verb="campaign.planned", target=campaign, parties=())
    for seat in seats:
        if seat.state == Participant.State.INVITED:
            tell_invited(actor, seat)
    _open_room(actor, campaign)
    return campaign


def tell_invited(actor: Actor, seat: Participant) -> None:
    """Tell a company that it is invited to a campaign that is past its draft."""
    parties = {seat.organisation_id, seat.owner_id}
    who = str(seat.organisation)
    record(actor=actor, verb="campaign.invited", target=seat.campaign, parties=parties, seat=seat.pk, who=who)


def must_add_up(campaign: Campaign, seats: list[Participant]) -> None:
    """Raises DomainError while the shares of a campaign do not add up to its budget."""
    left = campaign.budget - sum((seat.share for seat in seats), Decimal(0))
    if left:
        raise DomainError(
            _("The shares do not add up to the budget: %(amount)s is left over. Share it first.")
            % {"amount": format_money(left, campaign.currency)}
        )


@transaction.atomic
def start_campaign(*, actor: Actor, campaign: Campaign, version: int | None = None) -> Campaign:
    """Start: landing pages open. Raises DomainError while nobody has accepted, and while shares are open."""
    campaign = locked(actor, campaign, version)
    require(may_manage(actor, campaign))
    seats = seats_of(campaign)
    active = [seat for seat in seats if seat.state == Participant.State.ACTIVE]
    if campaign.state == Campaign.State.PLANNED and len(active) < 2:
        raise DomainError(_("Nobody has accepted yet. Wait for an answer, or invite somebody else."))
    if owing := [str(seat) for seat in active if seat.owes_agreement]:
        raise DomainError(_("%(who)s has not agreed to its changed share yet.") % {"who": ", ".join(owing)})
    must_add_up(campaign, seats)
    move(campaign, "start")
    write(campaign, "state")
    follow_forms(campaign)
    record(actor=actor, verb="campaign.started", target=campaign, parties=readers(campaign))
    return campaign


@transaction.atomic
def finish_campaign(*, actor: Actor, campaign: Campaign, version: int | None = None) -> Campaign:
    """End a campaign that ran: landing pages close, results stay."""
    campaign = locked(actor, campaign, version)
    require(may_manage(actor, campaign))
    move(campaign, "finish")
    write(campaign, "state")
    follow_forms(campaign)
    record(actor=actor, verb="campaign.finished", target=campaign, parties=readers(campaign))
    return campaign


@transaction.atomic
def cancel_campaign(*, actor: Actor, campaign: Campaign, reason: str) -> Campaign:
    """Call a campaign off, with a reason that everybody in it reads."""
    campaign = locked(actor, campaign)
    require(may_manage(actor, campaign))
    if not reason.strip():
        raise DomainError(_("Say why, the others read it."), field="reason")
    move(campaign, "cancel")
    campaign.reason = reason.strip()[:1000]
    write(campaign, "state", "reason")
    follow_forms(campaign)
    record(
        actor=actor, verb="campaign.cancelled", target=campaign, parties=readers(campaign), reason=campaign.reason
    )  # fmt: skip
    return campaign


def _open_room(actor: Actor, campaign: Campaign) -> None:
    """The campaign's room, with a seat for everybody who takes part."""
    active = Participant.objects.filter(campaign=campaign, state=Participant.State.ACTIVE)
    seated = [seat.organisation for seat in active.select_related("organisation").order_by("pk")]
    open_room(actor=actor, record=campaign, title=str(campaign), organisations=seated)
