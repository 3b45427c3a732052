"""How a campaign is shown to who leads it and to who takes part: the acts, the track, the seats."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns import permissions
from campaigns.models import Campaign, Participant
from campaigns.page import Page
from core.numbers import format_day
from deals.presenting import Act

State, Seat = Campaign.State, Participant.State


def to(name: str, page: Page, *more: int) -> str:
    """The address of a route of the campaign."""
    return reverse(f"campaigns:{name}", args=[page.pk, *more])


def acts_on(page: Page) -> list[Act]:
    """What may be done with a campaign, the primary act last."""
    return _as_owner(page) if page.leads else _as_participant(page)


def _as_owner(page: Page) -> list[Act]:
    campaign, may = page.campaign, permissions.may_manage(page.actor, page.campaign)
    edit = Act(_("Edit"), may, to("edit", page), method="get", key="E")
    invite = Act(_("Invite…"), may, dialog="#invite", key="I")
    cancel = Act(_("Cancel…"), may, dialog="#cancel", quiet=True)
    if campaign.state == State.DRAFT:
        sure = _("Throw this draft away?")
        return [
            Act(_("Delete…"), may, to("delete", page), quiet=True, confirm=sure),
            edit,
            invite,
            Act(_("Send the invitations"), may, to("plan", page), key="S", primary=True),
        ]
    if campaign.state == State.PLANNED:
        return [cancel, edit, invite, Act(_("Start"), may, to("start", page), key="S", primary=True)]
    if campaign.state == State.RUNNING:
        sure = _("Finish the campaign? Its landing pages close; results stay.")
        return [cancel, edit, invite, Act(_("Finish"), may, to("finish", page), key="F", confirm=sure)]
    return []


def _as_participant(page: Page) -> list[Act]:
    seat = page.seat
    if seat is None or not page.campaign.is_live:
        return []
    may = permissions.may_answer(page.actor, seat)
    if seat.state == Seat.INVITED:
        return [
            Act(_("Decline…"), may, dialog="#decline", key="D"),
            Act(_("Accept…"), may, dialog="#accept", key="A", primary=True),
        ]
    leave = Act(_("Leave…"), may, dialog="#leave", quiet=True)
    details = Act(_("Our details"), may, to("details", page), method="get", key="E")
    if seat.owes_agreement:
        return [leave, details, Act(_("Agree to the share"), may, to("agree", page), key="A", primary=True)]
    return [leave, details]


def track_of(campaign: Campaign) -> list[dict[str, Any]]:
    """Where a campaign stands."""
    if campaign.state == State.CANCELLED:
        return [{"label": campaign.get_state_display(), "note": "", "status": "now", "tone": "bad"}]
    order = (State.DRAFT, State.PLANNED, State.RUNNING, State.FINISHED)
    notes = ("", "", format_day(campaign.starts), format_day(campaign.ends))
    labels = (_("Draft"), _("Invited and planned"), _("Running"), _("Finished"))
    at = order.index(State(campaign.state))
    status = ["done" if n < at else "now" if n == at else "todo" for n in range(len(order))]
    return [
        {"label": label, "note": notes[n] if status[n] != "todo" else "", "status": status[n], "tone": ""}
        for n, label in enumerate(labels)
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A participant as one reader sees it: its share where that is the reader's to know."""

    seat: Participant
    share: Decimal | None
    mine: bool
    acts: tuple[Act, ...] = ()


def seats_shown(page: Page) -> list[Shown]:
    """Everybody in a campaign. Who leads it sees all shares and who is gone, the others their own and who is there."""
    rows = Participant.objects.filter(campaign=page.campaign).select_related("organisation").order_by("pk")
    if not page.leads:
        rows = rows.filter(state__in=Participant.SEATED)
    me = page.actor.organisation.pk
    found = []
    for seat in rows:
        mine = seat.organisation_id == me
        seated = seat.state in Participant.SEATED
        share = seat.share if seated and (mine or page.leads) else None
        found.append(Shown(seat, share, mine, _on_seat(page, seat) if page.leads else ()))
    return found


def _on_seat(page: Page, seat: Participant) -> tuple[Act, ...]:
    if seat.is_owner or page.campaign.state not in {State.DRAFT, *Campaign.LIVE}:
        return ()
    may = permissions.may_manage(page.actor, page.campaign)
    if seat.state in Participant.SEATED:
        sure = _("Take %(who)s out of the campaign? Its page closes, its leads stay its own.") % {
            "who": seat.organisation
        }
        return (Act(_("Remove"), may, to("remove", page, seat.pk), quiet=True, confirm=sure),)
    return (Act(_("Invite again"), may, to("invite_again", page, seat.pk), quiet=True),)


def left_over(campaign: Campaign, seats: list[Shown]) -> Decimal:
    """What of the budget is nobody's; below nought when more was shared than there is."""
    return campaign.budget - sum((shown.seat.share for shown in seats), Decimal(0))
