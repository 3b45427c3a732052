"""What follows from what happened to imports and mailings: their jobs begin."""

from audiences.actions.hearing import take_report
from audiences.tasks import send, take_in
from core.audit import subscribe
from core.models import TrailEntry
from inbox.inbound import returns

returns.register(take_report)


@subscribe("contact_import.started")
def take_the_file_in(entry: TrailEntry) -> None:
    """The lines of a file are taken in by a job; the page shows how far it is."""
    take_in.enqueue(entry.target_id)


@subscribe("mailing.started", "mailing.resumed", "mailing.resent")
def send_the_letters(entry: TrailEntry) -> None:
    """The letters are handed over by a job; the page shows how far it is."""
    send.enqueue(entry.target_id)
