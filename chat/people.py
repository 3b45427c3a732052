"""Who takes part in a room, and whom a member may write to."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from chat.markdown import Named
from chat.models import ReadMark, Room, TalkPolicy
from partners.actors import Actor
from partners.models import Membership, Organisation


def _live() -> QuerySet[Membership]:
    live = Membership.objects.filter(active=True, user__is_active=True)
    return live.select_related("user", "organisation").prefetch_related("roles").order_by("user__name", "pk")


def _kept_out() -> Q:
    """Members whose organisation keeps them out of rooms with others."""
    strict = TalkPolicy.objects.filter(seats=TalkPolicy.Seats.CHOSEN)
    people, roles = (strict.exclude(**{name: None}).values(name) for name in ("members", "roles"))
    return Q(organisation__in=strict.values("organisation")) & ~Q(pk__in=people) & ~Q(roles__in=roles)


def people_of(room: Room) -> list[Membership]:
    """Everybody who may read the room: seated members, and of seated organisations those with its capability, but for
    whom their organisation keeps out of rooms with others."""
    seats = list((room.parent or room).seats.values_list("organisation_id", "membership_id"))
    members = {membership for _organisation, membership in seats if membership}
    organisations = {organisation for organisation, membership in seats if not membership}
    found = _live().filter(Q(pk__in=members) | Q(organisation__in=organisations))
    if len({organisation for organisation, _membership in seats}) > 1:
        found = found.exclude(_kept_out())
    if room.organisation_id:
        found = found.filter(organisation=room.organisation_id)
    return [each for each in found if not room.capability or room.capability in each.capabilities()]


def names_of(people: Iterable[Membership]) -> dict[str, Named]:
    """Names in lower case that may be mentioned: of people, of two namesakes the first, and of organisations, which
    stand for all their people among these."""
    names: dict[str, Named] = {}
    organisations: dict[str, tuple[int, ...]] = {}
    for membership in people:
        names.setdefault(str(membership.user).lower(), membership.pk)
        name = str(membership.organisation).lower()
        organisations[name] = (*organisations.get(name, ()), membership.pk)
    return {**organisations, **names}


def reachable(actor: Actor) -> QuerySet[Membership]:
    """Colleagues, and people of organisations with which there is an active partnership; never oneself.

    Whom an organisation keeps out of shared rooms reaches nobody of another, nor is reached from there.
    """
    theirs = Q(organisation=actor.organisation)
    if not TalkPolicy.objects.keeping_out(actor).exists():
        organisations = Organisation.objects.partners_of(actor.organisation).values("pk")
        theirs |= Q(organisation__in=organisations) & ~_kept_out()
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
