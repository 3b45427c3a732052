"""What follows from each kind of document: the action of `orders` that applies it, and the record that it made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from edi.roles import Sides
from orders.actions import (
    place_order,
    receive_change,
    receive_despatch,
    receive_invoice,
    receive_receipt,
    receive_response,
)
from orders.documents import (
    DespatchDocument,
    Document,
    InvoiceDocument,
    OrderChangeDocument,
    OrderDocument,
    OrderResponseDocument,
    ReceiptDocument,
)
from orders.models import DespatchAdvice, Invoice, Order, ReceiptAdvice
from orders.surroundings import Surroundings
from partners.actors import Actor


@dataclass(frozen=True, slots=True)
class Applied:
    """The records that a message made or changed."""

    order: Order | None = None
    despatch: DespatchAdvice | None = None
    receipt: ReceiptAdvice | None = None
    invoice: Invoice | None = None

    def columns(self) -> dict[str, Any]:
        """As the columns of its message."""
        return {"order": self.order, "despatch": self.despatch, "receipt": self.receipt, "invoice": self.invoice}

    def keys(self) -> dict[str, Any]:
        """As the keys of those columns: a message that is kept in memory then keeps no record there."""
        return {f"{name}_id": made and made.pk for name, made in self.columns().items()}


CONSEQUENCES: dict[type[Document], tuple[str, Callable[..., Any]]] = {
    OrderDocument: ("order", place_order),
    OrderChangeDocument: ("order", receive_change),
    OrderResponseDocument: ("order", receive_response),
    DespatchDocument: ("despatch", receive_despatch),
    ReceiptDocument: ("receipt", receive_receipt),
    InvoiceDocument: ("invoice", receive_invoice),
}


def apply_document(
    actor: Actor,
    document: Document,
    sides: Sides,
    *,
    order: Order | None = None,
    around: Surroundings | None = None,
) -> Applied:
    """Apply a document in the caller's transaction, which its failure must end; `order` is the one that a person chose
    for it, `around` what was looked up for several orders. Raises DomainError and PermissionDenied."""
    name, act = CONSEQUENCES[type(document)]
    if isinstance(document, OrderDocument):
        chosen: dict[str, Any] = {"around": around}
    else:
        chosen = {"order": order} if order is not None else {}
    made = act(actor=actor, document=document, buyer=sides.buyer, seller=sides.seller, **chosen)
    if name == "order":
        return Applied(made)
    orders = list(made.orders.all()[:2])
    about = orders[0] if orders else None
    return Applied(about, **{name: made})
