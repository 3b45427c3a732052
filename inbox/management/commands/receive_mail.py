"""Letters that come in, from the command line: what a mail server pipes, or what waits in the mailbox."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from inbox.inbound import imap
from inbox.inbound.letters import AT_MOST
from inbox.inbound.receiving import receive


class Command(BaseCommand):
    """`receive_mail FILE`, `receive_mail -` (a pipe of the mail server), or without an argument the mailbox."""

    help = "Receive a letter from a file or the standard input (-), or what is new in the mailbox of IMAP_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        """One file at most."""
        parser.add_argument("file", nargs="?", help="the letter as it came (RFC 5322); - is the standard input")

    @staticmethod
    def _read(name: str) -> bytes:
        if name == "-":
            return sys.stdin.buffer.read(AT_MOST + 1)
        with Path(name).open("rb") as file:
            return file.read(AT_MOST + 1)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what became of each."""
        if options["file"]:
            result = receive(self._read(options["file"]))
            self.stdout.write(f"{result.outcome} {result.reason or result.url}".strip())
            return
        if not settings.IMAP_URL:
            raise CommandError("Name a file, or set IMAP_URL.")
        self.stdout.write(f"{imap.poll()} letters")
