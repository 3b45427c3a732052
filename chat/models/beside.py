"""What stands beside a message: its former texts, the pin of the room, the bookmarks of members."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from chat.models.messages import Message
from chat.models.rooms import Room
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet


class Revision(models.Model):
    """A former text of a message: what it said from `written` until it was changed.

    The last text of a message that was deleted under a legal hold is one too; it is shown to nobody.
    """

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "message"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="revisions")
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    written = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.message_id} of {self.written:%Y-%m-%d}"


class Pin(models.Model):
    """A message that the room keeps at hand."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "room"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="pins")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="pin")
    membership = models.ForeignKey("partners.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.message_id)


class BookmarkQuerySet(ScopedQuerySet):
    """Verbs on bookmarks; visible are one's own, of messages that one may still see."""


class Bookmark(ScopedModel):
    """A message that a member saved for themselves; nobody else learns of it."""

    scope: ClassVar[str] = "owned"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="bookmarks")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=now)

    objects: ClassVar = BookmarkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "message"], name="one_bookmark_per_message")]

    def __str__(self) -> str:
        return f"{self.membership_id} saved {self.message_id}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The acting member's own, of messages that they may still see."""
        membership = getattr(actor, "membership", None)
        return Q(membership=membership.pk if membership else None) & Q(message__in=Message.objects.visible_to(actor))
