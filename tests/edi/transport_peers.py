"""Partners with whom documents travel by themselves: an SFTP server, a web server, and AS2 keys of both sides."""

import asyncio
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import asyncssh

from core.vault import seal
from edi.models import Interchange, Transmission, Transport
from tests.edi.as2_peers import certificate, pem, pem_key

AURORA, BRENTA = "Aurora AS2", "BRENTA"


def transport_of(couple, kind: str, secrets=None, **settings) -> Transport:
    """A transport of the couple's connection, as from the buyer's ERP account."""
    names = {"own_name": AURORA, "their_name": settings.pop("their_name", BRENTA)} if kind == "as2" else {}
    return Transport.objects.create(
        organisation=couple.buyer,
        connection=couple.connection,
        account=couple.account,
        kind=kind,
        settings=settings,
        sealed=seal(secrets or {}),
        **names,
    )


def as2_of(couple, their_name=BRENTA, **settings) -> Transport:
    """An AS2 transport: our certificate is "aurora", the partner's "brenta"."""
    made, key = certificate("aurora")
    return transport_of(
        couple,
        "as2",
        {"key0": pem_key(key)},
        **{"own_certificates": [pem(made)], "their_certificates": pem(certificate("brenta")[0]), **settings},
        their_name=their_name,
    )


def outgoing(couple, data=b"UNB+UNOC:3+A+B+261114:0912+77'UNZ+0+77'", number="77") -> Interchange:
    """A document that waits to be sent to the buyer's system."""
    kept = Transmission.objects.create(
        organisation=couple.buyer, inbound=False, raw=data, size=len(data), sha256="0" * 64, content_type="x"
    )
    return Interchange.objects.create(
        direction="out",
        organisation=couple.buyer,
        counterpart=couple.seller,
        connection=couple.connection,
        transmission=kept,
        end=len(data),
        sha256="0" * 64,
        standard="edifact",
        control_number=number,
        kinds="ORDRSP",
        content="response",
        validation="valid",
        delivery="pending",
    )


class Web:
    """A web server of the partner that remembers what it was sent and answers as it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict, bytes]] = []
        self.answers = [(200, {}, b"")]

    def answer(self, method, path, headers, body):
        """The next answer; the last one again when they run out."""
        self.seen.append((method, path, headers, body))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def web_server():
    """The partner's web server and its address."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, answer = web.answer(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def do_OPTIONS(self):
            self.do_POST()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    web.url = f"http://127.0.0.1:{server.server_address[1]}/edi"
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Password(asyncssh.SSHServer):
    """Signs in erp with its password."""

    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("erp", "correct horse")


@contextmanager
def sftp_server(root):
    """asyncssh's own server over a folder; gives its port and its public key."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()

    def session(channel):
        return asyncssh.SFTPServer(channel, chroot=str(root).encode())

    async def start():
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[key], server_factory=Password, sftp_factory=session, config=None
        )

    server = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def stop():
        server.close()
        await server.wait_closed()
        tasks = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    try:
        yield server.get_port(), key.export_public_key().decode().strip()
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
