"""Files whose content the core is told, so that the exchange is tested apart from what each standard can say."""

from dataclasses import dataclass, field

import pytest

from edi import mapping
from edi.mapping import Interchange, Message, PartyRef, Reading
from orders.documents import Document

KINDS = {
    "OrderDocument": "ORDERS",
    "OrderChangeDocument": "ORDCHG",
    "OrderResponseDocument": "ORDRSP",
    "DespatchDocument": "DESADV",
    "ReceiptDocument": "RECADV",
    "InvoiceDocument": "INVOIC",
    "AcknowledgementDocument": "CONTRL",
    "StockDocument": "INVRPT",
}


@dataclass
class Carrier:
    """Bytes by what they carry; any other bytes are read as they are."""

    known: dict[bytes, Reading] = field(default_factory=dict)

    def file(self, *documents: Document, sender: str, receiver: str, control: str = "1", test: bool = False) -> bytes:
        """Bytes that are read as an interchange of these documents."""
        data = f"UNB+{sender}+{receiver}+{control}+{len(self.known)}'".encode()
        messages = tuple(
            Message(str(at), KINDS[type(each).__name__], "D:96A:UN", document=each, start=0, end=len(data))
            for at, each in enumerate(documents, 1)
        )
        interchange = Interchange(
            "edifact",
            "UNOC:3",
            control,
            PartyRef(sender, "14"),
            PartyRef(receiver, "14"),
            test=test,
            messages=messages,
            end=len(data),
        )
        self.known[data] = Reading("edifact", (interchange,))
        return data


@pytest.fixture
def carrier(monkeypatch) -> Carrier:
    """Makes the core read its files as told."""
    carrier, real = Carrier(), mapping.read
    monkeypatch.setattr(mapping, "read", lambda data, **more: carrier.known.get(bytes(data)) or real(data, **more))
    return carrier
