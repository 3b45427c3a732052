"""What the exchange does when something happens elsewhere."""

from core.audit import subscribe
from core.models import TrailEntry
from edi.sending import send_response


@subscribe("order.accepted", "order.accepted_with_changes", "order.rejected")
def answer_in_the_buyers_standard(entry: TrailEntry) -> None:
    """Have ORDRSP, 855 or OrderResponse ready for the buyer's system."""
    send_response(entry)
