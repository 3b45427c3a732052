"""Which agreements wait for an organisation's acceptance."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse

from partners.actors import Actor
from partners.models import Agreement, AgreementAcceptance, Partnership

ASKED = (
    Partnership.State.INVITED,
    Partnership.State.APPLIED,
    Partnership.State.IN_REVIEW,
    Partnership.State.ACTIVE,
)


@dataclass(frozen=True, slots=True)
class Due:
    """One agreement to accept, over one partnership."""

    partnership: Partnership
    agreement: Agreement

    @property
    def url(self) -> str:
        """Where it is read and accepted."""
        return reverse("partners:agreement", args=[self.partnership.pk])


def agreements_due(actor: Actor | None) -> list[Due]:
    """What the actor's organisation, as partner, has been asked to accept and has not; nothing for who may not."""
    if actor is None or not actor.can("partnerships.manage"):
        return []
    mine = Partnership.objects.visible_to(actor).filter(partner=actor.organisation, state__in=ASKED)
    partnerships = {edge.vendor_id: edge for edge in mine.select_related("vendor").order_by("-pk")}
    if not partnerships:
        return []
    newer = Agreement.objects.filter(vendor=OuterRef("vendor"), version__gt=OuterRef("version"))
    accepted = AgreementAcceptance.objects.filter(agreement=OuterRef("pk"), partnership__partner=actor.organisation)
    owed = Agreement.objects.visible_to(actor).filter(~Exists(newer), ~Exists(accepted), vendor__in=partnerships)
    return [Due(partnerships[agreement.vendor_id], agreement) for agreement in owed.order_by("published_at")]
