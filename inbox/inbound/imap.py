"""Looking into a mailbox (RFC 3501): new letters are received, then marked as read or moved."""

import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from inbox.inbound.letters import AT_MOST
from inbox.inbound.receiving import receive

log = logging.getLogger("filiera.mail")
SECONDS = 30.0
AT_ONCE = 50


@contextmanager
def mailbox(url: str) -> Iterator[imaplib.IMAP4]:
    """The selected folder of `imaps://user:password@host:993/INBOX`. Raises ImproperlyConfigured for another address,
    OSError and imaplib.IMAP4.error where the server does not answer or refuses. imap:// is without TLS."""
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname:
        raise ImproperlyConfigured("IMAP_URL must be like imaps://user:password@host:993/INBOX")
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(parts.hostname, parts.port or 993, ssl_context=context, timeout=SECONDS)
    else:
        box = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=SECONDS)
    try:
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        _expect(box.select(_quoted(unquote(parts.path.lstrip("/")) or "INBOX")))
        yield box
    finally:
        box.shutdown()


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _expect(answer: tuple[str, list]) -> list:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(data)[:200])
    return data


def poll() -> int:
    """Receive what is new in the mailbox of IMAP_URL, fifty letters at most; returns how many.

    A letter is marked only after it was received: one that is seen twice has its effect once, by its Message-ID.
    """
    with mailbox(settings.IMAP_URL) as box:
        found = _expect(box.uid("SEARCH", "UNSEEN", "UNDELETED"))
        uids = (found[0] or b"").split()[:AT_ONCE]
        for uid in uids:
            result = _receive(box, uid.decode())
            log.info("letter %s: %s %s", uid.decode(), result, settings.IMAP_DONE)
            _put_away(box, uid.decode())
        return len(uids)


def _receive(box: imaplib.IMAP4, uid: str) -> str:
    size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(_octets(_expect(box.uid("FETCH", uid, "(RFC822.SIZE)")))))
    if size is None or int(size.group(1)) > AT_MOST:
        return "too large"
    data = _expect(box.uid("FETCH", uid, "(BODY.PEEK[])"))
    raw = next((part[1] for part in data if isinstance(part, tuple)), b"")
    return receive(raw).outcome


def _octets(data: list) -> list[bytes]:
    return [piece for part in data for piece in (part if isinstance(part, tuple) else (part,)) if piece]


def _put_away(box: imaplib.IMAP4, uid: str) -> None:
    """Mark as read; move where a folder is named, by COPY where the server knows no MOVE (RFC 6851)."""
    _expect(box.uid("STORE", uid, "+FLAGS", r"(\Seen)"))
    if not settings.IMAP_DONE:
        return
    folder = _quoted(settings.IMAP_DONE)
    if "MOVE" in box.capabilities:
        _expect(box.uid("MOVE", uid, folder))
        return
    _expect(box.uid("COPY", uid, folder))
    _expect(box.uid("STORE", uid, "+FLAGS", r"(\Deleted)"))
    _expect(box.expunge())
