"""The kernel's own rows: the trail, who may read it, saved list views, the schedule."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Subquery
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet


class TrailEntry(ScopedModel):
    """Who did what to which record, when and through which door. Append-only; also the outbox (see core.audit)."""

    scope: ClassVar[str] = "shared"

    class Via(models.TextChoices):
        WEB = "web", _("in the portal")
        API = "api", _("through the API")
        SOCKET = "socket", _("live")
        EDI = "edi", _("by EDI")
        MAIL = "mail", _("by e-mail")
        SYSTEM = "system", _("by the system")

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    service_account = models.ForeignKey(
        "partners.ServiceAccount", null=True, on_delete=models.PROTECT, related_name="+"
    )
    via = models.CharField(max_length=10, choices=Via)
    verb = models.CharField(max_length=60, db_index=True)
    target = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    title = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    created = models.DateTimeField(default=now)
    fanned_out_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["target", "target_id", "id"], name="trail_of_target"),
            models.Index(fields=["created", "id"], name="trail_by_time"),
            models.Index(fields=["id"], name="trail_owed", condition=Q(fanned_out_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.title}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Entries addressed to the acting organisation."""
        readable = TrailReader.objects.filter(organisation=actor.organisation.pk)
        return Q(pk__in=Subquery(readable.values("entry_id")))


class TrailReader(models.Model):
    """One organisation that may read one entry of the trail."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "entry"

    entry = models.ForeignKey(TrailEntry, on_delete=models.CASCADE, related_name="readers")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "entry"], name="one_reader_per_entry")]

    def __str__(self) -> str:
        return f"{self.organisation_id} reads {self.entry_id}"


class SavedViewQuerySet(ScopedQuerySet):
    """Verbs on saved views."""

    def of_list(self, key: str) -> "SavedViewQuerySet":
        """The views of one list, in the order of their names."""
        return self.filter(list_key=key).order_by("name", "pk")


class SavedView(ScopedModel):
    """A list's filters, sort and columns under a name: a colleague's own, or shared with the whole organisation."""

    scope: ClassVar[str] = "owned"

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(default=False)

    objects: ClassVar = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user", "list_key", "name"], name="one_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own views and those that colleagues shared."""
        user = getattr(actor, "user", None)
        return Q(organisation=actor.organisation.pk) & (Q(shared=True) | Q(user=user))


class Schedule(models.Model):
    """When each job of the timetable runs next; a compare-and-set on this row makes it run once in all."""

    scope: ClassVar[str] = "global"

    name = models.CharField(max_length=60, unique=True)
    next_run = models.DateTimeField()
    last_run = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Sequence(models.Model):
    """The last number given in a series (deal numbers, control numbers of a connection)."""

    scope: ClassVar[str] = "global"

    name = models.CharField(max_length=80, unique=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
