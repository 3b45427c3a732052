"""From what was read to rows: findings, kinds of content, words to search by."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from edi import mapping
from edi.mapping import Finding
from edi.mapping.model import ACKNOWLEDGEMENTS
from edi.models import Interchange, Message, RecordedFinding
from orders.documents import Document
from orders.targets import numbers_of

CONTENTS = {
    Interchange.Content.ORDER: frozenset({"ORDERS", "850", "Order", "OrderRequest"}),
    Interchange.Content.CHANGE: frozenset({"ORDCHG", "860", "OrderChange", "OrderCancellation"}),
    Interchange.Content.RESPONSE: frozenset(
        {"ORDRSP", "855", "865", "OrderResponse", "OrderResponseSimple", "ConfirmationRequest"}
    ),
    Interchange.Content.DESPATCH: frozenset({"DESADV", "856", "DespatchAdvice", "ShipNoticeRequest"}),
    Interchange.Content.RECEIPT: frozenset({"RECADV", "861", "ReceiptAdvice"}),
    Interchange.Content.INVOICE: frozenset(
        {"INVOIC", "810", "Invoice", "CreditNote", "InvoiceDetailRequest", "FatturaElettronica"}
    ),
    Interchange.Content.ACKNOWLEDGEMENT: ACKNOWLEDGEMENTS,
}
KEYWORDS_LENGTH = 500


def storable(text: str, length: int | None = None) -> str:
    """Text as a database takes it: NUL and lone surrogates, which no text column holds, become U+FFFD."""
    kept = text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    return kept if length is None else kept[:length]


def note_findings(
    row: Interchange, message: Message | None, findings: Iterable[Finding], *, added: bool = False
) -> None:
    """Store findings of an interchange, or of one of its messages; `added` marks those that the portal made itself."""
    RecordedFinding.objects.bulk_create(
        [
            RecordedFinding(
                interchange=row,
                message=message,
                severity=str(each.severity),
                code=each.code[:60],
                text=storable(each.message),
                value=storable(each.value, 200),
                syntax_error=each.syntax_error[:20],
                place=_place(each),
                added=added,
            )
            for each in findings
        ]
    )


def _place(finding: Finding) -> dict[str, int | str]:
    known = {key: value for key, value in asdict(finding.place).items() if value}
    return {key: storable(value) if isinstance(value, str) else value for key, value in known.items()}


def kinds_of(interchange: mapping.Interchange) -> str:
    """The kinds of messages in it, once each: "ORDERS", "850, 810"."""
    return storable(", ".join(dict.fromkeys(message.kind for message in interchange.messages if message.kind)), 80)


def content_of(interchange: mapping.Interchange) -> str:
    """Orders, responses, despatches … or other, by the first of these that any of its messages is."""
    return content_of_kinds({message.kind for message in interchange.messages})


def content_of_kinds(kinds: set[str]) -> str:
    """Orders, responses, despatches … or other, by the kinds of messages."""
    return next((content for content, known in CONTENTS.items() if kinds & known), Interchange.Content.OTHER)


def keywords_of(interchange: mapping.Interchange) -> str:
    """The numbers of its documents and of the orders they name, as many as fit, so that the list finds it by them."""
    documents = [message.document for message in interchange.messages if message.document]
    numbers = [number for each in documents for number in (each.number, order_number_of(each))]
    words = storable(" ".join(dict.fromkeys(number for number in numbers if number)))
    return words if len(words) <= KEYWORDS_LENGTH else words[:KEYWORDS_LENGTH].rsplit(" ", 1)[0]


def order_number_of(document: Document | None) -> str:
    """The first order number that a document names, so that it is found when that order comes in later."""
    if document is None:
        return ""
    answered = getattr(document, "order", None)
    if answered is not None:
        return str(answered.number)
    return next(iter(numbers_of(document, getattr(document, "lines", ()))), "")


def columns_of(interchange: mapping.Interchange) -> dict[str, Any]:
    """What an envelope says, as the columns of its row."""
    return {
        "start": interchange.start,
        "end": interchange.end,
        "standard": interchange.standard,
        "version": storable(interchange.version, 40),
        "control_number": storable(interchange.control_number, 100),
        "sender_id": storable(interchange.sender.id, 100),
        "sender_qualifier": storable(interchange.sender.qualifier, 40),
        "receiver_id": storable(interchange.receiver.id, 100),
        "receiver_qualifier": storable(interchange.receiver.qualifier, 40),
        "test": interchange.test,
        "content": content_of(interchange),
        "kinds": kinds_of(interchange),
        "keywords": keywords_of(interchange),
    }
