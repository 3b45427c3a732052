"""A folder on this server (a mount of an on-premises system): inbox/, outbox/, archive/ below EDI_FOLDER_ROOT.

Nobody types a path: the folder of a connection is named by its keys. No link is followed, no name leads out.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings

from edi.models.transport import Transport
from edi.transports.steady import SIZE_AT_MOST, archived_name, is_partial, is_steady, safe_name
from edi.transports.ways import Fetched, Sent, TransportFault

FILES_AT_ONCE = 200


def home_of(transport: Transport) -> Path:
    """The folder of a transport. Raises TransportFault where the server offers none."""
    root = getattr(settings, "EDI_FOLDER_ROOT", "")
    if not root:
        raise TransportFault("This server offers no folders; its operator sets EDI_FOLDER_ROOT.", final=True)
    return Path(root) / str(transport.organisation_id) / str(transport.connection_id)


@contextmanager
def _opened(transport: Transport, name: str) -> Iterator[int]:
    """A directory of it as a handle: what is done relative to the handle cannot be led elsewhere by a swapped link."""
    home = home_of(transport)
    try:
        for each in ("inbox", "outbox", "archive"):
            (home / each).mkdir(parents=True, exist_ok=True)
        handle = os.open(home / name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as fault:
        raise TransportFault(f"The folder {name} cannot be used: {fault.strerror or fault}.") from fault
    try:
        yield handle
    finally:
        os.close(handle)


def send(transport: Transport, data: bytes, filename: str, content_type: str, reference: int) -> Sent:
    """Write under another name first, then rename: a reader never sees half a document."""
    name = f"{reference}-{safe_name(filename)}"
    draft = f".{name}.{secrets.token_hex(4)}.tmp"
    with _opened(transport, "outbox") as outbox:
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640, dir_fd=outbox)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.rename(draft, name, src_dir_fd=outbox, dst_dir_fd=outbox)
        except OSError as fault:
            raise TransportFault(f"The document could not be written: {fault.strerror or fault}.") from fault
    return Sent(f"Written to outbox/{name}.")


def fetch(transport: Transport) -> Iterator[Fetched]:
    """The files of the inbox that have stopped growing; each goes to the archive once it is kept here."""
    with _opened(transport, "inbox") as inbox:
        names = sorted(name for name in os.listdir(inbox) if not is_partial(name))[:FILES_AT_ONCE]
        for name in names:
            data = _read(inbox, name, f"{transport.pk}/{name}")
            if data is not None:
                yield Fetched(name, data, partial(_archive, transport, name))


def _read(inbox: int, name: str, key: str) -> bytes | None:
    """A regular file's bytes; None for links, pipes, directories, what is too large and what still grows."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inbox)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > SIZE_AT_MOST:
            return None
        if not is_steady(key, found.st_size, found.st_mtime):
            return None
        data = file.read(SIZE_AT_MOST + 1)
    return data if len(data) == found.st_size else None


def _archive(transport: Transport, name: str) -> None:
    with _opened(transport, "inbox") as inbox, _opened(transport, "archive") as archive:
        try:
            os.rename(name, archived_name(name), src_dir_fd=inbox, dst_dir_fd=archive)
        except FileNotFoundError:
            return  # taken away already


def check(transport: Transport) -> str:
    """Whether the folders are there and can be written to."""
    with _opened(transport, "inbox") as inbox, _opened(transport, "outbox"):
        waiting = len([name for name in os.listdir(inbox) if not is_partial(name)])
    for name in ("inbox", "outbox", "archive"):
        if not os.access(home_of(transport) / name, os.W_OK):
            raise TransportFault(f"The folder {name} may not be written to.")
    return f"The folders are there; {waiting} files wait in the inbox."
