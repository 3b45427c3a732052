"""Which rooms are under a legal hold: nothing of them is removed as long as it stands."""

from django.db.models import Q

from chat.models import Hold, Room


def is_held(room: Room) -> bool:
    """True while an organisation of the room holds all its talk, or this room (its own side thread included)."""
    main = room.parent_id or room.pk
    holds = Hold.objects.in_force().filter(Q(room=None) | Q(room=main), organisation__in=room.party_ids())
    return holds.exists()
