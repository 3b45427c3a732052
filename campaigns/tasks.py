"""What the clock does with campaigns: it tells, once, of steps that are due."""

from django.db import transaction
from django.utils.timezone import localdate
from django_tasks import task

from campaigns.actions.locking import readers
from campaigns.models import Campaign, Step
from core.audit import record
from partners.actors import system_actor

AT_ONCE = 500


@task()
def sweep() -> None:
    """Tell who does it of each step whose last day has come, once."""
    today = localdate()
    due = Step.objects.filter(
        campaign__state__in=Campaign.LIVE, done_at=None, reminded_on=None, ends__lte=today
    ).order_by("ends", "pk")
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        _tell(pk)


@transaction.atomic
def _tell(pk: int) -> None:
    rows = Step.objects.select_for_update(of=("self",)).select_related("campaign__owner")
    step = rows.filter(pk=pk, reminded_on=None, done_at=None).first()
    if step is None:
        return
    step.reminded_on = localdate()
    step.save(update_fields=["reminded_on"])
    actor = system_actor(step.campaign.owner)
    parties = readers(step.campaign)
    record(
        actor=actor, verb="campaign_step.due", target=step.campaign, parties=parties, step=step.title,
        seat=step.responsible_id,
    )  # fmt: skip
