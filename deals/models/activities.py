"""What is to be done about a deal, and what was done."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.scoping import ScopedQuerySet
from deals.models.aside import Beside


class ActivityQuerySet(ScopedQuerySet):
    """Verbs on activities."""

    def open(self) -> "ActivityQuerySet":
        """Still to be done."""
        return self.filter(done_at=None)

    def mine(self, user_id: int) -> "ActivityQuerySet":
        """Assigned to this person."""
        return self.filter(assignee=user_id)

    def overdue(self) -> "ActivityQuerySet":
        """Still to be done, and its time has passed."""
        return self.open().filter(due_at__lt=now())

    def to_remind(self) -> "ActivityQuerySet":
        """Whose reminder is due and was not sent."""
        return self.open().filter(remind_at__lte=now(), reminded_at=None)


class Activity(Beside):
    """A call, meeting, mail or task on a deal. `minutes` is how long it takes; times are UTC."""

    class Kind(models.TextChoices):
        CALL = "call", pgettext_lazy("activity", "Call")
        MEETING = "meeting", pgettext_lazy("activity", "Meeting")
        MAIL = "mail", pgettext_lazy("activity", "Mail")
        TASK = "task", pgettext_lazy("activity", "Task")

    ICONS: ClassVar[dict[str, str]] = {"call": "phone", "meeting": "users", "mail": "mail", "task": "square-check"}

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TASK)
    subject = models.CharField(_("subject"), max_length=200)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    due_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0, validators=[MaxValueValidator(1440)])
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created = models.DateTimeField(default=now)

    objects: ClassVar = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["deal", "due_at"], name="activity_of_deal"),
            models.Index(fields=["organisation", "due_at"], name="activity_by_time"),
            models.Index(fields=["assignee", "due_at"], name="activity_owed", condition=Q(done_at=None)),
            models.Index(fields=["remind_at"], name="activity_reminder", condition=Q(done_at=None, reminded_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def icon(self) -> str:
        """The sign of its kind."""
        return self.ICONS[self.kind]

    @property
    def is_done(self) -> bool:
        """True once somebody ticked it."""
        return self.done_at is not None

    @property
    def is_overdue(self) -> bool:
        """True when it should have been done by now."""
        return self.done_at is None and self.due_at < now()

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.due_at + timedelta(minutes=self.minutes)

    @property
    def when(self) -> str:
        """overdue, today, next or done: where "my activities" puts it."""
        if self.is_done:
            return "done"
        if self.is_overdue:
            return "overdue"
        return "today" if localdate(self.due_at) == localdate() else "next"

    @property
    def state_tone(self) -> str:
        """The tone in which it is shown."""
        return {"done": "good", "overdue": "bad", "today": "warn", "next": "info"}[self.when]

    def get_state_display(self) -> str:
        """Where it stands, in words."""
        words = {
            "done": pgettext_lazy("activity", "Done"),
            "overdue": pgettext_lazy("activity", "Overdue"),
            "today": pgettext_lazy("activity", "Today"),
            "next": pgettext_lazy("activity", "Planned"),
        }
        return str(words[self.when])
