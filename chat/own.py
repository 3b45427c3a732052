"""What belongs to the acting member alone: how far they have read, and where they were mentioned."""

from typing import Any

from django.db.models import QuerySet

from chat.models import Mention, ReadMark, Room
from partners.actors import Actor


def marks_of(actor: Actor) -> "QuerySet[Any]":
    """The acting member's read marks; a service account has none."""
    return ReadMark.objects.of_members([actor.membership.pk] if actor.membership else [])


def mentions_of(actor: Actor) -> "QuerySet[Any]":
    """Unread mentions of the acting member, in rooms that they may still see."""
    if actor.membership is None:
        return Mention.objects.none()
    return Mention.objects.waiting_for(actor.membership.pk, Room.objects.visible_to(actor))
