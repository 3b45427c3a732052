"""The messages that are read, by the name in UNH, and those that are written, by the kind of document."""

from collections.abc import Callable, Mapping
from typing import Any

from edi.mapping.edifact import catalogues, despatches, invoices, notices, orders, receipts, reports, responses
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.reader import Profile
from orders.documents import (
    AcknowledgementDocument,
    CatalogueDocument,
    DespatchDocument,
    Document,
    InvoiceDocument,
    OrderChangeDocument,
    OrderDocument,
    OrderResponseDocument,
    ReceiptDocument,
    SalesDocument,
    StockDocument,
)

PROFILES: Mapping[str, Profile] = {
    "ORDERS": orders.ORDERS,
    "ORDCHG": orders.ORDCHG,
    "ORDRSP": responses.ORDRSP,
    "DESADV": despatches.DESADV,
    "RECADV": receipts.RECADV,
    "INVOIC": invoices.INVOIC,
    "PRICAT": catalogues.PRICAT,
    "INVRPT": reports.INVRPT,
    "SLSRPT": reports.SLSRPT,
    "CONTRL": notices.CONTRL,
    "APERAK": notices.APERAK,
}

WRITERS: Mapping[type[Document], tuple[str, Callable[[Composer, Any], None]]] = {
    OrderDocument: ("ORDERS", orders.write_order),
    OrderChangeDocument: ("ORDCHG", orders.write_change),
    OrderResponseDocument: ("ORDRSP", responses.write_response),
    DespatchDocument: ("DESADV", despatches.write_despatch),
    ReceiptDocument: ("RECADV", receipts.write_receipt),
    InvoiceDocument: ("INVOIC", invoices.write_invoice),
    CatalogueDocument: ("PRICAT", catalogues.write_catalogue),
    StockDocument: ("INVRPT", reports.write_stock),
    SalesDocument: ("SLSRPT", reports.write_sales),
    AcknowledgementDocument: ("APERAK", notices.write_notice),
}
