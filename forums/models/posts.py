"""What is written in topics: posts, their former words, their files, who found them useful."""

import re
from html import unescape
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.timezone import now

from chat.files import INLINE
from core.indexes import TrigramIndex
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from forums.models.topics import Topic

_BREAKS = re.compile(r"</(?:p|td|th|li|pre|blockquote)>|<br>")


class PostQuerySet(ScopedQuerySet):
    """Verbs on posts."""

    def standing(self) -> Self:
        """Posts that everybody reads: numbered, not taken back, not hidden."""
        return self.filter(seq__isnull=False, deleted_at=None, hidden_at=None)

    def for_display(self) -> Self:
        """With all that showing a post takes, in a fixed number of queries."""
        related = ("author", "organisation", "topic__board", "reply_to__author")
        found = self.select_related(*related).prefetch_related("files")
        return found.annotate(useful=_how_many(Vote), edits=_how_many(PostRevision))


def _how_many(model: type[models.Model]) -> Coalesce:
    """How many rows of `model` belong to a post."""
    rows = model._default_manager.filter(post=models.OuterRef("pk")).order_by().values("post")
    return Coalesce(models.Subquery(rows.annotate(n=models.Count("pk")).values("n")), 0)


class Post(ScopedModel):
    """One post, numbered by `seq` from 1 in its topic; without a number while it waits for a moderator.

    Posts that move take new numbers, so a permalink names the row (`/forums/p/12/`), not the number.
    """

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "topic"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="posts")
    seq = models.PositiveIntegerField(null=True)
    membership = models.ForeignKey("partners.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001  unique where it is given
    reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    search_text = models.TextField(default="", editable=False)
    created = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "seq"], name="one_post_per_number"),
            models.UniqueConstraint(fields=["membership", "client_id"], name="a_post_is_sent_once"),
        ]
        indexes = [
            models.Index(fields=["membership", "created"], name="posts_of_a_member"),
            TrigramIndex(fields=["search_text"], name="posts_by_text"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}#{self.seq}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Posts of topics that one sees; what waits only for its author and the moderators. Hidden and deleted ones
        leave their place, whose words the page does not show."""
        from forums.models.boards import Board

        membership = getattr(actor, "membership", None)
        numbered = Q(seq__isnull=False)
        if membership is not None:
            numbered |= Q(membership=membership.pk)
        moderated = Board.objects.moderated_by(actor).values("pk")
        topics = Topic.objects.visible_to(actor).values("pk")
        return Q(topic__in=topics) & (numbered | Q(topic__board__in=moderated))

    @property
    def held(self) -> bool:
        """True while it waits for a moderator."""
        return self.seq is None

    def get_absolute_url(self) -> str:
        """The permalink, which holds wherever the post moves."""
        return reverse("forums:post", args=[self.pk])

    def excerpt(self, most: int = 160) -> str:
        """The beginning of its words, on one line, without marks of Markdown."""
        words = " ".join(unescape(strip_tags(_BREAKS.sub(" ", self.html))).split()) if self.html else self.body
        return words if len(words) <= most else f"{words[: most - 1]}…"


class PostRevision(models.Model):
    """The words that a post had before somebody changed them."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "post"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    body = models.TextField(blank=True)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.post_id} before {self.created:%F}"


class PostFile(ScopedModel):
    """A file of a post, kept privately and served only by a view that asks who may see the post."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "post"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="forums/%Y/%m/", max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Files of posts that stand and that the actor may see."""
        posts = Post.objects.visible_to(actor).filter(deleted_at=None, hidden_at=None)
        return Q(post__in=posts.values("pk"))

    @property
    def is_image(self) -> bool:
        """True for what browsers draw."""
        return self.content_type.startswith("image/")

    @property
    def opens_inline(self) -> bool:
        """True for what the browser shows by itself."""
        return self.content_type in INLINE

    def get_absolute_url(self) -> str:
        """Where it is read."""
        return reverse("forums:file", args=[self.pk])


class Vote(models.Model):
    """A member who found a post useful; on the first post of an idea it is a vote for the idea."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "post"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="votes")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "membership"], name="one_vote_per_member")]

    def __str__(self) -> str:
        return f"{self.membership_id} for {self.post_id}"
