"""Everything that changes orders and the catalogue."""

from orders.actions.answering import Answer, acknowledge_order, prepare, respond_to_order
from orders.actions.catalogue import save_options, save_product, take_products
from orders.actions.clearing import link_deal, match_line
from orders.actions.invoicing import receive_invoice
from orders.actions.placing import delete_draft, place_order, receive_order, save_draft, send_order
from orders.actions.price_lists import save_price_list, take_prices
from orders.actions.quoting import (
    accept_quote,
    approve_quote,
    decline_quote,
    delete_quote,
    expire_quote,
    hand_back_quote,
    revise_quote,
    save_quote,
    send_quote,
    set_discount_limits,
    withdraw_quote,
)
from orders.actions.replying import receive_change, receive_response
from orders.actions.revising import cancel_order, change_order
from orders.actions.shipping import receive_despatch, receive_receipt

__all__ = [
    "Answer",
    "accept_quote",
    "acknowledge_order",
    "approve_quote",
    "cancel_order",
    "change_order",
    "decline_quote",
    "delete_draft",
    "delete_quote",
    "expire_quote",
    "hand_back_quote",
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
    "revise_quote",
    "save_draft",
    "save_options",
    "save_price_list",
    "save_product",
    "save_quote",
    "send_order",
    "send_quote",
    "set_discount_limits",
    "take_prices",
    "take_products",
    "withdraw_quote",
]
