"""Search over people and companies."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.search import Hit, found
from partners.actors import Actor
from partners.models import Membership, Partnership

COMPANIES = gettext_lazy("Companies")
PEOPLE = gettext_lazy("People")


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Companies that one works with, and colleagues."""
    companies = _companies(actor, text, limit) if actor.can("partnerships.view") else []
    return [*companies, *_people(actor, text, limit)]


def _companies(actor: Actor, text: str, limit: int) -> list[Hit]:
    edges = Partnership.objects.visible_to(actor).select_related("vendor", "partner").order_by("-pk")
    below = found(edges.filter(vendor=actor.organisation), text, "partner__name", "partner__legal_name")
    above = found(edges.filter(partner=actor.organisation), text, "vendor__name", "vendor__legal_name")
    return [_company(actor, edge) for edge in [*below[:limit], *above[:limit]][:limit]]


def _company(actor: Actor, edge: Partnership) -> Hit:
    kind, state = edge.get_kind_display(), str(edge.get_state_display()).lower()
    url = reverse("partners:partnership", args=[edge.pk])
    return Hit(COMPANIES, edge.other(actor.organisation).name, f"{kind}, {state}", url, "network")


def _people(actor: Actor, text: str, limit: int) -> list[Hit]:
    colleagues = Membership.objects.visible_to(actor).select_related("user", "organisation")
    rows = found(colleagues, text, "user__name", "user__email", "job_title").order_by("-active", "user__name")
    return [_person(membership) for membership in rows[:limit]]


def _person(membership: Membership) -> Hit:
    sub = membership.job_title or membership.user.email
    if not membership.active:
        sub = f"{sub} · {_('membership closed')}"
    return Hit(PEOPLE, membership.user.name, sub, reverse("partners:person", args=[membership.pk]), "user-round")
