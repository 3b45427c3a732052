"""What everybody may reach without an account: the one letter that a signed token names."""

from audiences.models import Recipient


def known(recipient_id: int) -> Recipient | None:
    """The letter of this number. The caller has read the number from a token that we signed."""
    return Recipient.objects.select_related("organisation").filter(pk=recipient_id).first()
