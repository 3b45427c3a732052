"""Opening topics, accepting answers, saying where ideas stand, acknowledging announcements."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat import files as filing
from core.audit import record
from core.errors import DomainError
from core.search import text_of
from core.states import move
from forums import writing
from forums.actions.posts import follow_topic, locked_topic, number_post, sent_before, write_post
from forums.live import wake
from forums.models import Acknowledgement, Board, Follow, Post, PostDraft, Topic
from forums.permissions import (
    may_accept,
    may_acknowledge,
    may_announce,
    may_change_topic,
    may_moderate,
    may_open,
    may_step,
)
from partners.access import membership_of, person_of, require
from partners.actors import Actor
from partners.models import Membership


@transaction.atomic
def open_topic(
    *,
    actor: Actor,
    board: Board,
    kind: str,
    title: str,
    body: str,
    tags: Iterable[str] = (),
    files: Iterable[UploadedFile] = (),
    client_id: str = "",
) -> Topic:
    """Open a topic with its first post. The same `client_id` again returns the topic of the first time.

    The first topic of a newcomer may be held for a moderator. Raises PermissionDenied, FloodError, DomainError.
    """
    board = get_object_or_404(Board.objects.visible_to(actor).select_related("organisation", "tier"), pk=board.pk)
    if known := sent_before(actor, client_id):
        return known.topic
    if kind not in Topic.Kind.values:
        raise DomainError(_("Choose one of the kinds."), field="kind")
    require(may_announce(actor, board) if kind == Topic.Kind.ANNOUNCEMENT else may_open(actor, board))
    me = membership_of(actor)
    writing.refuse_flood(me)
    writing.refuse_flood(me, topics=True)
    attached = filing.checked(files)
    title, names, body = writing.clean_title(title), writing.clean_tags(tags), writing.clean_body(body)
    held = board.hold_first and writing.is_newcomer(me, board)
    topic = Topic.objects.create(
        board=board,
        kind=kind,
        title=title,
        membership=me,
        author=person_of(actor),
        organisation=actor.organisation,
        held_at=now() if held else None,
    )
    topic.tags.set(writing.tags_of(board, names))
    post, mentioned = write_post(actor, topic, body, attached, client_id, seq=None)
    number_post(topic, post)
    index(topic, post)
    follow_topic(me.pk, topic)
    PostDraft.objects.filter(membership=me, board=board, topic=None).delete()
    if held:
        record(actor=actor, verb="topic.held", target=topic, parties={board.organisation_id})
    else:
        tell_of_topic(actor, topic, mentioned)
    return topic


def index(topic: Topic, first: Post | None = None) -> None:
    """Write anew what is searched of a topic: its title, its tags, its first words."""
    first = first or topic.posts.filter(seq=1).first()
    words = first.body[:4000] if first else ""
    topic.search_text = text_of(topic.title, *(tag.name for tag in topic.tags.all()), words)
    topic.save(update_fields=["search_text"])


def tell_of_topic(actor: Actor, topic: Topic, mentioned: set[int]) -> None:
    """Note that a topic is there: an announcement for all readers of the board, else for those who follow it."""
    board = topic.board
    if topic.kind == Topic.Kind.ANNOUNCEMENT:
        parties = board.party_ids()
    else:
        follows = Follow.objects.filter(board=board).values_list("membership__organisation", flat=True)
        named = Membership.objects.filter(pk__in=mentioned).values_list("organisation", flat=True)
        parties = {*topic.party_ids(), *follows, *named}
    record(
        actor=actor,
        verb="topic.announced" if topic.kind == Topic.Kind.ANNOUNCEMENT else "topic.opened",
        target=topic,
        parties=parties,
        board=str(board),
        board_id=board.pk,
        members=sorted(mentioned),
    )
    wake(topic, "topic.opened")


@transaction.atomic
def change_topic(*, actor: Actor, topic: Topic, title: str, kind: str, tags: Iterable[str]) -> Topic:
    """Change title, kind and tags: a discussion becomes an idea or a question, and back."""
    topic = locked_topic(actor, topic)
    require(may_change_topic(actor, topic))
    if kind not in Topic.Kind.values:
        raise DomainError(_("Choose one of the kinds."), field="kind")
    if Topic.Kind.ANNOUNCEMENT in {kind, topic.kind} and kind != topic.kind:
        require(may_moderate(actor, topic.board))
    topic.title, before = writing.clean_title(title), topic.kind
    topic.kind = kind
    if kind != Topic.Kind.QUESTION:
        topic.accepted = None
    if kind != Topic.Kind.IDEA:
        topic.state, topic.state_reason = Topic.State.OPEN, ""
    topic.save(update_fields=["title", "kind", "accepted", "state", "state_reason"])
    topic.tags.set(writing.tags_of(topic.board, writing.clean_tags(tags)))
    index(topic)
    record(actor=actor, verb="topic.changed", target=topic, before=before, after=kind)
    wake(topic, "topic.changed")
    return topic


@transaction.atomic
def accept_answer(*, actor: Actor, topic: Topic, post: Post | None) -> Topic:
    """Say which post answered a question; None takes that back. The first post is the question itself."""
    topic = locked_topic(actor, topic)
    require(may_accept(actor, topic))
    if post is not None:
        post = topic.posts.standing().filter(pk=post.pk).first()
        if post is None or post.seq == 1:
            raise DomainError(_("Choose one of the answers."))
    if topic.accepted_id == (post.pk if post else None):
        return topic
    topic.accepted = post
    topic.save(update_fields=["accepted"])
    if post is None:
        record(actor=actor, verb="topic.reopened", target=topic)
    else:
        parties = {*topic.party_ids(), post.organisation_id, *_followers(topic)}
        data = {"post": post.pk, "seq": post.seq, "who": str(post.author), "member": post.membership_id}
        record(actor=actor, verb="topic.answered", target=topic, parties=parties, **data)
    wake(topic, "topic.answered")
    return topic


def _followers(topic: Topic) -> set[int]:
    follows = Follow.objects.filter(topic=topic, muted=False)
    return set(follows.values_list("membership__organisation", flat=True))


@transaction.atomic
def step_idea(*, actor: Actor, topic: Topic, step: str, reason: str = "") -> Topic:
    """Say where an idea stands: plan, start, finish, decline (which asks for a reason) or reopen."""
    topic = locked_topic(actor, topic)
    if step not in Topic.TRANSITIONS:
        raise DomainError(_("Choose one of the steps."))
    require(may_step(actor, topic, step))
    reason = " ".join(reason.split())[:500]
    if step == "decline" and not reason:
        raise DomainError(_("Say why the idea is declined: those who voted for it will read it."), field="reason")
    before, after = move(topic, step)
    topic.state_reason = reason
    topic.save(update_fields=["state", "state_reason"])
    voters = set(topic.posts.filter(seq=1).values_list("votes__membership__organisation", flat=True)) - {None}
    record(
        actor=actor,
        verb="topic.stepped",
        target=topic,
        parties={*topic.party_ids(), *_followers(topic), *voters},
        before=before,
        after=after,
        word=str(topic.get_state_display()),
        reason=reason,
    )
    wake(topic, "topic.stepped")
    return topic


@transaction.atomic
def acknowledge(*, actor: Actor, topic: Topic) -> Acknowledgement:
    """Confirm to have read an announcement; again keeps the first moment."""
    topic = get_object_or_404(Topic.objects.visible_to(actor).select_related("board__organisation"), pk=topic.pk)
    require(may_acknowledge(actor, topic))
    found, new = Acknowledgement.objects.get_or_create(topic=topic, membership=membership_of(actor))
    if new:
        record(actor=actor, verb="topic.acknowledged", target=topic)
    return found
