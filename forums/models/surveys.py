"""Polls in topics and surveys of boards: questions, choices, answers.

Anonymous means that no row ties a person to an answer. A choice is then a tally that is one higher, the words of all
stand together in one row and are shuffled whenever one joins them, and what is kept of the person is only that they
took part (`Participation`). Results of an anonymous survey are not shown before it is closed, so that nobody can watch
a tally rise as somebody answers, and never for fewer than three.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel
from forums.models.boards import Board
from forums.models.topics import Topic

FEWEST = 3  # answers below which no result is shown


class Survey(ScopedModel):
    """Questions put to the readers of a board: beside a topic (a poll) or on a page of their own."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "board"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    TONES: ClassVar[dict[str, str]] = {"draft": "still", "open": "info", "closed": "good"}

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="surveys")
    topic = models.OneToOneField(Topic, null=True, on_delete=models.CASCADE, related_name="poll")
    title = models.CharField(_("title"), max_length=160)
    intro = models.TextField(_("what it is for"), max_length=2000, blank=True)
    anonymous = models.BooleanField(_("anonymous answers"), default=False)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    closes_at = models.DateTimeField(_("closes"), null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Surveys of boards that one reads; drafts only for the company that asks."""
        boards = Board.objects.visible_to(actor).values("pk")
        topics = Topic.objects.visible_to(actor).values("pk")
        published = ~Q(state=cls.State.DRAFT) | Q(board__organisation=actor.organisation.pk)
        return Q(board__in=boards) & published & (Q(topic=None) | Q(topic__in=topics))

    def party_ids(self) -> set[int]:
        """The company that asks."""
        return {self.board.organisation_id}

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    @property
    def is_open(self) -> bool:
        """True while answers are taken."""
        return self.state == self.State.OPEN and (self.closes_at is None or self.closes_at > now())

    def get_absolute_url(self) -> str:
        """Where it opens: a poll beside its topic."""
        if self.topic_id:
            return reverse("forums:topic", args=[self.topic_id])
        return reverse("forums:survey", args=[self.pk])


class Question(models.Model):
    """One question. `texts` holds the words of an anonymous survey, in no order."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "survey"

    class Kind(models.TextChoices):
        ONE = "one", _("One of these")
        MANY = "many", _("Any of these")
        SCALE = "scale", _("From 1 to 5")
        TEXT = "text", _("In their own words")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.ONE)
    required = models.BooleanField(default=True)
    texts = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["survey", "position"], name="one_question_per_position")]

    def __str__(self) -> str:
        return self.text


class Choice(models.Model):
    """A possible answer, with the tally of those who gave it anonymously."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "question"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=120)
    tally = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["question", "position"], name="one_choice_per_position")]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    """What a member answered under their name: a choice, or words. Anonymous surveys have none."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "question"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    choice = models.ForeignKey(Choice, null=True, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "membership", "choice"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.membership_id} on {self.question_id}"


class Participation(models.Model):
    """That a member answered, and nothing of what."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "survey"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="participations")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "membership"], name="takes_part_once")]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.survey_id}"
