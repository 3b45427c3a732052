"""What the trail sets going here: invitations leave by e-mail once they are committed."""

from core.audit import subscribe
from core.models import TrailEntry


@subscribe("member.invited", "partnership.invited", "invitation.resent")
def send_invitation(entry: TrailEntry) -> None:
    """Put the e-mail on the queue; it finds the link by itself, so no secret lies in a job."""
    from partners.tasks import mail_invitation

    mail_invitation.enqueue(entry.target_id)
