"""Who reads a board, and whom one may mention there."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from forums.models import Board, Post
from partners.actors import Actor
from partners.models import Membership

MOST = 500


def _live() -> QuerySet[Membership]:
    live = Membership.objects.filter(active=True, user__is_active=True)
    return live.select_related("user", "organisation").prefetch_related("roles").order_by("user__name", "pk")


def readers_of(board: Board) -> list[Membership]:
    """Everybody of the organisations that the board is for whose role may read forums."""
    found = _live().filter(organisation__in=board.readers().values("pk"))
    return [each for each in found if "forums.view" in each.capabilities()]


def mentionable(actor: Actor, board: Board) -> list[Membership]:
    """Colleagues, people of the company that owns the board, and who wrote there: a board is no directory of the
    people of other partners."""
    wrote = Post.objects.filter(topic__board=board, seq__isnull=False).values("membership")
    near = Q(organisation__in={actor.organisation.pk, board.organisation_id}) | Q(pk__in=wrote)
    readers = board.readers() if not board.is_public else None
    found = _live().filter(near)
    if readers is not None:
        found = found.filter(organisation__in=readers.values("pk"))
    return [each for each in found[:MOST] if "forums.view" in each.capabilities()]


def names_of(people: Iterable[Membership]) -> dict[str, int]:
    """Names in lower case that may be mentioned; of two namesakes the first."""
    names: dict[str, int] = {}
    for membership in people:
        names.setdefault(str(membership.user).lower(), membership.pk)
    return names
