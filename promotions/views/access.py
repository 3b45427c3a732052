"""How the pages find a promotion."""

from django.shortcuts import get_object_or_404

from partners.actors import Actor
from promotions.models import Promotion


def any_promotion(actor: Actor, pk: int) -> Promotion:
    """One's own, or one that one may use or pays for; else 404."""
    return get_object_or_404(Promotion.objects.visible_to(actor).select_related("vendor", "reward"), pk=pk)


def own_promotion(actor: Actor, pk: int) -> Promotion:
    """One of one's own organisation, or 404: what a partner sees of it has a page of its own."""
    own = Promotion.objects.visible_to(actor).filter(vendor=actor.organisation)
    return get_object_or_404(own.select_related("vendor", "reward"), pk=pk)
