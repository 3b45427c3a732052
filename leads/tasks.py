"""What time does to leads: offers run out, silent partners lose what they hold, what waits is routed."""

import logging
from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from core.audit import delivered_together
from core.errors import DomainError
from leads.actions import pull_back, route_due
from leads.actions.importing import take_lines
from leads.models import Lead, LeadImport, LeadOffer

log = logging.getLogger("filiera.leads")
AT_ONCE = 200  # rows a run; the next minute goes on
STOOD_STILL = timedelta(minutes=2)  # after which an import counts as killed


@task()
def sweep() -> None:
    """End what ran out, then route what waits; harmless when repeated."""
    for offer in LeadOffer.objects.overdue().select_related("vendor").order_by("pk")[:AT_ONCE]:
        try:
            pull_back(offer=offer)
        except DomainError as error:
            log.info("offer %s stays as it is: %s", offer.pk, error)
    for lead in Lead.objects.filter(route_at__lte=now()).select_related("vendor").order_by("route_at", "pk")[:AT_ONCE]:
        try:
            route_due(lead=lead)
        except DomainError as error:
            log.info("lead %s stays as it is: %s", lead.number, error)
    still = LeadImport.objects.filter(state=LeadImport.State.RUNNING, moved_at__lt=now() - STOOD_STILL)
    for pk in still.values_list("pk", flat=True):
        take_in.enqueue(pk)


@task()
def take_in(pk: int) -> None:
    """Take a file in, some lines at a time. Begun twice or killed in the middle, it goes on where it stood."""
    with delivered_together():
        while take_lines(pk=pk):
            pass
