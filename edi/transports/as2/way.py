"""AS2 as a way of transport: send a document, hold it against the receipt."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from email.utils import format_datetime

from django.conf import settings
from django.utils.timezone import now

from core import outbound as web
from edi.models.transport import AS2Message, Transport
from edi.transports.as2 import mdn
from edi.transports.as2.cms import CMSError
from edi.transports.as2.keys import identity_of, pinned
from edi.transports.as2.mime import entity_of
from edi.transports.as2.names import MICALGS, mic_of
from edi.transports.as2.wrap import Packing, wrap
from edi.transports.ways import Fetched, Sent, TransportFault


def packing_of(transport: Transport) -> Packing:
    """How the partner wants its messages."""
    setting = transport.setting
    return Packing(
        digest=setting("digest", "sha256"),
        cipher=setting("cipher", "aes256_cbc"),
        compress=bool(setting("compress", False)),
        receipt=setting("receipt", "sync"),
        signed_receipt=bool(setting("signed_receipt", True)),
        receipt_url=f"{settings.BASE_URL}/as2/",
    )


def send(transport: Transport, data: bytes, filename: str, content_type: str, reference: int) -> Sent:
    """Post the message; the same Message-ID and bytes each time. A synchronous receipt is judged here."""
    message = _message(transport, data, filename, content_type, reference)
    answer = web.request("POST", transport.setting("url"), bytes(message.body), message.headers)
    if not 200 <= answer.status < 300:
        raise TransportFault(f"The server answered {answer.status}.")
    how = packing_of(transport)
    if how.receipt == "":
        return Sent(f"The server answered {answer.status}; no receipt is expected.")
    if how.receipt == "async" and not answer.headers.get("content-type", "").lower().startswith("multipart/"):
        return Sent("Handed over; the receipt comes by itself.", delivered=False)
    text = judge(transport, message, answer.headers, answer.body)
    return Sent(text)


def _message(transport: Transport, data: bytes, filename: str, content_type: str, reference: int) -> AS2Message:
    """The message of a document: the one that was made before, where it is still as the settings want it."""
    before = (
        AS2Message.objects.filter(transport=transport, inbound=False, interchange=reference).order_by("-pk").first()
    )
    if before is not None and not before.disposition and before.digest == _shape(transport, data):
        return before
    try:
        who = identity_of(transport, now())
        made = wrap(data, content_type, filename, who, packing_of(transport), date=format_datetime(now()))
    except (CMSError, ValueError) as fault:
        raise TransportFault(f"The message could not be made: {fault}", final=True) from fault
    return AS2Message.objects.create(
        transport=transport,
        inbound=False,
        message_id=made.message_id,
        interchange_id=reference,
        digest=_shape(transport, data),
        headers=dict(made.headers),
        body=made.body,
        mics={each: base64.b64encode(mic_of(made.checked, each)).decode() for each in MICALGS},
    )


def _shape(transport: Transport, data: bytes) -> str:
    """What a message is made of: when the settings were corrected since, another message is made."""
    made_of = f"{transport.version}|{transport.own_name}|{transport.their_name}|".encode()
    return hashlib.sha256(made_of + data).hexdigest()


def judge(transport: Transport, message: AS2Message, headers: Mapping[str, str], body: bytes) -> str:
    """What a receipt says of a message of ours, as a sentence. Raises TransportFault when it refuses the message
    (final), confirms other bytes (final), or is no receipt that counts (to be tried again)."""
    try:
        receipt = mdn.read(entity_of(_titled(headers), body), pinned(transport, now()))
    except (CMSError, ValueError) as fault:
        raise TransportFault(f"The answer is no receipt that counts: {fault}") from fault
    if receipt.original_message_id != message.message_id:
        raise TransportFault("The receipt is for another message.")
    if packing_of(transport).signed_receipt and receipt.signer is None and not _rehearses(transport):
        raise TransportFault("The receipt is not signed, as was asked.")
    message.disposition, message.answered_at = receipt.disposition[:200], now()
    message.receipt, message.receipt_headers = body, dict(headers)
    message.save(update_fields=["disposition", "answered_at", "receipt", "receipt_headers"])
    if not receipt.processed:
        said = f" It said: {receipt.text[:200]}" if receipt.text else ""
        raise TransportFault(f"The partner refused the message: {receipt.modifier or 'failed'}.{said}", final=True)
    expected = base64.b64decode(message.mics.get(receipt.mic_algorithm, ""))
    if not receipt.confirms(expected, receipt.mic_algorithm):
        raise TransportFault("The receipt confirms other bytes than those that were sent.", final=True)
    return "The receipt confirms it" + (", signed." if receipt.signer else ".")


def _titled(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.title(): value for name, value in headers.items()}


def _rehearses(transport: Transport) -> bool:
    return transport.connection.mode == "test"


def fetch(transport: Transport) -> Iterator[Fetched]:
    """Nothing: the partner posts to our address."""
    return iter(())


def check(transport: Transport) -> str:
    """Make a message, which proves names and certificates, and reach the server with OPTIONS, which changes nothing."""
    try:
        wrap(b"test", "text/plain", "test.txt", identity_of(transport, now()), packing_of(transport))
    except (CMSError, ValueError) as fault:
        raise TransportFault(f"The message could not be made: {fault}", final=True) from fault
    if not pinned(transport, now()):
        raise TransportFault("No certificate of the partner is valid today; ask for a new one.", final=True)
    answer = web.request("OPTIONS", transport.setting("url"), b"", {"User-Agent": "Filiera"})
    if answer.status == 404 or (answer.status >= 500 and answer.status not in {501, 505}):
        raise TransportFault(f"The server was reached, and answered {answer.status}.")
    return "Certificates and keys are in order, and the server was reached. A document proves the rest."
