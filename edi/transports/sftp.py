"""Documents by SFTP: we look into an inbox of the partner's server, write into its outbox, and know its key.

The server's key is pinned; a name that is being written (.tmp, .part) or still grows is left alone; what was taken is
moved to an archive folder, or removed where there is none.
"""

import asyncio
import secrets
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from posixpath import join
from typing import Any, TypeVar, cast

import asyncssh

from core.outbound import public_address
from core.vault import unseal
from edi.models.transport import Transport
from edi.transports.steady import SIZE_AT_MOST, archived_name, is_partial, is_steady, safe_name
from edi.transports.ways import Fetched, Sent, TransportFault

FILES_AT_ONCE, BYTES_AT_ONCE = 100, 60_000_000
LISTED_AT_MOST = 5_000
SECONDS = 15.0
TOTAL_SECONDS = 240.0
Result = TypeVar("Result")


def send(transport: Transport, data: bytes, filename: str, content_type: str, reference: int) -> Sent:
    """Write under a draft's name, then rename. The name holds the reference: sent twice, it is the same file."""
    name = join(transport.setting("outbox", "outbox"), f"{reference}-{safe_name(filename)}")

    async def put(client: asyncssh.SFTPClient) -> None:
        draft = f"{name}.{secrets.token_hex(4)}.tmp"
        async with client.open(draft, "wb") as file:
            await file.write(data)
        try:
            await client.posix_rename(draft, name)
        except asyncssh.SFTPError:  # a server without that extension does not overwrite
            if await client.exists(name):
                await client.remove(name)
            await client.rename(draft, name)

    _run(transport, put)
    return Sent(f"Written to {name}.")


def fetch(transport: Transport) -> Iterator[Fetched]:
    """The finished files of the inbox, read in one session."""

    async def take(client: asyncssh.SFTPClient) -> list[tuple[str, bytes]]:
        return [each async for each in _taken(transport, client)]

    for name, data in _run(transport, take):
        yield Fetched(name, data, partial(_archive, transport, name))


async def _taken(transport: Transport, client: asyncssh.SFTPClient) -> AsyncIterator[tuple[str, bytes]]:
    folder, size, count = transport.setting("inbox", "inbox"), 0, 0
    for name, found in await _listed(client, folder):
        length = found.size or 0
        if count >= FILES_AT_ONCE or size + length > BYTES_AT_ONCE:
            return
        if length > SIZE_AT_MOST or not is_steady(f"{transport.pk}/{name}", length, float(found.mtime or 0)):
            continue
        async with client.open(join(folder, name), "rb") as file:
            data = cast(bytes, await file.read(SIZE_AT_MOST + 1))
        if len(data) != length:
            continue
        size, count = size + length, count + 1
        yield name, data


async def _listed(client: asyncssh.SFTPClient, folder: str) -> list[tuple[str, Any]]:
    """Regular files by name; a server may list thousands, of which the first are looked at."""
    names: list[tuple[str, Any]] = []
    async for entry in client.scandir(folder):
        name = entry.filename if isinstance(entry.filename, str) else entry.filename.decode("utf-8", "replace")
        mode = entry.attrs.permissions
        regular = mode is None or stat.S_ISREG(mode) or not stat.S_IFMT(mode)
        if regular and not is_partial(name) and "/" not in name and "\\" not in name:
            names.append((name, entry.attrs))
        if len(names) >= LISTED_AT_MOST:
            break
    return sorted(names, key=lambda each: each[0])


def _archive(transport: Transport, name: str) -> None:
    source, archive = join(transport.setting("inbox", "inbox"), name), transport.setting("archive")

    async def move(client: asyncssh.SFTPClient) -> None:
        try:
            if archive:
                await client.rename(source, join(archive, archived_name(name)))
            else:
                await client.remove(source)
        except asyncssh.SFTPNoSuchFile:
            return  # taken away already

    _run(transport, move)


def check(transport: Transport) -> str:
    """Sign in and look into the folders. Without a key of the server, say which one it shows."""
    if not transport.setting("host_key"):
        shown = asyncio.run(_shown_key(transport))
        text = f"Compare this key with your partner, then enter it as the key of the server: {shown}"
        raise TransportFault(text, final=True)

    async def look(client: asyncssh.SFTPClient) -> int:
        for folder in filter(None, (transport.setting("outbox", "outbox"), transport.setting("archive"))):
            if not await client.isdir(folder):
                raise TransportFault(f"There is no folder {folder[:100]!r}.")
        return len(await _listed(client, transport.setting("inbox", "inbox")))

    return f"Signed in; {_run(transport, look)} files wait in the inbox."


async def _shown_key(transport: Transport) -> str:
    host, port = transport.setting("host"), int(transport.setting("port", 22))
    try:
        address = public_address(host, port)
        key = await asyncio.wait_for(asyncssh.get_server_host_key(address, port, config=None), SECONDS)
    except (OSError, asyncssh.Error, TimeoutError) as fault:
        raise TransportFault(f"{host}: {_reason(fault)}") from fault
    return key.export_public_key().decode().strip() if key else "(none)"


def _run(transport: Transport, work: Callable[[asyncssh.SFTPClient], Awaitable[Result]]) -> Result:
    """Do something in a session of its own. Raises TransportFault for all that goes wrong there."""

    async def inside() -> Result:
        async with _session(transport) as client:
            return await work(client)

    try:
        return asyncio.run(_within(inside()))
    except (OSError, asyncssh.Error, TimeoutError, ValueError) as fault:
        raise TransportFault(f"{transport.setting('host')}: {_reason(fault)}") from fault


async def _within(work: Awaitable[Result]) -> Result:
    return await asyncio.wait_for(work, TOTAL_SECONDS)


@asynccontextmanager
async def _session(transport: Transport) -> AsyncIterator[asyncssh.SFTPClient]:
    host, port = transport.setting("host"), int(transport.setting("port", 22))
    secrets_ = unseal(transport.sealed)
    key = secrets_.get("key")
    if not transport.setting("host_key"):
        raise TransportFault("The key of the server is not known; test the connection to see it.", final=True)
    pinned = asyncssh.import_public_key(transport.setting("host_key"))
    connecting = asyncssh.connect(
        public_address(host, port),
        port,
        username=transport.setting("username"),
        password=secrets_.get("secret") or None,
        client_keys=[asyncssh.import_private_key(key, secrets_.get("passphrase"))] if key else None,
        known_hosts=([pinned], [], []),
        agent_path=None,
        config=None,
        connect_timeout=SECONDS,
        login_timeout=SECONDS,
    )
    async with connecting as connection, connection.start_sftp_client() as client:
        yield client


def _reason(fault: Exception) -> str:
    """What went wrong, in words that help whoever set it up."""
    known: list[tuple[type[Exception], str]] = [
        (asyncssh.HostKeyNotVerifiable, "it shows another key than the one that was agreed; nothing was sent."),
        (asyncssh.PermissionDenied, "it does not accept the user name with this password or key."),
        (asyncssh.SFTPNoSuchFile, "a folder or file is not there."),
        (asyncssh.SFTPPermissionDenied, "it does not allow that in this folder."),
        (asyncssh.KeyImportError, "a key cannot be read; paste it whole, with its first and last line."),
        (TimeoutError, "it did not answer in time."),
        (ConnectionRefusedError, "it refused the connection."),
    ]
    found = next((text for kind, text in known if isinstance(fault, kind)), "")
    return found or f"it could not be reached ({str(fault)[:120] or type(fault).__name__})."
