"""What an organisation decides about its talk: who sits with others, how long words are kept, what must not go."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from partners.models import Membership


class TalkPolicyQuerySet(ScopedQuerySet):
    """Verbs on policies."""

    def keeping_out(self, actor: ActsFor) -> Self:
        """The policy that keeps the actor out of rooms with other organisations, if theirs does."""
        strict = self.filter(organisation=actor.organisation.pk, seats=TalkPolicy.Seats.CHOSEN)
        membership, account = getattr(actor, "membership", None), getattr(actor, "service_account", None)
        if membership is not None:
            roles = Membership.roles.through.objects.filter(membership=membership.pk).values("role")
            return strict.exclude(members=membership.pk).exclude(roles__in=roles)
        return strict.exclude(roles=account.role_id) if account is not None else strict.none()


class TalkPolicy(ScopedModel):
    """The rules of one organisation for its talk; without a row the standard ones hold."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class Seats(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody whose role lets them see the room")
        CHOSEN = "chosen", _("Only the people and roles chosen below")

    organisation = models.OneToOneField("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    seats = models.CharField(_("who sits in shared rooms"), max_length=10, choices=Seats, default=Seats.EVERYBODY)
    roles = models.ManyToManyField("partners.Role", verbose_name=_("roles"), blank=True, related_name="+")
    members = models.ManyToManyField("partners.Membership", verbose_name=_("people"), blank=True, related_name="+")
    receipts = models.BooleanField(_("tell partners what was read"), default=True)
    keep_days = models.PositiveSmallIntegerField(_("days to keep talk"), null=True, blank=True)

    objects: ClassVar = TalkPolicyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Talk of {self.organisation}"


class HoldQuerySet(ScopedQuerySet):
    """Verbs on holds."""

    def in_force(self) -> Self:
        """Those that were not lifted."""
        return self.filter(ended_at=None)


class Hold(ScopedModel):
    """A legal hold of an organisation: on all its talk, or on one room and the side thread under it.

    While it stands nothing is removed when its time is over, and what people edit or delete is kept out of sight.
    """

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey("chat.Room", null=True, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=300)
    created = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "room"], name="one_hold_per_room", condition=Q(ended_at=None)
            ),
            models.UniqueConstraint(
                fields=["organisation"], name="one_hold_on_everything", condition=Q(ended_at=None, room=None)
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class TalkExport(ScopedModel):
    """A copy of an organisation's talk: asked for, written by a job, kept some days to be downloaded."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)
    KEPT: ClassVar[timedelta] = timedelta(days=7)

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        GONE = "gone", _("Removed")

    GOING: ClassVar[tuple[str, ...]] = (State.WAITING, State.RUNNING)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    rooms = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="exports/%Y/%m/", max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    created = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Export {self.pk} of {self.organisation}"
