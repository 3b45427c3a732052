"""The files of an order, for the order's page."""

from collections.abc import Iterator

from core.numbers import format_moment
from edi.models import Interchange
from orders.hooks import DOCUMENTS, Document
from orders.models import Order
from partners.actors import Actor


def files_of(actor: Actor, order: Order) -> Iterator[Document]:
    """The interchanges that the order came in, was changed by and was answered in, the newest first."""
    if not actor.can("edi.view"):
        return
    mine = Interchange.objects.visible_to(actor).filter(pk__in=order.messages.values("interchange"))
    for row in mine.order_by("-created", "-pk")[:20]:
        yield Document(
            label=str(row),
            url=row.get_absolute_url(),
            note=f"{row.get_standard_display()} · {row.get_direction_display()} · {format_moment(row.created)}",
            state=row.get_state_display(),
            tone=row.state_tone,
        )


if files_of not in DOCUMENTS:
    DOCUMENTS.append(files_of)
