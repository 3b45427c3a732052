"""What can be done with a mailing, by its state."""

from django.urls import reverse
from django.utils.translation import gettext as _

from audiences.models import Mailing
from audiences.permissions import may_keep, may_send, may_steer
from core.states import can_move
from deals.presenting import Act
from partners.access import no
from partners.actors import Actor

State = Mailing.State


def acts_on(actor: Actor, mailing: Mailing) -> list[Act]:
    """The acts on offer, the primary one last."""
    return _of_draft(actor, mailing) if mailing.is_draft else _of_started(actor, mailing)


def _of_draft(actor: Actor, mailing: Mailing) -> list[Act]:
    keep, send = may_keep(actor), may_send(actor, mailing)
    if send and mailing.segment_id is None:
        send = no(_("Choose to whom it goes first."))
    acts = [
        Act(_("Delete"), keep, reverse("audiences:mailing_delete", args=[mailing.pk]), quiet=True, danger=True,
            confirm=_("Delete this draft?")),
        Act(_("Test to myself"), keep, reverse("audiences:mailing_test", args=[mailing.pk]), key="T"),
        Act(_("Edit"), keep, reverse("audiences:mailing_edit", args=[mailing.pk]), method="get", key="E"),
    ]  # fmt: skip
    if mailing.state == State.SCHEDULED:
        acts.append(Act(_("Off the calendar"), may_steer(actor), _step(mailing, "unschedule")))
    sure = _("Send this letter now? Its recipients are written down once, and each gets it once.")
    acts.append(Act(_("Send now…"), send, _step(mailing, "start"), primary=True, confirm=sure))
    return acts


def _of_started(actor: Actor, mailing: Mailing) -> list[Act]:
    may = may_steer(actor)
    acts = []
    if can_move(mailing, "stop"):
        sure = _("Stop for good? What waits is never sent.")
        acts.append(Act(_("Stop"), may, _step(mailing, "stop"), danger=True, confirm=sure))
    if can_move(mailing, "pause") and not mailing.standing:  # what adds letters to it is paused instead
        acts.append(Act(_("Pause"), may, _step(mailing, "pause"), key="P", primary=True))
    if can_move(mailing, "resume"):
        acts.append(Act(_("Go on"), may, _step(mailing, "resume"), key="P", primary=True))
    return acts


def _step(mailing: Mailing, name: str) -> str:
    return reverse("audiences:step", args=[mailing.pk, name])
