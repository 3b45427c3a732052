"""Answering, changing, taking back, finding useful."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat import files as filing
from chat import markdown
from core.audit import record
from core.durability import delete_later
from core.errors import DomainError
from core.search import text_of
from forums import people, writing
from forums.actions.log import log
from forums.live import wake
from forums.models import Follow, ModerationEntry, Post, PostDraft, PostFile, PostRevision, ReadMark, Topic, Vote
from forums.permissions import is_author, may_answer, may_delete, may_edit, may_moderate, may_vote
from partners.access import membership_of, person_of, require
from partners.actors import Actor
from partners.models import Membership


def locked_topic(actor: Actor, topic: Topic) -> Topic:
    """The topic under its lock: numbers are given one after the other. 404 for who may not see it."""
    rows = Topic.objects.visible_to(actor).select_related("board__organisation", "board__tier")
    return get_object_or_404(rows.select_for_update(of=("self",)), pk=topic.pk)


def locked_post(actor: Actor, post: Post) -> Post:
    """A post under its lock, its topic locked before it. 404 for who may not see it."""
    topic = locked_topic(actor, post.topic)
    found = Post.objects.visible_to(actor).filter(topic=topic).select_for_update(of=("self",)).filter(pk=post.pk)
    first = found.first()
    if first is None:
        raise Http404
    first.topic = topic
    return first


@transaction.atomic
def add_post(
    *,
    actor: Actor,
    topic: Topic,
    body: str,
    files: Iterable[UploadedFile] = (),
    client_id: str = "",
    reply_to: int | None = None,
) -> Post:
    """Answer in a topic (`body` in Markdown, at most 20,000 characters); `reply_to` is the key of a post in it.

    The same `client_id` again returns the post of the first time. The first post of a newcomer may be held for a
    moderator. Raises PermissionDenied, FloodError, DomainError.
    """
    topic = locked_topic(actor, topic)
    if known := sent_before(actor, client_id):
        return known
    require(may_answer(actor, topic))
    me = membership_of(actor)
    writing.refuse_flood(me)
    attached = filing.checked(files)
    body = writing.clean_body(body, may_be_empty=bool(attached))
    held = topic.board.hold_first and writing.is_newcomer(me, topic.board)
    above = topic.posts.standing().filter(pk=reply_to).first() if reply_to else None
    post, mentioned = write_post(actor, topic, body, attached, client_id, seq=None, reply_to=above)
    PostDraft.objects.filter(membership=me, topic=topic).delete()
    if held:
        record(actor=actor, verb="post.held", target=topic, parties={topic.board.organisation_id}, post=post.pk)
    else:
        number_post(topic, post)
        follow_topic(me.pk, topic)
        tell_of_post(actor, post, mentioned)
    return post


def sent_before(actor: Actor, client_id: str) -> Post | None:
    """What the member sent under this id already."""
    if not client_id or actor.membership is None:
        return None
    return Post.objects.filter(membership=actor.membership, client_id=client_id[:64]).select_related("topic").first()


def write_post(
    actor: Actor,
    topic: Topic,
    body: str,
    attached: list[filing.CheckedFile],
    client_id: str,
    *,
    seq: int | None,
    reply_to: Post | None = None,
) -> tuple[Post, set[int]]:
    """Store a post with its files; returns it and the memberships that it mentions."""
    names = people.names_of(people.mentionable(actor, topic.board)) if "@" in body else {}
    post = Post.objects.create(
        topic=topic,
        seq=seq,
        membership=membership_of(actor),
        author=person_of(actor),
        organisation=actor.organisation,
        client_id=client_id[:64] or None,
        reply_to=reply_to,
        body=body,
        html=markdown.render(body, names),
        search_text=text_of(body),
    )
    attach(post, attached)
    return post, markdown.mentioned(body, names) if names else set()


def attach(post: Post, attached: list[filing.CheckedFile]) -> None:
    """Store the files of a post."""
    for each in attached:
        file = PostFile(post=post, name=each.name, content_type=each.content_type, size=each.size)
        file.file.save(filing.stored_name(each.name), each.file, save=False)
        file.save()


def number_post(topic: Topic, post: Post) -> None:
    """Give a post the next number of its topic, which the caller has locked; its author has read what is above."""
    topic.last_seq += 1
    post.seq = topic.last_seq
    post.save(update_fields=["seq"])
    topic.recount()
    topic.save(update_fields=[*Topic.COUNTED])
    if post.membership_id is not None:
        ReadMark.objects.update_or_create(
            topic=topic, membership_id=post.membership_id, defaults={"last_seq": topic.last_seq}
        )


def follow_topic(membership_id: int, topic: Topic) -> None:
    """Whoever writes in a topic follows it, unless they chose not to hear of it."""
    Follow.objects.get_or_create(membership_id=membership_id, topic=topic)


def tell_of_post(actor: Actor, post: Post, mentioned: set[int], verb: str = "post.added") -> None:
    """Note in the trail that there is a new post, for the organisations of those who follow it or are named in it."""
    topic = post.topic
    followers = Follow.objects.filter(topic=topic, muted=False).values_list("membership__organisation", flat=True)
    named = Membership.objects.filter(pk__in=mentioned).values_list("organisation", flat=True)
    record(
        actor=actor,
        verb=verb,
        target=topic,
        parties={*topic.party_ids(), *followers, *named},
        post=post.pk,
        seq=post.seq,
        members=sorted(mentioned),
    )
    wake(topic, verb)


@transaction.atomic
def edit_post(*, actor: Actor, post: Post, body: str, reason: str = "") -> Post:
    """Change the words of a post; the former ones are kept and can be read. A moderator leaves a reason."""
    post = locked_post(actor, post)
    require(may_edit(actor, post))
    body = writing.clean_body(body, may_be_empty=post.files.exists())
    if body == post.body:
        return post
    others = not is_author(actor, post)
    if others and not reason.strip():
        raise DomainError(_("Say why you change somebody else's words."), field="reason")
    PostRevision.objects.create(post=post, body=post.body, editor=person_of(actor))
    names = people.names_of(people.mentionable(actor, post.topic.board)) if "@" in body else {}
    post.body, post.html, post.search_text = body, markdown.render(body, names), text_of(body)
    post.edited_at = now()
    post.save(update_fields=["body", "html", "search_text", "edited_at"])
    record(actor=actor, verb="post.edited", target=post.topic, post=post.pk, seq=post.seq)
    if others:
        log(actor, ModerationEntry.Act.EDITED, post.topic, reason, post=post)
    wake(post.topic, "post.edited")
    return post


@transaction.atomic
def delete_post(*, actor: Actor, post: Post) -> Post:
    """Take one's post back: words, former words, files and votes go, the place stays and says so. The first post of a
    topic that nobody answered takes the topic with it."""
    post = locked_post(actor, post)
    require(may_delete(actor, post))
    topic = post.topic
    drop_files(post)
    post.revisions.all().delete()
    post.votes.all().delete()
    post.body, post.html, post.search_text, post.deleted_at = "", "", "", now()
    post.save(update_fields=["body", "html", "search_text", "deleted_at"])
    if topic.accepted_id == post.pk:
        topic.accepted = None
    if post.seq == 1:
        topic.hidden_at = now()
    topic.recount()
    topic.save(update_fields=[*Topic.COUNTED, "accepted", "hidden_at"])
    record(actor=actor, verb="post.deleted", target=topic, post=post.pk, seq=post.seq)
    wake(topic, "post.deleted")
    return post


def drop_files(post: Post) -> None:
    """Remove the files of a post from the database now, from the disk once that is committed."""
    for file in post.files.all():
        delete_later(file.file)
    post.files.all().delete()


@transaction.atomic
def vote(*, actor: Actor, post: Post, useful: bool) -> Post:
    """Say that a post is useful (or that one wants an idea), or take that back. Saying it twice counts once."""
    post = locked_post(actor, post)
    require(may_vote(actor, post))
    me = membership_of(actor)
    if useful:
        Vote.objects.get_or_create(post=post, membership=me)
    else:
        Vote.objects.filter(post=post, membership=me).delete()
    if post.seq == 1:
        post.topic.votes = post.votes.count()
        post.topic.save(update_fields=["votes"])
        wake(post.topic, "post.voted")
    return post


def may_see_words(actor: Actor, post: Post) -> bool:
    """False where only the place of a post is left for the actor."""
    if post.deleted_at:
        return False
    return not post.hidden_at or is_author(actor, post) or bool(may_moderate(actor, post.topic.board))
