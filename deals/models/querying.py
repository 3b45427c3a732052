"""Verbs on sets of deals."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localdate, now

from core.scoping import ScopedQuerySet
from deals.models.states import OPEN, WAITING, State


class DealQuerySet(ScopedQuerySet):
    """Verbs on deals."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As ever; the text to search is made as `save` makes it."""
        deals = list(objs)
        for deal in deals:
            deal.search_text = deal.text_to_search()
        return super().bulk_create(deals, *args, **kwargs)

    def open(self) -> "DealQuerySet":
        """Registrations that wait for somebody, or protect somebody."""
        return self.filter(state__in=OPEN)

    def waiting_for_review(self, vendor_id: int) -> "DealQuerySet":
        """The vendor's queue: what its reviewers owe an answer, the nearest due time first, then by priority."""
        waiting = self.filter(vendor_id=vendor_id, state__in=WAITING)
        return waiting.order_by(F("sla_due_at").asc(nulls_last=True), "priority_at", "pk")

    def with_pending_approval(self) -> "DealQuerySet":
        """Each with `waits_for_approval`: others of the vendor have to agree before it is decided."""
        pending = apps.get_model("deals", "Approval").objects.filter(deal=OuterRef("pk"), state="pending")
        return self.annotate(waits_for_approval=Exists(pending))

    def past_protection(self) -> "DealQuerySet":
        """Approved deals whose protection is over. While more time is asked for, the clock stands still."""
        over = self.filter(state=State.APPROVED, protected_until__lt=localdate())
        return over.exclude(petitions__kind="extension", petitions__state="pending")

    def unanswered(self) -> "DealQuerySet":
        """What nobody answered in the time promised, where its type promised an answer when it was submitted."""
        promised = Q(type_version__terms__deemed_approval=True) | Q(type_version=None, type__deemed_approval=True)
        waiting = self.filter(promised, state__in=WAITING, sla_due_at__lt=now())
        return waiting.filter(conflict_check__verdict="clear").order_by("sla_due_at", "pk")
