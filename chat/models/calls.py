"""A call in a room, and who was rung, talked and left. What was said is stored nowhere."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from chat.models.rooms import Room
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition

RING = timedelta(seconds=30)  # how long somebody is rung
LEASE = timedelta(seconds=25)  # how long a tab counts as in the call after its last sign of life
MOST = 6  # people who talk at once: each sends to each


class CallQuerySet(ScopedQuerySet):
    """Verbs on calls."""

    def live(self) -> Self:
        """Calls that go on."""
        return self.filter(ended=None)

    def overdue(self, moment: datetime) -> Self:
        """Live calls in which somebody was rung long enough, or whose tab has given no sign of life."""
        tired = Participant.objects.filter(
            Q(state=Participant.State.RINGING, rung_at__lte=moment - RING)
            | Q(state=Participant.State.JOINED, seen_at__lte=moment - LEASE)
        )
        nobody = ~Q(pk__in=Participant.objects.filter(state__in=Participant.PRESENT).values("call"))
        return self.live().filter(Q(pk__in=tired.values("call")) | (nobody & Q(started__lte=moment - LEASE)))


class Call(ScopedModel):
    """People of a room talk, from the first who joins to the last who leaves. A room has one live call at most."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "room"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="calls")
    starter = models.ForeignKey("partners.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    started = models.DateTimeField(default=now)
    ended = models.DateTimeField(null=True)

    objects: ClassVar = CallQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room"], name="one_live_call_per_room", condition=Q(ended=None))]
        indexes = [models.Index(fields=["started"], name="live_calls", condition=Q(ended=None))]

    def __str__(self) -> str:
        return self.room.title

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Calls of the rooms that the actor may see."""
        return Q(room__in=Room.objects.visible_to(actor).values("pk"))

    @property
    def seconds(self) -> int:
        """How long it went on, or has gone on so far."""
        return max(0, round(((self.ended or now()) - self.started).total_seconds()))

    def get_absolute_url(self) -> str:
        """The window of the call."""
        return reverse("calls:show", args=[self.pk])


class Participant(models.Model):
    """One member in one call. `tab` names the browser tab that talks, `epoch` counts how often it was taken anew.

    `seconds` is what they talked before they joined for the last time.
    """

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "call"

    class State(models.TextChoices):
        OUT = "out", _("Not in the call")
        RINGING = "ringing", _("Is being rung")
        JOINED = "joined", _("In the call")
        LEFT = "left", _("Left")
        DECLINED = "declined", _("Declined")
        MISSED = "missed", _("No answer")
        BUSY = "busy", _("In another call")

    PRESENT: ClassVar[frozenset[str]] = frozenset({State.RINGING, State.JOINED})
    AWAY: ClassVar[frozenset[str]] = frozenset(State.values) - PRESENT
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "ring": Transition(AWAY, State.RINGING),
        "engage": Transition(AWAY, State.BUSY),
        "join": Transition(AWAY | {State.RINGING}, State.JOINED),
        "decline": Transition(frozenset({State.RINGING}), State.DECLINED),
        "miss": Transition(frozenset({State.RINGING}), State.MISSED),
        "leave": Transition(frozenset({State.JOINED}), State.LEFT),
    }

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="participants")
    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OUT)
    rung_by = models.ForeignKey("partners.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    rung_at = models.DateTimeField(null=True)
    rings = models.PositiveSmallIntegerField(default=0)
    joined_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0)
    tab = models.CharField(max_length=32, blank=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "membership"], name="one_place_per_member_in_a_call"),
            models.UniqueConstraint(fields=["membership"], name="one_call_at_a_time", condition=Q(state="joined")),
        ]
        indexes = [
            models.Index(fields=["membership"], name="who_is_being_rung", condition=Q(state="ringing")),
            models.Index(fields=["rung_by", "rung_at"], name="rings_of_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in call {self.call_id}: {self.state}"

    def talked(self, until: datetime) -> int:
        """Seconds in the call up to a moment, all stays together."""
        if self.state != self.State.JOINED or self.joined_at is None:
            return self.seconds
        return self.seconds + max(0, round((until - self.joined_at).total_seconds()))

    def has_lapsed(self, moment: datetime) -> bool:
        """True when the tab has given no sign of life for longer than the lease."""
        return self.state == self.State.JOINED and (self.seen_at is None or self.seen_at <= moment - LEASE)
