"""What is sold, what was ordered, what the seller answered, and what followed."""

from orders.models.catalogue import CrossReference, PriceList, PriceListItem, Product
from orders.models.fulfilment import (
    DespatchAdvice,
    DespatchLine,
    DespatchPackage,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    ReceiptAdvice,
    ReceiptLine,
)
from orders.models.order import Order, OrderFinding, OrderLine, OrderVersion
from orders.models.quotes import DiscountLimit, Quote, QuoteLine
from orders.models.response import OrderResponse, OrderResponseLine

__all__ = [
    "CrossReference",
    "DespatchAdvice",
    "DespatchLine",
    "DespatchPackage",
    "DiscountLimit",
    "Invoice",
    "InvoiceLine",
    "InvoiceTax",
    "Order",
    "OrderFinding",
    "OrderLine",
    "OrderResponse",
    "OrderResponseLine",
    "OrderVersion",
    "PriceList",
    "PriceListItem",
    "Product",
    "Quote",
    "QuoteLine",
    "ReceiptAdvice",
    "ReceiptLine",
]
