"""What follows from each kind of document: the action of `orders` that applies it, and the record that it made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from edi.roles import Sides
from orders.actions import (
    receive_change,
    receive_despatch,
    receive_invoice,
    receive_order,
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


CONSEQUENCES: dict[type[Document], tuple[str, Callable[..., Any]]] = {
    OrderDocument: ("order", receive_order),
    OrderChangeDocument: ("order", receive_change),
    OrderResponseDocument: ("order", receive_response),
    DespatchDocument: ("despatch", receive_despatch),
    ReceiptDocument: ("receipt", receive_receipt),
    InvoiceDocument: ("invoice", receive_invoice),
}


def apply_document(actor: Actor, document: Document, sides: Sides, *, order: Order | None = None) -> Applied:
    """Apply a document; `order` is the one that a person chose for it. Raises DomainError and PermissionDenied."""
    name, act = CONSEQUENCES[type(document)]
    chosen = {"order": order} if order is not None and not isinstance(document, OrderDocument) else {}
    made = act(actor=actor, document=document, buyer=sides.buyer, seller=sides.seller, **chosen)
    if name == "order":
        return Applied(made)
    orders = list(made.orders.all()[:2])
    about = orders[0] if orders else None
    return Applied(about, **{name: made})
