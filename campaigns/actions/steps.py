"""The calendar of a campaign."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from campaigns.actions.locking import locked, must_be_open, readers
from campaigns.models import Campaign, Participant, Step
from campaigns.permissions import may_finish_step, may_manage
from core.audit import record
from core.errors import DomainError
from partners.access import require
from partners.actors import Actor

FIELDS = ("title", "kind", "starts", "ends", "responsible", "asset", "note")
MOST = 200


@transaction.atomic
def save_step(*, actor: Actor, campaign: Campaign, fields: Mapping[str, Any], step: Step | None = None) -> Step:
    """Put a step on the calendar, or change one. `fields` may hold any of FIELDS; without `ends` it takes a day.

    Raises DomainError for a step that ends before it begins, and for somebody who is not in the campaign.
    """
    campaign = locked(actor, campaign)
    require(may_manage(actor, campaign))
    must_be_open(campaign)
    if step is None:
        if campaign.steps.count() >= MOST:
            raise DomainError(_("A campaign has %(n)d steps at most.") % {"n": MOST})
        step = Step(campaign=campaign)
    else:
        step = campaign.steps.select_for_update().get(pk=step.pk)
    for name in FIELDS:
        if name in fields:
            setattr(step, name, fields[name])
    _check(campaign, step)
    new = step.pk is None
    step.save()
    verb = "campaign_step.added" if new else "campaign_step.changed"
    record(actor=actor, verb=verb, target=campaign, parties=readers(campaign), step=step.title)
    return step


def _check(campaign: Campaign, step: Step) -> None:
    step.title = " ".join(str(step.title).replace("\x00", "").split())
    step.note = str(step.note).replace("\x00", "").strip()
    if not step.title or len(step.title) > 120:
        raise DomainError(_("Say in a few words what is done."), field="title")
    if step.kind not in Step.Kind.values:
        raise DomainError(_("Choose a kind."), field="kind")
    if step.starts is None:
        raise DomainError(_("Choose a day."), field="starts")
    step.ends = step.ends or step.starts
    if step.ends < step.starts:
        raise DomainError(_("The last day cannot come before the first."), field="ends")
    seat = step.responsible
    if seat is not None and (seat.campaign_id != campaign.pk or seat.state not in Participant.SEATED):
        raise DomainError(_("Choose somebody who takes part."), field="responsible")
    if step.asset is not None and step.asset.campaign_id != campaign.pk:
        raise DomainError(_("Choose an asset of this campaign."), field="asset")


@transaction.atomic
def delete_step(*, actor: Actor, campaign: Campaign, step: Step) -> None:
    """Take a step off the calendar."""
    campaign = locked(actor, campaign)
    require(may_manage(actor, campaign))
    must_be_open(campaign)
    record(actor=actor, verb="campaign_step.deleted", target=campaign, parties=readers(campaign), step=step.title)
    campaign.steps.filter(pk=step.pk).delete()


@transaction.atomic
def finish_step(*, actor: Actor, campaign: Campaign, step: Step, done: bool = True) -> Step:
    """Say that a step is done, or that it is not after all."""
    campaign = locked(actor, campaign)
    step = campaign.steps.select_for_update(of=("self",)).select_related("responsible").get(pk=step.pk)
    require(may_finish_step(actor, campaign, step))
    if done == (step.done_at is not None):
        return step
    step.done_at, step.done_by = (now(), actor.user) if done else (None, None)
    step.save(update_fields=["done_at", "done_by"])
    verb = "campaign_step.done" if done else "campaign_step.reopened"
    record(actor=actor, verb=verb, target=campaign, parties=readers(campaign), step=step.title)
    return step
