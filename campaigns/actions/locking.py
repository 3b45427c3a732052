"""How every action reads before it decides: the campaign first, then the seat, each anew under lock."""

from django.utils.translation import gettext as _

from campaigns.models import Campaign, Participant
from core.errors import InvalidTransition, StaleObject
from partners.actors import Actor


def locked(actor: Actor, campaign: Campaign, version: int | None = None) -> Campaign:
    """The campaign under lock. Raises DoesNotExist for strangers, StaleObject when `version` is not current."""
    rows = Campaign.objects.visible_to(actor).select_for_update(of=("self",))
    found: Campaign = rows.select_related("owner").get(pk=campaign.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


def locked_seat(actor: Actor, seat: Participant) -> Participant:
    """The seat under lock, after its campaign. Raises DoesNotExist for strangers."""
    known = Participant.objects.visible_to(actor).only("campaign").get(pk=seat.pk)
    campaign = locked(actor, Campaign(pk=known.campaign_id))
    rows = Participant.objects.visible_to(actor).select_for_update(of=("self",))
    found: Participant = rows.select_related("organisation").get(pk=seat.pk)
    found.campaign, found.owner = campaign, campaign.owner
    return found


def seats_of(campaign: Campaign) -> list[Participant]:
    """The seats of a locked campaign that are taken or offered, under lock, the owner's first."""
    rows = Participant.objects.select_for_update(of=("self",)).filter(campaign=campaign, state__in=Participant.SEATED)
    found = list(rows.select_related("organisation").order_by("pk"))
    for seat in found:
        seat.campaign, seat.owner = campaign, campaign.owner
    return found


def readers(campaign: Campaign) -> set[int]:
    """Who hears of what happens to a campaign: of a draft its owner alone, else everybody in it."""
    if campaign.state == Campaign.State.DRAFT:
        return {campaign.owner_id}
    seated = Participant.objects.filter(campaign=campaign, state__in=Participant.SEATED)
    return {campaign.owner_id, *seated.values_list("organisation_id", flat=True)}


def must_be_open(campaign: Campaign) -> None:
    """Raises InvalidTransition for a campaign that is over."""
    if campaign.state not in {Campaign.State.DRAFT, *Campaign.LIVE}:
        shown = campaign.get_state_display().lower()
        raise InvalidTransition(_("This campaign is %(state)s; it can no longer be changed.") % {"state": shown})


def write(row: Campaign | Participant, *fields: str) -> None:
    """Save these columns, and count the version."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])
