"""What belongs to the acting member alone: what they follow, how far they have read."""

from typing import Any

from django.db.models import QuerySet

from forums.models import Follow, PostDraft, ReadMark, Topic
from partners.actors import Actor


def read_numbers(actor: Actor) -> "QuerySet[Any]":
    """The acting member's read marks; a service account has none."""
    return ReadMark.objects.filter(membership=actor.membership) if actor.membership else ReadMark.objects.none()


def own_follows(actor: Actor) -> "tuple[QuerySet[Any], QuerySet[Any]]":
    """Keys of the topics and of the boards that the acting member follows."""
    mine = (
        Follow.objects.filter(membership=actor.membership, muted=False) if actor.membership else Follow.objects.none()
    )
    topics, boards = mine.filter(topic__isnull=False), mine.filter(board__isnull=False)
    return topics.values("topic"), boards.values("board")


def follows_board(actor: Actor, board_id: int) -> bool:
    """True when the acting member is told of new topics of a board."""
    return actor.membership is not None and Follow.objects.filter(membership=actor.membership, board=board_id).exists()


def follows_any(actor: Actor) -> bool:
    """True when the acting member follows a topic or a board at all."""
    return actor.membership is not None and Follow.objects.filter(membership=actor.membership).exists()


def unread_topics(actor: Actor) -> "QuerySet[Topic]":
    """Followed topics with something unread."""
    if actor.membership is None:
        return Topic.objects.none()
    return (
        Topic.objects.visible_to(actor)
        .listed_for(actor)
        .filter(hidden_at=None, held_at=None)
        .unread_by(actor.membership.pk)
    )


def draft_for(actor: Actor, board_id: int) -> dict[str, str]:
    """What the member has begun to write as a new topic."""
    draft = PostDraft.objects.visible_to(actor).filter(board=board_id, topic=None).first()
    return draft.fields if draft else {}
