"""Knowledge: what a discussion settled, written down."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.indexes import TrigramIndex
from core.scoping import ActsFor, ScopedModel
from forums.models.boards import Board
from forums.models.topics import Topic


class Article(ScopedModel):
    """A page of knowledge of a board, usually made from a topic; the board's readers read it once it is published."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "board"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="articles")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.SET_NULL, related_name="articles")
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), max_length=50_000)
    html = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)
    updated = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True)
    search_text = models.TextField(default="", editable=False)

    class Meta:
        ordering = ["-updated", "-pk"]
        indexes = [TrigramIndex(fields=["search_text"], name="articles_by_text")]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Published ones of boards that one reads; drafts only for the company that owns the board."""
        boards = Board.objects.visible_to(actor).values("pk")
        open_to_all = Q(state=cls.State.PUBLISHED) | Q(board__organisation=actor.organisation.pk)
        return Q(board__in=boards) & open_to_all

    def party_ids(self) -> set[int]:
        """The company that owns the board."""
        return {self.board.organisation_id}

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return "good" if self.state == self.State.PUBLISHED else "still"

    def get_absolute_url(self) -> str:
        """Where it is read."""
        return reverse("forums:article", args=[self.pk])
