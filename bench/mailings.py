"""10,000 letters of one mailing, rendered and handed to a mail server on this machine, beside a loop with one body.

Ours renders each letter, signs its addresses, and commits twice a letter's states, so that a kill sends none twice. The
loop beside it knows its recipients, builds the same two-part message from a fixed body, and speaks to the same server
over the same library; nothing of it survives a kill. `BENCH_LETTERS` sets another number. SQLite, or the
TEST_DATABASE_URL of an empty database.
"""

import os
import socketserver
import threading
import time
from email.message import EmailMessage
from smtplib import SMTP

from bench import Row, lay_tables

LETTERS = int(os.environ.get("BENCH_LETTERS", "10000"))
BODY = "Dear {{first_name}} of {{company|your company}}, look at [the pump](https://aurora.example/pump).\n\n" * 5
TO_ALL = {"join": "all", "groups": [{"join": "all", "conditions": [{"field": "email", "op": "filled", "value": None}]}]}


class _Sink(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client asks for; letters are read and forgotten."""

    def handle(self) -> None:
        """One conversation."""
        self._say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                while (text := self.rfile.readline()) not in {b".\r\n", b""}:
                    self.server.octets += len(text)  # type: ignore[attr-defined]
                self.server.letters += 1  # type: ignore[attr-defined]
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    letters = octets = 0


def run() -> list[Row]:
    """One row: letters a second, ours beside the bare loop."""
    from django.test import override_settings

    lay_tables()
    server = _Server(("127.0.0.1", 0), _Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host, port = "127.0.0.1", server.server_address[1]
    smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": host, "EMAIL_PORT": port}
    try:
        with override_settings(**smtp):
            ours = LETTERS / _ours()
        assert server.letters == LETTERS, server.letters
        bare = LETTERS / _bare(host, port)
    finally:
        server.shutdown()
    what = f"{LETTERS} letters, each its own"
    return [Row(what, f"{ours:.0f} letters/s", f"{bare:.0f} letters/s", "a bare loop over smtplib", ours / bare)]


def _ours() -> float:
    """Seconds from the start to the last letter, with the recipients written down."""
    from django.utils.timezone import now

    from audiences.actions import sending
    from audiences.models import AudienceSettings, Consent, Contact, Mailing, Segment
    from partners.models import Organisation

    sender = Organisation.objects.create(name="Bench")
    rows = [Contact(organisation=sender, name=f"Ann {n}", email=f"a{n}@bench.example") for n in range(LETTERS)]
    for row in rows:
        row.set_keys()
    people = Contact.objects.bulk_create(rows, batch_size=1000)
    given = (Consent(contact=row, purpose="news", source="bench", given_at=now()) for row in people)
    Consent.objects.bulk_create(given, batch_size=1000)
    AudienceSettings.objects.create(organisation=sender, per_minute=100_000)
    segment = Segment.objects.create(organisation=sender, name="All", rule=TO_ALL)
    mailing = Mailing.objects.create(
        organisation=sender, segment=segment, subject="Bench", body=BODY, sender_name="Bench", state="sending"
    )
    started = time.perf_counter()
    sending.write_down(pk=mailing.pk)
    while sending.send_some(pk=mailing.pk):
        pass
    return time.perf_counter() - started


def _bare(host: str, port: int) -> float:
    started = time.perf_counter()
    with SMTP(host, port) as client:
        for n in range(LETTERS):
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = "bench@bench.example", f"a{n}@bench.example", "Bench"
            message.set_content(BODY)
            message.add_alternative(f"<p>{BODY}</p>", subtype="html")
            client.send_message(message)
    return time.perf_counter() - started
