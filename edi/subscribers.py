"""What the exchange does when something happens elsewhere."""

from core.audit import subscribe
from core.models import TrailEntry
from edi.outgoing import PARCELS
from edi.parking import apply_waiting
from edi.sending import forward


@subscribe(*PARCELS)
def tell_the_other_system(entry: TrailEntry) -> None:
    """Have ORDERS, ORDRSP, DESADV, INVOIC … ready for the other company's system, in its own format."""
    forward(entry)


@subscribe("order.received")
def apply_what_waited(entry: TrailEntry) -> None:
    """A despatch or an invoice may have come before its order."""
    apply_waiting(entry.target_id)
