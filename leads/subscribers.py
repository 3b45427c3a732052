"""What follows from what happened to leads."""

from core.audit import subscribe
from core.models import TrailEntry
from leads.tasks import take_in


@subscribe("lead_import.started")
def take_the_file_in(entry: TrailEntry) -> None:
    """The lines of a file are taken in by a job; the page shows how far it is."""
    take_in.enqueue(entry.target_id)
