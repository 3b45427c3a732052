"""What people write beside a deal: shared by both sides, or kept by the organisation that wrote it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from core.scoping import ActsFor, ScopedModel
from deals.models.deals import Deal


class Beside(ScopedModel):
    """A row beside a deal. `organisation` wrote it; `shared` says that the other side reads it too, once it sees the
    deal at all: what is beside a draft stays with the partner."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    shared = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own organisation's, and what the other side shared of a deal that one sees."""
        me = actor.organisation.pk
        from_partner = Q(vendor=me, shared=True) & ~Q(deal__state=Deal.State.DRAFT)
        return Q(organisation=me) | Q(partner=me, shared=True) | from_partner

    def party_ids(self) -> set[int]:
        """Who hears of it: the writer's organisation alone, or everybody who sees the deal."""
        return {self.organisation_id} | (self.deal.party_ids() if self.shared else set())


def beside(deal: Deal, organisation: Any, shared: bool) -> dict[str, Any]:
    """The columns that place a new row beside a deal."""
    sides = {"deal": deal, "vendor_id": deal.vendor_id, "partner_id": deal.partner_id}
    return {**sides, "organisation": organisation, "shared": shared}
