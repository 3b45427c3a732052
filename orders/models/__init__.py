"""What is sold, what was ordered, and what the seller answered."""

from orders.models.catalogue import CrossReference, PriceList, PriceListItem, Product
from orders.models.order import Order, OrderFinding, OrderLine, OrderVersion
from orders.models.response import OrderResponse, OrderResponseLine

__all__ = [
    "CrossReference",
    "Order",
    "OrderFinding",
    "OrderLine",
    "OrderResponse",
    "OrderResponseLine",
    "OrderVersion",
    "PriceList",
    "PriceListItem",
    "Product",
]
