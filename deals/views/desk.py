"""At whose desk a registration is written: with which company, of which type, in which form."""

from functools import cached_property
from typing import Any
from uuid import UUID

from core.web import key_of
from deals import offers
from deals.actions.drafting import stored_key
from deals.forms import DealForm, lines_for
from deals.models import Deal, RegistrationType
from partners.access import MemberRequest
from partners.actors import Actor
from partners.models import Partnership


def partnerships_of(actor: Actor, as_vendor: bool) -> Any:
    """The active partnerships over which one registers, or as their vendor prepares registrations."""
    edges = Partnership.objects.visible_to(actor).active().select_related("vendor", "partner", "tier")
    if as_vendor:
        return edges.filter(vendor=actor.organisation).order_by("partner__name", "pk")
    return edges.filter(partner=actor.organisation).order_by("vendor__name", "pk")


def named_partnership(request: MemberRequest, as_vendor: bool) -> Partnership | None:
    """The partnership that the request names, else the first; a foreign one counts as none named."""
    rows = partnerships_of(request.actor, as_vendor)
    pk = _number(request, "partnership")
    return (rows.filter(pk=pk).first() if pk else None) or rows.first()


def _number(request: MemberRequest, name: str) -> int | None:
    return key_of(request.POST.get(name) or request.GET.get(name) or "")


class Desk:
    """One request to write a registration, a new one where `deal` is None."""

    def __init__(self, request: MemberRequest, deal: Deal | None, as_vendor: bool = False) -> None:
        self.request, self.actor, self.deal = request, request.actor, deal
        said = request.POST.get("side") or request.GET.get("side")
        self.as_vendor = deal.held_by_vendor if deal else as_vendor or said == "vendor"

    @property
    def returned(self) -> bool:
        """True when only what was asked for can be changed."""
        return self.deal is not None and self.deal.state == Deal.State.RETURNED

    @property
    def draft_key(self) -> UUID | None:
        """By which repeated saves of one form meet."""
        try:
            return UUID(self.request.POST.get("draft_key", ""))
        except ValueError:
            return None

    @property
    def stored_key(self) -> UUID | None:
        """The key under which the draft is stored."""
        return stored_key(self.draft_key, self.as_vendor) if self.draft_key else None

    @cached_property
    def several(self) -> bool:
        """True when there is a company to choose."""
        return len(partnerships_of(self.actor, self.as_vendor)[:2]) > 1

    @cached_property
    def partnership(self) -> Partnership | None:
        """With whom: what the form names, else the draft's own, else the first."""
        if self.deal is not None and (self.returned or not _number(self.request, "partnership")):
            return self.deal.partnership
        return named_partnership(self.request, self.as_vendor)

    @cached_property
    def types(self) -> list[RegistrationType]:
        """The types to choose from."""
        return offers.types_for(self.partnership) if self.partnership and not self.returned else []

    @cached_property
    def type_(self) -> RegistrationType:
        """Of which type: what the form names, else the draft's own, else the one chosen at first. A returned deal keeps
        the version that it was submitted under."""
        if self.deal is not None and self.returned:
            return self.deal.terms
        by_pk = {row.pk: row for row in self.types}
        wanted = (_number(self.request, "type"), self.deal.type_id if self.deal else None)
        return next((by_pk[pk] for pk in wanted if pk in by_pk), self.types[0])

    def form(self, *data: Any, initial: dict[str, Any] | None = None) -> DealForm:
        """The form of that type, with what was sent where `data` is given."""
        return DealForm(
            *data,
            actor=self.actor,
            type_=self.type_,
            types=self.types,
            deal=self.deal,
            only=self.deal.returned_fields if self.deal else (),
            as_vendor=self.as_vendor,
            initial=initial or {},
        )

    def lines(self, data: Any = None, deal: Deal | None = None) -> Any:
        """The lines, over the products of the vendor."""
        vendor_id = self.partnership.vendor_id if self.partnership else None
        return lines_for(self.actor, vendor_id, data, deal=deal)
