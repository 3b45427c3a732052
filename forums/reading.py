"""What the page of a topic shows to one reader: a page of posts, what is new, what they may do."""

from dataclasses import dataclass, field, replace

from forums.actions.posts import may_see_words
from forums.models import (
    PAGE,
    Acknowledgement,
    Expert,
    Follow,
    Post,
    PostDraft,
    ReadMark,
    Topic,
    Vote,
)
from forums.permissions import (
    is_author,
    may_accept,
    may_answer,
    may_delete,
    may_edit,
    may_moderate,
    may_report,
    may_vote,
)
from partners.access import Verdict
from partners.actors import Actor


@dataclass(frozen=True, slots=True)
class Shown:
    """A post, with what its reader may know and do."""

    post: Post
    words: bool
    new: bool
    mine: bool
    voted: bool
    accepted: bool
    acceptable: bool
    subject: str
    vote: Verdict
    edit: Verdict
    delete: Verdict
    report: Verdict
    asker: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is among the pages of a topic."""

    now: int
    last: int

    @property
    def numbers(self) -> list[int]:
        """The first, the last, and those around; 0 stands for a gap."""
        wanted = sorted({1, self.last, *range(max(1, self.now - 2), min(self.last, self.now + 2) + 1)})
        found: list[int] = []
        for number in wanted:
            if found and number > found[-1] + 1:
                found.append(0)
            found.append(number)
        return found


@dataclass(frozen=True)
class Sheet:
    """A page of a topic as one reader sees it."""

    topic: Topic
    posts: list[Shown]
    waiting: list[Shown]
    solution: Shown | None
    pages: Pages
    read: int
    follows: bool
    answer: Verdict
    accept: Verdict
    moderate: Verdict
    mine: bool
    acknowledged: bool
    acknowledgements: int
    draft: dict[str, str] = field(default_factory=dict)


def page_of(seq: int) -> int:
    """The page on which a post of that number stands."""
    return max(1, -(-seq // PAGE))


def read_up_to(actor: Actor, topic: Topic) -> int:
    """The number of the last post that the reader has read; 0 for nothing."""
    if actor.membership is None:
        return topic.last_seq
    mark = ReadMark.objects.filter(topic=topic, membership=actor.membership).first()
    return mark.last_seq if mark else 0


def sheet_of(actor: Actor, topic: Topic, page: int) -> Sheet:
    """A page of a topic. As many queries for a topic of 5,000 posts as for one of 50: a page is a range of numbers."""
    page = min(max(1, page), topic.pages)
    rows = Post.objects.visible_to(actor).for_display().filter(topic=topic)
    on_page = list(rows.filter(seq__gt=(page - 1) * PAGE, seq__lte=page * PAGE).order_by("seq"))
    held = list(rows.filter(seq=None, deleted_at=None).order_by("pk")[:PAGE])
    solution = rows.filter(pk=topic.accepted_id).first() if topic.accepted_id and page == 1 else None
    every = [*on_page, *held, *([solution] if solution else [])]
    read = read_up_to(actor, topic)
    know = _Knowledge(actor, topic, every, read)
    shown = [know.shown(post) for post in on_page]
    first_new = next((at for at, each in enumerate(shown) if each.new), None)
    marked = [_only_first(each, at == first_new) for at, each in enumerate(shown)]
    me = actor.membership
    acknowledgements = Acknowledgement.objects.filter(topic=topic)
    announced = topic.kind == Topic.Kind.ANNOUNCEMENT
    draft = PostDraft.objects.visible_to(actor).filter(topic=topic).first()
    return Sheet(
        topic=topic,
        posts=marked,
        waiting=[know.shown(post) for post in held],
        solution=know.shown(solution) if solution else None,
        pages=Pages(page, topic.pages),
        read=read,
        follows=me is not None and follows(me.pk, topic),
        answer=may_answer(actor, topic),
        accept=may_accept(actor, topic),
        moderate=may_moderate(actor, topic.board),
        mine=is_author(actor, topic),
        acknowledged=announced and me is not None and acknowledgements.filter(membership=me).exists(),
        acknowledgements=acknowledgements.count() if announced else 0,
        draft=draft.fields if draft else {},
    )


def _only_first(shown: Shown, first: bool) -> Shown:
    return replace(shown, new=first) if shown.new and not first else shown


def follows(membership_id: int, topic: Topic) -> bool:
    """True when the member is told of what happens in a topic: by itself, or by its board."""
    mine = Follow.objects.filter(membership=membership_id)
    own = mine.filter(topic=topic).first()
    if own is not None:
        return not own.muted
    return mine.filter(board=topic.board_id, created__lte=topic.created).exists()


class _Knowledge:
    """What is asked once for all posts of a page."""

    def __init__(self, actor: Actor, topic: Topic, posts: list[Post], read: int) -> None:
        self.actor, self.topic, self.read = actor, topic, read
        for post in posts:
            post.topic = topic
        authors = {post.membership_id for post in posts if post.membership_id}
        experts = Expert.objects.filter(board=topic.board_id, membership__in=authors)
        self.subjects = dict(experts.values_list("membership", "subject"))
        mine = (
            Vote.objects.filter(post__in=posts, membership=actor.membership)
            if actor.membership
            else Vote.objects.none()
        )
        self.voted = set(mine.values_list("post", flat=True))
        self.accept = may_accept(actor, topic)

    def shown(self, post: Post) -> Shown:
        mine = is_author(self.actor, post)
        words = may_see_words(self.actor, post)
        return Shown(
            post=post,
            words=words,
            new=bool(self.read and post.seq and post.seq > self.read and not mine),
            mine=mine,
            voted=post.pk in self.voted,
            accepted=self.topic.accepted_id == post.pk,
            acceptable=bool(self.accept) and words and not post.held and post.seq != 1,
            subject=self.subjects.get(post.membership_id or 0, ""),
            vote=may_vote(self.actor, post),
            edit=may_edit(self.actor, post),
            delete=may_delete(self.actor, post),
            report=may_report(self.actor, post),
            asker=post.seq != 1 and post.membership_id is not None and post.membership_id == self.topic.membership_id,
        )
