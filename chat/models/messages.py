"""What was said in a room: messages, the files, reactions and mentions of them."""

from collections.abc import Iterable
from copy import copy
from typing import ClassVar, Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Exists, OneToOneRel, OuterRef, Prefetch, Q, prefetch_related_objects
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from chat.models.rooms import Room, Seat
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet

THUMBNAIL = (240, 160)  # pixels of a picture in the log, at most
# What one may put to a message: the name of its icon, and the word that stands for it.
SIGNS = {
    "thumbs-up": _("Agreed"),
    "check": _("Done"),
    "eye": _("Seen"),
    "heart-handshake": _("Thanks"),
    "party-popper": _("Well done"),
}


class MessageQuerySet(ScopedQuerySet):
    """Verbs on messages."""

    def for_display(self) -> Self:
        """With everything that showing a message takes, in a fixed number of queries."""
        related = ("author", "organisation", "service_account", "room", "reply_to__author", "reply_to__service_account")
        beside = ("root", "pin")
        entry = ("entry__user", "entry__organisation", "entry__service_account")
        files = Prefetch("attachments", Attachment.objects.filter(message__deleted_at=None))  # others only under a hold
        reactions = Prefetch("reactions", Reaction.objects.select_related("membership__user").order_by("pk"))
        return self.select_related(*related, *beside, *entry).prefetch_related(files, reactions)

    def said(self) -> Self:
        """Messages of people and machines that still stand: not the notes of what happened."""
        return self.filter(entry=None, deleted_at=None)


class Message(ScopedModel):
    """One message, numbered by `seq` from 1 without a gap in its room; or a note of what happened (`entry`).

    `said` is how many of the messages up to this one were said by somebody: unread counts are differences of it.
    """

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "room"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField()
    said = models.PositiveIntegerField()
    membership = models.ForeignKey("partners.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    service_account = models.ForeignKey(
        "partners.ServiceAccount", null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey("partners.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey("core.TrailEntry", null=True, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001  unique where it is given
    reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    root = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="thread")
    answers = models.PositiveIntegerField(default=0)  # those under it that stand, answers to answers among them
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)  # edited, deleted, reacted to, pinned, answered: drawn otherwise since
    deleted_at = models.DateTimeField(null=True)
    expired = models.BooleanField(default=False)  # deleted because its time was over

    follows = False  # drawn as one with the message above; set for display

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="one_message_per_number"),
            models.UniqueConstraint(fields=["room", "membership", "client_id"], name="a_member_sends_once"),
            models.UniqueConstraint(fields=["room", "service_account", "client_id"], name="a_machine_sends_once"),
            models.UniqueConstraint(fields=["room", "entry"], name="one_note_per_entry"),
        ]
        indexes = [
            models.Index(fields=["room", "membership", "created"], name="messages_of_a_member"),
            models.Index(fields=["room", "created"], name="messages_by_day"),
            models.Index(fields=["room", "changed_at"], name="messages_changed", condition=~Q(changed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}#{self.seq}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Messages of rooms that the actor may see; those after joining, where a room shows no others."""
        seats = Seat.objects.held_by(actor)
        heard = Exists(seats.filter(room=OuterRef("room"), from_seq__lt=OuterRef("seq")))
        heard_aside = Exists(seats.filter(room=OuterRef("room__parent"), side_from__lt=OuterRef("seq")))
        shown = Q(room__history=Room.History.ALL) | Q(heard) | Q(room__kind=Room.Kind.SIDE) & Q(heard_aside)
        return Q(room__in=Room.objects.visible_to(actor).values("pk")) & shown

    def as_new(self, *, files: bool) -> "Message":
        """A copy of a message that was just written, to show: nobody reacted to it nor pinned it yet, and without
        `files` it has none, so that takes no query."""
        new = copy(self)
        prefetch_related_objects([new], Prefetch("reactions", Reaction.objects.none()))
        if not files:
            prefetch_related_objects([new], Prefetch("attachments", Attachment.objects.none()))
        cast(OneToOneRel, self._meta.get_field("pin")).set_cached_value(new, None)
        return new

    @property
    def speaker(self) -> str:
        """The name of who said it."""
        return str(self.author or self.service_account or self.organisation or "")

    def get_absolute_url(self) -> str:
        """The permalink."""
        return f"{reverse('chat:room', args=[self.room_id])}?at={self.seq}#m-{self.seq}"

    def reaction_groups(self) -> list[dict[str, object]]:
        """Each sign with who gave it: name list for people, membership ids for the page to find its own."""
        groups: dict[str, list[Reaction]] = {}
        for reaction in self.reactions.all():
            groups.setdefault(reaction.sign, []).append(reaction)
        return [
            {
                "sign": sign,
                "word": SIGNS.get(sign, sign),
                "count": len(given),
                "names": ", ".join(str(each.membership) for each in given),
                "members": " ".join(str(each.membership_id) for each in given),
            }
            for sign, given in groups.items()
        ]


class Attachment(ScopedModel):
    """A file of a message, kept privately and served only by a view that asks who may see the room."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "message"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="rooms/%Y/%m/", max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True)  # of an image, in pixels: the page keeps its place before it arrives
    height = models.PositiveIntegerField(null=True)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Files of messages that stand and that the actor may see."""
        return Q(message__in=Message.objects.visible_to(actor).filter(deleted_at=None).values("pk"))

    @property
    def is_image(self) -> bool:
        """True for what browsers draw."""
        return self.content_type.startswith("image/")

    @property
    def shown_size(self) -> tuple[int, int] | None:
        """Width and height at which a picture is drawn in the log, so that its place is kept; None when unknown."""
        if not self.width or not self.height:
            return None
        scale = min(1, THUMBNAIL[0] / self.width, THUMBNAIL[1] / self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    @property
    def page_url(self) -> str:
        """Its page, with who sent it and where."""
        return reverse("chat:file_page", args=[self.pk])

    def get_absolute_url(self) -> str:
        """Where it is read."""
        return reverse("chat:file", args=[self.pk])


class Reaction(models.Model):
    """A sign that a member put to a message."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "message"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reactions")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    sign = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "membership", "sign"], name="one_reaction_per_member_and_sign")
        ]

    def __str__(self) -> str:
        return self.sign


class MentionQuerySet(models.QuerySet):
    """Verbs on mentions."""

    def waiting_for(self, membership_id: int, rooms: Iterable[Room]) -> Self:
        """Mentions of the member in messages that stand and that they have not read."""
        unread = Q(message__room__marks__membership=membership_id) & Q(
            message__seq__gt=models.F("message__room__marks__last_seq")
        )
        return self.filter(unread, membership=membership_id, message__deleted_at=None, message__room__in=rooms)


class Mention(models.Model):
    """A member named in a message."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "message"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")

    objects: ClassVar = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "message"], name="one_mention_per_message")]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.message_id}"
