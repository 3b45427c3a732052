"""Who takes part in a room, and whom a member may write to."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from chat.models import ReadMark, Room
from partners.actors import Actor
from partners.models import Membership, Organisation


def _live() -> QuerySet[Membership]:
    live = Membership.objects.filter(active=True, user__is_active=True)
    return live.select_related("user", "organisation").prefetch_related("roles").order_by("user__name", "pk")


def people_of(room: Room) -> list[Membership]:
    """Everybody who may read the room: seated members, and of seated organisations those with its capability."""
    seats = list((room.parent or room).seats.values_list("organisation_id", "membership_id"))
    members = {membership for _organisation, membership in seats if membership}
    organisations = {organisation for organisation, membership in seats if not membership}
    found = _live().filter(Q(pk__in=members) | Q(organisation__in=organisations))
    if room.organisation_id:
        found = found.filter(organisation=room.organisation_id)
    return [each for each in found if not room.capability or room.capability in each.capabilities()]


def names_of(people: Iterable[Membership]) -> dict[str, int]:
    """Names in lower case that may be mentioned; of two namesakes the first."""
    names: dict[str, int] = {}
    for membership in people:
        names.setdefault(str(membership.user).lower(), membership.pk)
    return names


def reachable(actor: Actor) -> QuerySet[Membership]:
    """Colleagues, and people of organisations with which there is an active partnership; never oneself."""
    organisations = Organisation.objects.partners_of(actor.organisation).values("pk")
    theirs = Q(organisation=actor.organisation) | Q(organisation__in=organisations)
    return _live().filter(theirs).exclude(user=actor.user)


def followers(room: Room) -> set[int]:
    """Ids of the members in whose badge the room counts."""
    return set(ReadMark.objects.filter(room=room).values_list("membership_id", flat=True))


def unattended(room: Room) -> list[Membership]:
    """Members of organisations of which nobody follows the room yet: the first word is for all who may read it."""
    attending = set(ReadMark.objects.filter(room=room).values_list("membership__organisation", flat=True))
    if room.party_ids() <= attending:
        return []
    return [each for each in people_of(room) if each.organisation_id not in attending]
