"""A room, its seats, and how far each member has read."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from chat.models.policy import TalkPolicy
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet

MUTED_FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)


class RoomQuerySet(ScopedQuerySet):
    """Verbs on rooms."""

    def for_record(self, record: models.Model) -> Self:
        """The room of a deal, an order …: one at most."""
        return self.filter(record=record._meta.label_lower, record_id=record.pk)

    def whole(self) -> Self:
        """Rooms that people enter by themselves: all but the side threads."""
        return self.exclude(kind=Room.Kind.SIDE)

    def unread_by(self, membership_id: int) -> Self:
        """Rooms that the member follows, has not muted, and in which somebody said something since."""
        marks = ReadMark.objects.filter(membership=membership_id, room__said__gt=F("said")).unmuted()
        return self.filter(pk__in=marks.values("room"))


class Room(ScopedModel):
    """A place to talk.

    Each organisation of a shared room has a side thread: a room of its own under it (`parent`), with its own numbers,
    topic, marks and files. Nothing of it can be counted, searched or heard from the shared room.
    """

    scope: ClassVar[str] = "shared"

    class Kind(models.TextChoices):
        DIRECT = "direct", _("Direct")
        GROUP = "group", _("Group")
        PARTNERSHIP = "partnership", _("Partnership")
        RECORD = "record", _("Record")
        SIDE = "side", _("Side thread")

    class History(models.TextChoices):
        ALL = "all", _("Everything that was said before")
        JOINING = "joining", _("Only what is said from joining on")

    class Pinning(models.TextChoices):
        EVERYONE = "everyone", _("Everybody who may write here")
        MANAGERS = "managers", _("Only who manages rooms")

    SHARED: ClassVar[frozenset[str]] = frozenset({Kind.GROUP, Kind.PARTNERSHIP, Kind.RECORD})

    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    open_to = models.ManyToManyField("partners.Organisation", related_name="+", blank=True)  # whose people may join
    history = models.CharField(max_length=8, choices=History, default=History.ALL)
    pinning = models.CharField(max_length=8, choices=Pinning, default=Pinning.EVERYONE)
    record = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True)
    capability = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="sides")
    organisation = models.ForeignKey("partners.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    people_key = models.CharField(max_length=50, null=True, unique=True)  # noqa: DJ001  unique, so never ""
    last_seq = models.PositiveIntegerField(default=0)
    said = models.PositiveIntegerField(default=0)
    last_said = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=now)
    created = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    kept_from = models.PositiveIntegerField(
        default=0
    )  # messages up to this number were removed when their time was over

    objects: ClassVar = RoomQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-last_at", "-id"], name="rooms_by_last_word")]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "record_id"], name="one_room_per_record", condition=~Q(record="")
            ),
            models.UniqueConstraint(fields=["parent", "organisation"], name="one_side_thread_per_organisation"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def topic(self) -> str:
        """The name under which sockets hear this room."""
        return f"room.{self.pk}"

    def title_for(self, name: str) -> str:
        """The title as a reader of that name sees it: a direct room bears the name of the other."""
        if self.kind != self.Kind.DIRECT:
            return self.title
        others = [each for each in self.title.split(", ") if each != name]
        return ", ".join(others) or self.title

    def get_absolute_url(self) -> str:
        """Where the room opens."""
        return reverse("chat:room", args=[self.pk])

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Rooms in which the actor's organisation or membership has a seat, and one's own side threads of those.

        Whom the organisation keeps out of shared rooms sees none that others sit in, nor the side thread of one.
        """
        seats = Seat.objects.held_by(actor).values("room")
        held = Q(capability="") | Q(capability__in=getattr(actor, "capabilities", frozenset()))
        side = Q(kind=cls.Kind.SIDE, organisation=actor.organisation.pk, parent__in=seats)
        here = Q(room=OuterRef("pk")) | Q(room=OuterRef("parent"))
        others = Seat.objects.filter(here).exclude(organisation=actor.organisation.pk)
        admitted = ~Exists(TalkPolicy.objects.keeping_out(actor)) | ~Exists(others)
        return held & (Q(pk__in=seats) | side) & Q(admitted)

    def hidden_up_to(self, actor: ActsFor) -> int:
        """The number up to which the actor does not see what was said: 0 unless they came later to a room that shows
        what is said from joining on."""
        if self.history == self.History.ALL:
            return 0
        seats = Seat.objects.held_by(actor).filter(room=self.parent_id or self.pk)
        return seats.aggregate(number=Min("side_from" if self.parent_id else "from_seq"))["number"] or 0

    def party_ids(self) -> set[int]:
        """The organisations that hear of what happens here."""
        if self.organisation_id:
            return {self.organisation_id}
        return set(self.seats.values_list("organisation_id", flat=True))


class SeatQuerySet(models.QuerySet):
    """Verbs on seats."""

    def held_by(self, actor: ActsFor) -> Self:
        """Seats of the actor's whole organisation, and of the actor's own membership there."""
        membership = getattr(actor, "membership", None)
        mine = Q(membership=None) | (Q(membership=membership.pk) if membership else Q(pk__in=()))
        return self.filter(mine, organisation=actor.organisation.pk)


class Seat(models.Model):
    """A place in a room: of a whole organisation (everybody there who may see the record), or of one member.

    `from_seq` and `side_from` are the last numbers of the room and of the own side thread when it was taken.
    """

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "room"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey("partners.Membership", null=True, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=now)
    from_seq = models.PositiveIntegerField(default=0)
    side_from = models.PositiveIntegerField(default=0)

    objects: ClassVar = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "organisation"], name="one_seat_per_organisation", condition=Q(membership=None)
            ),
            models.UniqueConstraint(fields=["room", "membership"], name="one_seat_per_member"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id or self.organisation_id} in {self.room_id}"


class ReadMarkQuerySet(models.QuerySet):
    """Verbs on read marks."""

    def of_members(self, memberships: Iterable[int]) -> Self:
        """The marks of these members."""
        return self.filter(membership_id__in=memberships)

    def unread(self) -> Self:
        """Marks of rooms in which somebody said something since."""
        return self.filter(room__said__gt=F("said"))

    def unmuted(self) -> Self:
        """Marks of rooms that are not muted now."""
        return self.filter(Q(muted_until=None) | Q(muted_until__lte=now()))


class ReadMark(models.Model):
    """How far a member has read a room. Having one is following the room: it counts in the badge."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "room"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="marks")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    last_seq = models.PositiveIntegerField(default=0)
    said = models.PositiveIntegerField(default=0)
    muted_until = models.DateTimeField(null=True)

    objects: ClassVar = ReadMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "room"], name="one_mark_per_member_and_room")]

    def __str__(self) -> str:
        return f"{self.membership_id} read {self.room_id} up to {self.last_seq}"

    @property
    def muted(self) -> bool:
        """True while the room is muted."""
        return self.muted_until is not None and self.muted_until > now()
