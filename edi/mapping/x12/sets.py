"""Which reader reads which transaction set."""

from edi.mapping.x12.answers import AcknowledgmentReader, ChangeAcknowledgmentReader
from edi.mapping.x12.catalogues import CatalogueReader
from edi.mapping.x12.changes import ChangeReader
from edi.mapping.x12.despatches import ShipNoticeReader
from edi.mapping.x12.invoices import InvoiceReader
from edi.mapping.x12.notices import AdviceReader, FunctionalReader, TextReader
from edi.mapping.x12.orders import PurchaseOrderReader
from edi.mapping.x12.remittances import RemittanceReader
from edi.mapping.x12.setreader import SetReader
from edi.mapping.x12.stocks import StockReader

READERS: dict[str, type[SetReader]] = {
    "810": InvoiceReader,
    "820": RemittanceReader,
    "824": AdviceReader,
    "832": CatalogueReader,
    "846": StockReader,
    "850": PurchaseOrderReader,
    "855": AcknowledgmentReader,
    "856": ShipNoticeReader,
    "860": ChangeReader,
    "864": TextReader,
    "865": ChangeAcknowledgmentReader,
    "997": FunctionalReader,
    "999": FunctionalReader,
}
