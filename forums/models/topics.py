"""Topics: a title, a kind, where an idea stands, which answer was accepted."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.indexes import TrigramIndex
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition
from forums.models.boards import Board, Tag

PAGE = 30  # posts on a page


class TopicQuerySet(ScopedQuerySet):
    """Verbs on topics."""

    def listed_for(self, actor: ActsFor) -> Self:
        """Of the topics that the actor sees, those that lists show: on listed boards, and not merged into another."""
        boards = Board.objects.visible_to(actor).listed_for(actor)
        return self.filter(board__in=boards.values("pk"), merged_into=None)

    def for_rows(self) -> Self:
        """With all that a row of a list shows."""
        return self.select_related("author", "organisation", "board", "last_by").prefetch_related("tags")

    def public(self) -> Self:
        """What everybody may read, without an account."""
        return self.filter(board__audience=Board.Audience.PUBLIC, held_at=None, hidden_at=None)

    def unread_by(self, membership_id: int) -> Self:
        """Followed topics, and those opened in a followed board since, with posts that the member has not read."""
        from forums.models.marks import Follow, ReadMark

        mine = Follow.objects.filter(membership=membership_id)
        of_topic = mine.filter(topic__isnull=False, muted=False).values("topic")
        muted = mine.filter(topic__isnull=False, muted=True).values("topic")
        boards = mine.filter(board=models.OuterRef("board"), created__lte=models.OuterRef("created"))
        read = ReadMark.objects.filter(membership=membership_id, topic=models.OuterRef("pk"))
        followed = Q(pk__in=of_topic) | Q(models.Exists(boards))
        seen = read.filter(last_seq__gte=models.OuterRef("last_seq"))
        return self.filter(followed).exclude(pk__in=muted).filter(~models.Exists(seen), last_seq__gt=0)


class Topic(ScopedModel):
    """A topic of a board. `last_seq` is the number of its last post, `posts` how many stand in it, `votes` how many
    found its first post useful; both are counted anew from their rows whenever one changes."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "board"

    class Kind(models.TextChoices):
        DISCUSSION = "discussion", _("Discussion")
        QUESTION = "question", _("Question")
        IDEA = "idea", _("Idea")
        ANNOUNCEMENT = "announcement", _("Announcement")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PLANNED = "planned", _("Planned")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")

    TONES: ClassVar[dict[str, str]] = {
        "open": "still",
        "planned": "info",
        "in_progress": "info",
        "done": "good",
        "declined": "still",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "plan": Transition(frozenset({"open", "in_progress", "declined"}), "planned"),
        "start": Transition(frozenset({"open", "planned"}), "in_progress"),
        "finish": Transition(frozenset({"open", "planned", "in_progress"}), "done"),
        "decline": Transition(frozenset({"open", "planned", "in_progress"}), "declined"),
        "reopen": Transition(frozenset({"planned", "in_progress", "done", "declined"}), "open"),
    }
    ICONS: ClassVar[dict[str, str]] = {
        "discussion": "message-square",
        "question": "circle-question-mark",
        "idea": "lightbulb",
        "announcement": "megaphone",
    }

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="topics")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DISCUSSION)
    title = models.CharField(_("title"), max_length=200)
    membership = models.ForeignKey("partners.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    tags = models.ManyToManyField(Tag, related_name="topics", blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    state_reason = models.CharField(max_length=500, blank=True)
    accepted = models.ForeignKey("forums.Post", null=True, on_delete=models.SET_NULL, related_name="+")
    last_seq = models.PositiveIntegerField(default=0)
    posts_count = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)
    last_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    last_at = models.DateTimeField(default=now)
    created = models.DateTimeField(default=now)
    pinned_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    search_text = models.TextField(default="", editable=False)

    objects: ClassVar = TopicQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["board", "-last_at", "-id"], name="topics_by_last_word"),
            models.Index(fields=["board", "-votes", "-id"], name="topics_by_votes"),
            models.Index(fields=["-last_at", "-id"], name="all_topics_by_last_word"),
            TrigramIndex(fields=["search_text"], name="topics_by_text"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Topics of boards that one reads; what is held or hidden only for its author and the board's moderators."""
        membership = getattr(actor, "membership", None)
        open_to_all = Q(held_at=None, hidden_at=None)
        if membership is not None:
            open_to_all |= Q(membership=membership.pk)
        moderated = Board.objects.moderated_by(actor).values("pk")
        boards = Board.objects.visible_to(actor).values("pk")
        return Q(board__in=boards) & (open_to_all | Q(board__in=moderated))

    def party_ids(self) -> set[int]:
        """Who hears of it in the trail: the company that owns the board and the author's."""
        return {self.board.organisation_id, self.organisation_id}

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return self.ICONS[self.kind]

    @property
    def answers(self) -> int:
        """Posts beside the first."""
        return max(0, self.posts_count - 1)

    @property
    def pages(self) -> int:
        """How many pages its numbers span."""
        return max(1, -(-self.last_seq // PAGE))

    @property
    def shown_state(self) -> tuple[str, str] | None:
        """Word and tone of where it stands, where there is something to say."""
        if self.held_at:
            return str(_("Waits for a moderator")), "warn"
        if self.hidden_at:
            return str(_("Hidden")), "bad"
        if self.kind == self.Kind.QUESTION:
            return (str(_("Answered")), "good") if self.accepted_id else (str(_("Unanswered")), "info")
        if self.kind == self.Kind.IDEA:
            return str(self.get_state_display()), self.TONES[self.state]
        return None

    @property
    def slug(self) -> str:
        """The readable end of its public address."""
        return slugify(self.title)[:80] or "topic"

    def get_absolute_url(self) -> str:
        """Where the topic opens."""
        return reverse("forums:topic", args=[self.pk])

    def address_of(self, seq: int) -> str:
        """Where the topic opens at a post."""
        return f"{self.get_absolute_url()}?at={seq}#p-{seq}"

    def recount(self) -> None:
        """Count posts anew and note the last of them; the caller holds the lock and saves the three fields."""
        standing = self.posts.standing()
        self.posts_count = standing.count()
        last = standing.order_by("-seq").values_list("created", "author").first()
        if last is not None:
            self.last_at, self.last_by_id = last

    COUNTED: ClassVar[tuple[str, ...]] = ("last_seq", "posts_count", "last_at", "last_by")
