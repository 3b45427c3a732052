"""What follows for rebates from what happened elsewhere."""

from core.audit import subscribe
from core.models import TrailEntry
from rebates.models import CreditedLine
from rebates.tasks import accrue_agreement, accrue_invoice


@subscribe("invoice.received")
def accrue_what_came_in(entry: TrailEntry) -> None:
    """The lines of an invoice or a credit note accrue as soon as it is there."""
    accrue_invoice.enqueue(entry.target_id)


@subscribe("rebate.accepted")
def accrue_what_was_before(entry: TrailEntry) -> None:
    """An agreement may have begun before it was accepted."""
    accrue_agreement.enqueue(entry.target_id)


@subscribe("rebate_credit.matched")
def take_back(entry: TrailEntry) -> None:
    """What a line has earned is taken back as soon as a person has said which one."""
    for invoice in CreditedLine.objects.filter(pk=entry.target_id).values_list("line__invoice", flat=True):
        accrue_invoice.enqueue(invoice)
