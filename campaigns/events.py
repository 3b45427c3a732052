"""How the verbs of campaigns read, and who is told of them. What concerns one participant's money names no amount."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Participant
from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from partners.models import Membership

SEE = "campaigns.view"

for verb, text, tone in (
    ("campaign.opened", _("%(actor)s began the campaign"), "still"),
    ("campaign.changed", _("%(actor)s changed the campaign"), "still"),
    ("campaign.deleted", _("%(actor)s threw the draft away"), "still"),
    ("campaign.listed", _("%(actor)s put %(who)s on the list"), "still"),
    ("campaign.unlisted", _("%(actor)s took %(who)s off the list"), "still"),
    ("campaign.planned", _("%(actor)s sent the invitations"), "info"),
    ("campaign.invited", _("%(organisation)s invited %(who)s"), "info"),
    ("campaign.accepted", _("%(organisation)s takes part"), "good"),
    ("campaign.declined", _("%(organisation)s declined"), "warn"),
    ("campaign.left", _("%(organisation)s left"), "warn"),
    ("campaign.removed", _("%(organisation)s took %(who)s out of the campaign"), "warn"),
    ("campaign.shared", _("%(actor)s shared the budget"), "still"),
    ("campaign.share_changed", _("%(organisation)s changed the share"), "warn"),
    ("campaign.share_agreed", _("%(organisation)s agreed to its share"), "good"),
    ("campaign.details_changed", _("%(organisation)s changed its details"), "still"),
    ("campaign.started", _("%(organisation)s started the campaign"), "good"),
    ("campaign.finished", _("%(organisation)s finished the campaign"), "good"),
    ("campaign.cancelled", _("%(organisation)s cancelled the campaign"), "bad"),
    ("campaign_step.added", _("%(actor)s added “%(step)s”"), "still"),
    ("campaign_step.changed", _("%(actor)s changed “%(step)s”"), "still"),
    ("campaign_step.deleted", _("%(actor)s deleted “%(step)s”"), "still"),
    ("campaign_step.done", _("%(organisation)s finished “%(step)s”"), "good"),
    ("campaign_step.reopened", _("%(actor)s took “%(step)s” up again"), "warn"),
    ("campaign_step.due", _("“%(step)s” is due"), "warn"),
    ("campaign_asset.added", _("%(actor)s wrote “%(asset)s”"), "still"),
    ("campaign_asset.changed", _("%(actor)s changed “%(asset)s” (version %(number)s)"), "still"),
    ("campaign_asset.deleted", _("%(actor)s deleted “%(asset)s”"), "still"),
    ("campaign_asset.used", _("%(actor)s made a mailing of “%(asset)s”"), "info"),
    ("campaign_expense.recorded", _("%(actor)s recorded a cost: %(what)s"), "still"),
    ("campaign_expense.changed", _("%(actor)s corrected a cost: %(what)s (before: %(before)s)"), "still"),
    ("campaign_expense.removed", _("%(actor)s removed a cost: %(what)s"), "warn"),
):
    describe(verb, text, tone=tone, capability=SEE)

kind("campaigns", _("Campaigns"), _("Invitations to campaigns, their answers, and steps that are due."))


def _owner(entry: TrailEntry) -> list[Membership]:
    """Who leads the campaign."""
    owners = Campaign.objects.filter(pk=entry.target_id).values_list("owner", flat=True)
    return holders(owners, "campaigns.manage")


def _seat(entry: TrailEntry) -> list[Membership]:
    """Who takes part for the organisation of which the entry speaks."""
    seats = Participant.objects.filter(pk=entry.data.get("seat"), campaign=entry.target_id)
    return holders(seats.values_list("organisation", flat=True), "campaigns.join")


def _everybody(entry: TrailEntry) -> list[Membership]:
    """Who takes part, on every side."""
    seats = Participant.objects.filter(campaign=entry.target_id, state__in=Participant.SEATED)
    return holders(seats.values_list("organisation", flat=True), "campaigns.join")


def _doer(entry: TrailEntry) -> list[Membership]:
    """Who does a step; everybody who takes part where nobody is named."""
    return _seat(entry) if entry.data.get("seat") else _everybody(entry)


def _url(entry: TrailEntry) -> str:
    return reverse("campaigns:detail", args=[entry.target_id])


def _titled(text: str | Promise) -> Callable[[TrailEntry], str]:
    return lambda entry: (
        str(text)
        % {
            "title": entry.title,
            "who": entry.organisation,
            "step": entry.data.get("step", ""),
        }
    )


for event, to, says in (
    ("campaign.accepted", _owner, _("%(who)s takes part in %(title)s")),
    ("campaign.declined", _owner, _("%(who)s declined %(title)s")),
    ("campaign.left", _owner, _("%(who)s left %(title)s")),
    ("campaign.share_agreed", _owner, _("%(who)s agreed to its share of %(title)s")),
    ("campaign.started", _everybody, _("%(title)s has started")),
    ("campaign.finished", _everybody, _("%(title)s is finished")),
    ("campaign.cancelled", _everybody, _("%(who)s cancelled %(title)s")),
    ("campaign_step.due", _doer, _("Due in %(title)s: %(step)s")),
):
    notify(event, to=to, url=_url, kind="campaigns", title=_titled(says))
notify(
    "campaign.removed", to=_seat, url=lambda _entry: reverse("campaigns:list"), kind="campaigns",
    title=_titled(_("%(who)s took you out of %(title)s")),
)  # fmt: skip
notify(
    "campaign.invited", to=_seat, url=_url, kind="campaigns", title=_titled(_("%(who)s invites you to %(title)s")),
    action=_("Answer"), urgent=True,
)  # fmt: skip
notify(
    "campaign.share_changed", to=_seat, url=_url, kind="campaigns",
    title=_titled(_("%(who)s changed your share of %(title)s")), action=_("Look"), urgent=True,
)  # fmt: skip
