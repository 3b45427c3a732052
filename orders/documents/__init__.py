"""The one shape in which documents travel between a door and the model.

A web form, the JSON API and every EDI mapping produce and consume these frozen records. They are plain Python: no
database, no settings, no clock. Amounts and quantities are Decimal; dates are `datetime.date`; currencies are ISO 4217
alpha codes; countries ISO 3166-1 alpha-2; units are UN/ECE Recommendation 20 codes as the sender wrote them.
"""

from orders.documents.deliveries import (
    DespatchDocument,
    DespatchLineDocument,
    PackageDocument,
    ReceiptDocument,
    ReceiptLineDocument,
)
from orders.documents.money import (
    InvoiceDocument,
    InvoiceLineDocument,
    RemittanceDocument,
    RemittanceLineDocument,
)
from orders.documents.notices import AcknowledgementDocument, NoticeError, NoticeVerdict, TextDocument
from orders.documents.orders import (
    ChangeLineDocument,
    LineAnswer,
    LineChange,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    ResponseLineDocument,
)
from orders.documents.parts import (
    AllowanceDocument,
    Document,
    Identifier,
    ItemLine,
    Origin,
    Origins,
    PartyDocument,
    PriceDocument,
    QuantityDocument,
    ScheduleDocument,
    Scheme,
    TaxDocument,
    TotalsDocument,
)
from orders.documents.reports import (
    CatalogueDocument,
    CatalogueLineDocument,
    SalesDocument,
    SalesLineDocument,
    StockDocument,
    StockLineDocument,
)

__all__ = [
    "AcknowledgementDocument",
    "AllowanceDocument",
    "CatalogueDocument",
    "CatalogueLineDocument",
    "ChangeLineDocument",
    "DespatchDocument",
    "DespatchLineDocument",
    "Document",
    "Identifier",
    "InvoiceDocument",
    "InvoiceLineDocument",
    "ItemLine",
    "LineAnswer",
    "LineChange",
    "NoticeError",
    "NoticeVerdict",
    "OrderChangeDocument",
    "OrderDocument",
    "OrderLineDocument",
    "OrderResponseDocument",
    "Origin",
    "Origins",
    "PackageDocument",
    "PartyDocument",
    "PriceDocument",
    "QuantityDocument",
    "ReceiptDocument",
    "ReceiptLineDocument",
    "RemittanceDocument",
    "RemittanceLineDocument",
    "ResponseLineDocument",
    "SalesDocument",
    "SalesLineDocument",
    "ScheduleDocument",
    "Scheme",
    "StockDocument",
    "StockLineDocument",
    "TaxDocument",
    "TextDocument",
    "TotalsDocument",
]
