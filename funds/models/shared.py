"""What requests and claims have in common: the partner writes them, its vendor sees them once they are submitted."""

from typing import Any, ClassVar

from django.db.models import Q

from core.scoping import ActsFor, ScopedModel


class OfPartner(ScopedModel):
    """Shared by vendor and partner from the moment it is submitted; a draft is the partner's alone."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")
    TONES: ClassVar[dict[Any, str]]

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The partner's own; the vendor's once they were submitted."""
        me = actor.organisation.pk
        return Q(partner=me) | (Q(vendor=me) & ~Q(state="draft"))

    def party_ids(self) -> set[int]:
        """Both sides, and the partner alone while it is a draft."""
        row: Any = self
        return {row.partner_id} if row.state == "draft" else {row.partner_id, row.vendor_id}

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        row: Any = self
        return self.TONES[row.state]
