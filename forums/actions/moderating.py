"""Keeping boards in order: reports, hiding, locking, moving, merging, splitting, warning, held posts."""

from collections.abc import Iterable

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat import markdown
from core.audit import record
from core.errors import DomainError
from forums import people
from forums.actions.log import log, needed
from forums.actions.posts import follow_topic, locked_post, locked_topic, number_post, tell_of_post
from forums.actions.topics import index, tell_of_topic
from forums.live import wake
from forums.models import Board, Follow, ModerationEntry, Post, Report, Topic
from forums.permissions import may_moderate, may_report
from forums.writing import clean_title
from partners.access import membership_of, person_of, require
from partners.actors import Actor, acting

Act = ModerationEntry.Act


def moderated(actor: Actor, topic: Topic) -> Topic:
    """A topic under its lock that the actor keeps in order. 404 or PermissionDenied."""
    topic = locked_topic(actor, topic)
    require(may_moderate(actor, topic.board))
    return topic


@transaction.atomic
def report_post(*, actor: Actor, post: Post, why: str, note: str = "") -> Report:
    """Tell the moderators that something is wrong with a post. Who reports it is known to them alone; again while the
    first report is open changes nothing."""
    post = locked_post(actor, post)
    require(may_report(actor, post))
    if why not in Report.Why.values:
        raise DomainError(_("Choose what is wrong."), field="why")
    me = membership_of(actor)
    known = Report.objects.filter(post=post, membership=me, settled_at=None).first()
    if known is not None:
        return known
    report = Report.objects.create(post=post, membership=me, why=why, note=" ".join(note.split())[:500])
    parties = {post.topic.board.organisation_id}
    record(actor=actor, verb="post.reported", target=post.topic, parties=parties, post=post.pk)
    return report


@transaction.atomic
def settle_reports(*, actor: Actor, post: Post) -> int:
    """Say that the reports on a post were looked at and nothing is wrong with it; returns how many."""
    post = locked_post(actor, post)
    require(may_moderate(actor, post.topic.board))
    many = _settle(actor, post, upheld=False)
    if many:
        owner = {post.topic.board.organisation_id}
        record(actor=actor, verb="moderation.settled", target=post.topic, parties=owner, post=post.pk)
    return many


def _settle(actor: Actor, post: Post, *, upheld: bool) -> int:
    rows = Report.objects.filter(post=post, settled_at=None)
    return rows.update(settled_at=now(), settled_by=person_of(actor), upheld=upheld)


@transaction.atomic
def hide_post(*, actor: Actor, post: Post, reason: str) -> Post:
    """Hide the words of a post from all but its author and the moderators. The first post hides its topic."""
    post = locked_post(actor, post)
    topic = post.topic
    require(may_moderate(actor, topic.board))
    reason = needed(reason)
    if post.deleted_at or post.held:
        raise DomainError(_("There is nothing here to hide."))
    if post.seq == 1:
        _hide_topic(actor, topic, reason)
    elif not post.hidden_at:
        post.hidden_at, post.hidden_reason = now(), reason
        post.save(update_fields=["hidden_at", "hidden_reason"])
        if topic.accepted_id == post.pk:
            topic.accepted = None
        _recount(topic, "accepted")
        log(actor, Act.HID, topic, reason, post=post)
    _settle(actor, post, upheld=True)
    wake(topic, "moderation.done")
    return post


def _recount(topic: Topic, *fields: str) -> None:
    topic.recount()
    topic.save(update_fields=[*Topic.COUNTED, *fields])


def _hide_topic(actor: Actor, topic: Topic, reason: str) -> None:
    if topic.hidden_at:
        return
    topic.hidden_at = now()
    topic.save(update_fields=["hidden_at"])
    log(actor, Act.HID_TOPIC, topic, reason)


@transaction.atomic
def show_post(*, actor: Actor, post: Post) -> Post:
    """Let everybody read a hidden post again."""
    post = locked_post(actor, post)
    require(may_moderate(actor, post.topic.board))
    if post.hidden_at:
        post.hidden_at, post.hidden_reason = None, ""
        post.save(update_fields=["hidden_at", "hidden_reason"])
        _recount(post.topic)
        log(actor, Act.SHOWED, post.topic, post=post)
        wake(post.topic, "moderation.done")
    return post


@transaction.atomic
def hide_topic(*, actor: Actor, topic: Topic, reason: str) -> Topic:
    """Hide a whole topic from all but its author and the moderators."""
    topic = moderated(actor, topic)
    _hide_topic(actor, topic, needed(reason))
    for post in topic.posts.filter(reports__settled_at=None, reports__isnull=False).distinct():
        _settle(actor, post, upheld=True)
    wake(topic, "moderation.done")
    return topic


@transaction.atomic
def show_topic(*, actor: Actor, topic: Topic) -> Topic:
    """Let everybody read a hidden topic again; not one that its author deleted."""
    topic = moderated(actor, topic)
    if topic.posts.filter(seq=1, deleted_at__isnull=False).exists():
        raise DomainError(_("Its author deleted this topic. It stays so."))
    if topic.hidden_at:
        topic.hidden_at = None
        topic.save(update_fields=["hidden_at"])
        log(actor, Act.SHOWED_TOPIC, topic)
        wake(topic, "moderation.done")
    return topic


@transaction.atomic
def lock_topic(*, actor: Actor, topic: Topic, on: bool) -> Topic:
    """Let nobody but moderators answer, or everybody again."""
    topic = moderated(actor, topic)
    if bool(topic.locked_at) != on:
        topic.locked_at = now() if on else None
        topic.save(update_fields=["locked_at"])
        log(actor, Act.LOCKED if on else Act.UNLOCKED, topic)
        wake(topic, "moderation.done")
    return topic


@transaction.atomic
def pin_topic(*, actor: Actor, topic: Topic, on: bool) -> Topic:
    """Keep a topic on top of its board, or no longer."""
    topic = moderated(actor, topic)
    if bool(topic.pinned_at) != on:
        topic.pinned_at = now() if on else None
        topic.save(update_fields=["pinned_at"])
        record(actor=actor, verb="topic.changed", target=topic, pinned=on)
        wake(topic, "topic.changed")
    return topic


@transaction.atomic
def move_topic(*, actor: Actor, topic: Topic, board: Board) -> Topic:
    """Move a topic to another board that the actor moderates. Only to as many readers or fewer: what was said among a
    few is not shown to more."""
    topic = moderated(actor, topic)
    board = get_object_or_404(Board.objects.visible_to(actor).select_related("organisation", "tier"), pk=board.pk)
    require(may_moderate(actor, board))
    if board.pk == topic.board_id:
        raise DomainError(_("The topic is on that board already."), field="board")
    _refuse_more_readers(topic.board, board)
    before, names = str(topic.board), [tag.name for tag in topic.tags.all()]
    topic.board = board
    topic.save(update_fields=["board"])
    topic.tags.set([board.tags.get_or_create(name=name)[0] for name in names])
    poll = getattr(topic, "poll", None)
    if poll is not None:
        poll.board = board
        poll.save(update_fields=["board"])
    topic.articles.filter(state="draft").update(board=board)
    log(actor, Act.MOVED, topic, f"{before} → {board}")
    wake(topic, "moderation.done")
    return topic


def _refuse_more_readers(here: Board, there: Board) -> None:
    if here.is_public:
        return
    if there.is_public or set(there.readers()) - set(here.readers()):
        raise DomainError(
            _("More organisations read “%(board)s”. What was said among a few is not shown to more.")
            % {"board": there},
            field="board",
        )


@transaction.atomic
def merge_topics(*, actor: Actor, topic: Topic, into: Topic) -> Topic:
    """Put the posts of a topic at the end of another one of the same board, which its address leads to from then on."""
    first, second = sorted((topic, into), key=lambda each: each.pk)
    locked = {each.pk: moderated(actor, each) for each in (first, second)}
    topic, into = locked[topic.pk], locked[into.pk]
    if topic.pk == into.pk or into.merged_into_id or topic.merged_into_id:
        raise DomainError(_("Choose another topic."), field="into")
    if topic.board_id != into.board_id:
        raise DomainError(_("Move the topic to the same board first."), field="into")
    if {topic.held_at, topic.hidden_at, into.held_at, into.hidden_at} != {None}:
        raise DomainError(_("A topic that is held or hidden cannot be merged."), field="into")
    _carry_over(topic, into, topic.posts.filter(seq__isnull=False).order_by("seq"))
    topic.posts.filter(seq=None).update(topic=into)
    for follow in Follow.objects.filter(topic=topic):
        Follow.objects.get_or_create(membership_id=follow.membership_id, topic=into, defaults={"muted": follow.muted})
    topic.follows.all().delete()
    topic.merged_into, topic.accepted, topic.pinned_at = into, None, None
    topic.last_seq = topic.posts_count = topic.votes = 0
    fields = ["merged_into", "accepted", "pinned_at", "last_seq", "posts_count", "votes"]
    topic.save(update_fields=fields)
    log(actor, Act.MERGED, topic, str(into))
    wake(topic, "moderation.done")
    wake(into, "moderation.done")
    return into


def _carry_over(source: Topic, target: Topic, posts: Iterable[Post]) -> None:
    """Give posts the next numbers of another topic, in their order. Both topics are locked."""
    for post in posts:
        target.last_seq += 1
        post.topic, post.seq = target, target.last_seq
        post.save(update_fields=["topic", "seq"])
    _recount(target)


@transaction.atomic
def split_topic(*, actor: Actor, topic: Topic, posts: Iterable[int], title: str) -> Topic:
    """Move some posts (by their keys) to a topic of their own on the same board; the first of them opens it."""
    topic = moderated(actor, topic)
    chosen = list(topic.posts.standing().filter(pk__in=list(posts)).exclude(seq=1).order_by("seq"))
    if not chosen:
        raise DomainError(_("Choose at least one post that is not the first."), field="posts")
    first = chosen[0]
    made = Topic.objects.create(
        board=topic.board,
        kind=Topic.Kind.DISCUSSION,
        title=clean_title(title),
        membership=first.membership,
        author=first.author,
        organisation=first.organisation,
        created=first.created,
    )
    if topic.accepted_id in {post.pk for post in chosen}:
        topic.accepted = None
    _carry_over(topic, made, chosen)
    _recount(topic, "accepted")
    made.votes = first.votes.count()
    made.save(update_fields=["votes"])
    index(made, first)
    for member in {post.membership_id for post in chosen if post.membership_id is not None}:
        follow_topic(member, made)
    log(actor, Act.SPLIT, made, str(topic))
    wake(topic, "moderation.done")
    return made


@transaction.atomic
def warn_author(*, actor: Actor, post: Post, reason: str) -> ModerationEntry:
    """Tell the author of a post, and nobody else but the moderators, what was not right."""
    post = locked_post(actor, post)
    require(may_moderate(actor, post.topic.board))
    if actor.membership is not None and post.membership_id == actor.membership.pk:
        raise DomainError(_("This is your own post."))
    return log(actor, Act.WARNED, post.topic, needed(reason), post=post)


@transaction.atomic
def release_post(*, actor: Actor, post: Post) -> Post:
    """Let a held post through: it takes the next number of its topic, and those who follow it are told."""
    post = locked_post(actor, post)
    topic = post.topic
    require(may_moderate(actor, topic.board))
    if not post.held or post.deleted_at:
        raise DomainError(_("Somebody has decided on this post already."))
    post.created = now()
    post.save(update_fields=["created"])
    number_post(topic, post)
    if post.membership_id is not None:
        follow_topic(post.membership_id, topic)
    log(actor, Act.RELEASED, topic, post=post)
    tell_of_post(actor, post, _named(post), "post.released")
    return post


def _named(post: Post) -> set[int]:
    """Whom a held post mentions: as its author could, at the time when it is let through."""
    if "@" not in post.body or post.membership is None:
        return set()
    names = people.names_of(people.mentionable(acting(post.membership, "system"), post.topic.board))
    return markdown.mentioned(post.body, names)


@transaction.atomic
def release_topic(*, actor: Actor, topic: Topic) -> Topic:
    """Let a held topic through."""
    topic = moderated(actor, topic)
    if not topic.held_at:
        raise DomainError(_("Somebody has decided on this topic already."))
    topic.held_at, topic.created = None, now()
    topic.save(update_fields=["held_at", "created"])
    log(actor, Act.RELEASED, topic)
    first = topic.posts.filter(seq=1).select_related("membership").first()
    tell_of_topic(actor, topic, _named(first) if first else set())
    return topic


@transaction.atomic
def refuse_held(*, actor: Actor, thing: Post | Topic, reason: str) -> None:
    """Refuse a held post or topic; its author reads why."""
    reason = needed(reason)
    if isinstance(thing, Topic):
        topic = moderated(actor, thing)
        if not topic.held_at:
            raise DomainError(_("Somebody has decided on this topic already."))
        topic.hidden_at, topic.held_at = now(), None
        topic.save(update_fields=["hidden_at", "held_at"])
        log(actor, Act.REFUSED, topic, reason)
        return
    post = locked_post(actor, thing)
    require(may_moderate(actor, post.topic.board))
    if not post.held or post.deleted_at:
        raise DomainError(_("Somebody has decided on this post already."))
    post.deleted_at = now()
    post.save(update_fields=["deleted_at"])
    log(actor, Act.REFUSED, post.topic, reason, post=post)
