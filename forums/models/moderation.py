"""Keeping order: what people report, and the log of what moderators did."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel
from forums.models.boards import Board
from forums.models.posts import Post
from forums.models.topics import Topic


class Report(ScopedModel):
    """A member says that a post does not belong there. Only the moderators of the board see who."""

    scope: ClassVar[str] = "shared"

    class Why(models.TextChoices):
        OFF_TOPIC = "off_topic", _("It does not belong here")
        RUDE = "rude", _("It is rude or hurts somebody")
        SECRET = "secret", _("It tells what should stay between companies")
        SPAM = "spam", _("It is advertising")
        OTHER = "other", _("Something else")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    why = models.CharField(_("what is wrong"), max_length=10, choices=Why)
    note = models.CharField(_("in your words"), max_length=500, blank=True)
    created = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    upheld = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "membership"], condition=Q(settled_at=None), name="one_open_report_per_member"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_why_display())

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Reports on boards that the actor moderates."""
        return Q(post__topic__board__in=Board.objects.moderated_by(actor).values("pk"))

    def party_ids(self) -> set[int]:
        """The company that owns the board."""
        return {self.post.topic.board.organisation_id}


class ModerationEntry(ScopedModel):
    """What a moderator did and why: for the moderators of the board, and for the person whose words it concerns."""

    scope: ClassVar[str] = "shared"

    class Act(models.TextChoices):
        HID = "hid", _("Hid a post")
        SHOWED = "showed", _("Showed a post again")
        HID_TOPIC = "hid_topic", _("Hid the topic")
        SHOWED_TOPIC = "showed_topic", _("Showed the topic again")
        LOCKED = "locked", _("Locked the topic")
        UNLOCKED = "unlocked", _("Unlocked the topic")
        MOVED = "moved", _("Moved the topic")
        MERGED = "merged", _("Merged the topic into another")
        SPLIT = "split", _("Moved posts to a topic of their own")
        WARNED = "warned", _("Warned the author")
        RELEASED = "released", _("Let a held post through")
        REFUSED = "refused", _("Refused a held post")
        EDITED = "edited", _("Changed somebody's words")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="log")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="log")
    post = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+")
    act = models.CharField(max_length=12, choices=Act)
    reason = models.CharField(max_length=500, blank=True)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    concerned = models.ForeignKey("partners.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["board", "-id"], name="moderation_of_a_board")]

    def __str__(self) -> str:
        return str(self.get_act_display())

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """What was done on boards that one moderates, and to oneself."""
        membership = getattr(actor, "membership", None)
        mine = Q(concerned=membership.pk) if membership is not None else Q(pk__in=())
        return mine | Q(board__in=Board.objects.moderated_by(actor).values("pk"))

    def party_ids(self) -> set[int]:
        """The company that owns the board, and that of the person whom it concerns."""
        return {self.board.organisation_id, *({self.concerned.organisation_id} if self.concerned else ())}
