"""Everything that changes orders and the catalogue."""

from orders.actions.answering import Answer, acknowledge_order, prepare, respond_to_order
from orders.actions.catalogue import save_product
from orders.actions.clearing import link_deal, match_line
from orders.actions.invoicing import receive_invoice
from orders.actions.placing import delete_draft, place_order, receive_order, save_draft, send_order
from orders.actions.replying import receive_change, receive_response
from orders.actions.revising import cancel_order, change_order
from orders.actions.shipping import receive_despatch, receive_receipt

__all__ = [
    "Answer",
    "acknowledge_order",
    "cancel_order",
    "change_order",
    "delete_draft",
    "link_deal",
    "match_line",
    "place_order",
    "prepare",
    "receive_change",
    "receive_despatch",
    "receive_invoice",
    "receive_order",
    "receive_receipt",
    "receive_response",
    "respond_to_order",
    "save_draft",
    "save_product",
    "send_order",
]
