"""What a member follows, has read, has acknowledged, is writing."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from core.scoping import ActsFor, ScopedModel
from forums.models.boards import Board
from forums.models.topics import Topic


class Follow(models.Model):
    """A member follows a board (its topics from then on) or a topic; `muted` is a topic that they do not want to hear
    of although they follow its board."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "membership"

    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, null=True, on_delete=models.CASCADE, related_name="follows")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="follows")
    muted = models.BooleanField(default=False)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "board"], name="a_board_is_followed_once"),
            models.UniqueConstraint(fields=["membership", "topic"], name="a_topic_is_followed_once"),
            models.CheckConstraint(
                condition=Q(board__isnull=False, topic=None) | Q(board=None, topic__isnull=False),
                name="follows_a_board_or_a_topic",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} follows {self.board_id or self.topic_id}"


class ReadMark(models.Model):
    """Up to which number a member has read a topic."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "topic"

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="marks")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "topic"], name="one_forum_mark_per_topic")]

    def __str__(self) -> str:
        return f"{self.membership_id} read {self.topic_id} up to {self.last_seq}"


class Acknowledgement(models.Model):
    """A member confirms to have read an announcement."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "topic"

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="acknowledgements")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "membership"], name="acknowledged_once")]

    def __str__(self) -> str:
        return f"{self.membership_id} read {self.topic_id}"


class PostDraft(ScopedModel):
    """What a member has begun to write: an answer in a topic, or a new topic in a board."""

    scope: ClassVar[str] = "owned"
    visible_through = ("membership__organisation",)

    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    updated = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "board"], condition=Q(topic=None), name="one_draft_of_a_new_topic"
            ),
            models.UniqueConstraint(fields=["membership", "topic"], name="one_draft_per_topic"),
        ]

    def __str__(self) -> str:
        return str(self.fields.get("title") or self.board)

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own alone."""
        membership = getattr(actor, "membership", None)
        return Q(membership=membership.pk) if membership is not None else Q(pk__in=())

    def party_ids(self) -> set[int]:
        """The organisation of whoever writes."""
        return {self.membership.organisation_id}
