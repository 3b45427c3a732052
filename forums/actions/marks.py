"""What a member marks for themselves: following, reading, drafts. Nothing of it concerns anybody else."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import now

from forums.models import Board, Follow, PostDraft, ReadMark, Topic
from forums.writing import MAX_BODY
from partners.access import membership_of
from partners.actors import Actor

KEPT = {"title": 300, "body": MAX_BODY, "tags": 300, "kind": 20}


@transaction.atomic
def follow_board(*, actor: Actor, board: Board, on: bool) -> bool:
    """Be told of new topics of a board, or no longer. Topics of one's own stay followed."""
    board = get_object_or_404(Board.objects.visible_to(actor), pk=board.pk)
    me = membership_of(actor)
    if on:
        Follow.objects.get_or_create(membership=me, board=board)
    else:
        Follow.objects.filter(membership=me, board=board).delete()
    return on


@transaction.atomic
def follow_topic(*, actor: Actor, topic: Topic, on: bool) -> bool:
    """Be told of new posts of a topic, or not even as part of its board."""
    topic = get_object_or_404(Topic.objects.visible_to(actor), pk=topic.pk)
    Follow.objects.update_or_create(membership=membership_of(actor), topic=topic, defaults={"muted": not on})
    return on


@transaction.atomic
def mark_read(*, actor: Actor, topic: Topic, seq: int) -> int:
    """The member has read up to post `seq`; going back changes nothing. Returns up to where."""
    topic = get_object_or_404(Topic.objects.visible_to(actor), pk=topic.pk)
    seq = min(max(seq, 0), topic.last_seq)
    mark, new = ReadMark.objects.get_or_create(topic=topic, membership=membership_of(actor), defaults={"last_seq": seq})
    if not new:
        ReadMark.objects.filter(pk=mark.pk, last_seq__lt=seq).update(last_seq=seq)
    return max(seq, mark.last_seq)


@transaction.atomic
def read_board(*, actor: Actor, board: Board) -> int:
    """Mark everything on a board as read; returns how many topics that were."""
    me = membership_of(actor)
    unread = list(Topic.objects.visible_to(actor).filter(board=board).unread_by(me.pk))
    for topic in unread:
        ReadMark.objects.update_or_create(topic=topic, membership=me, defaults={"last_seq": topic.last_seq})
    return len(unread)


@transaction.atomic
def keep_draft(*, actor: Actor, board: Board, topic: Topic | None, fields: dict[str, Any]) -> PostDraft | None:
    """Keep what the member has begun to write; nothing written means no draft."""
    me = membership_of(actor)
    kept = {key: str(fields[key]).replace("\0", "")[:most] for key, most in KEPT.items() if fields.get(key)}
    if not any(kept.get(key, "").strip() for key in ("title", "body")):
        PostDraft.objects.filter(membership=me, board=board, topic=topic).delete()
        return None
    draft, _new = PostDraft.objects.update_or_create(
        membership=me, board=board, topic=topic, defaults={"fields": kept, "updated": now()}
    )
    return draft
