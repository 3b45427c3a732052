"""What became of an occasion of a trigger: whom it reached, or why it did not."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from automation.models.triggers import Trigger
from core.scoping import ScopedModel, ScopedQuerySet


class RunQuerySet(ScopedQuerySet):
    """Verbs on runs."""

    def due(self) -> "RunQuerySet":
        """What waits and whose time has come, of triggers that are active."""
        return self.filter(state=Run.State.WAITING, due_at__lte=now(), trigger__state=Trigger.State.ACTIVE)


class Run(ScopedModel):
    """One occasion of one trigger for one addressee: told once, done once.

    `occasion` and `addressee` name what happened and for whom, so that the same told twice is one row. `once_key` is
    held while the trigger's "once" is used up, and let go of when the run is left out. No name or address stands here:
    who is reached is found through `contact`, and is gone when the contact is erased.
    """

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        LEFT_OUT = "left_out", _("Left out")

    class Why(models.TextChoices):
        CONDITIONS = "conditions", _("the conditions do not hold")
        NOBODY = "nobody", _("nobody to reach")
        NO_CONSENT = "no_consent", _("no consent")
        SUPPRESSED = "suppressed", _("not to be written to")
        ONCE = "once", _("reached before")
        WEEK = "week", _("enough letters this week")
        QUIET = "quiet", _("quiet hours: it would have come later")
        DAILY = "daily", _("the day was full: it would have come later")
        OVER = "over", _("it is no longer so")
        GONE = "gone", _("the record is not there any more")
        LATE = "late", _("it waited for too long")
        NOT_THEIRS = "not_theirs", _("the promotion is not for them")
        STOPPED = "stopped", _("what it would do was stopped")
        CHAIN = "chain", _("triggers brought it about: it ends here")

    TONES = {State.WAITING: "info", State.DONE: "good", State.LEFT_OUT: "still"}

    trigger = models.ForeignKey(Trigger, on_delete=models.CASCADE, related_name="runs")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()  # of the trigger: when it was told, then when it acted
    target = models.CharField(max_length=60)  # the record that it is about, as the trail names it
    target_id = models.BigIntegerField()
    title = models.CharField(max_length=200, blank=True)
    occasion = models.CharField(max_length=80)
    addressee = models.CharField(max_length=40, blank=True)
    once_key = models.CharField(max_length=80, blank=True)
    chain = models.JSONField(default=list, blank=True)  # the triggers that brought it about
    contact = models.ForeignKey(
        "audiences.Contact", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("contact")
    )
    partner = models.ForeignKey("partners.Organisation", null=True, on_delete=models.SET_NULL, related_name="+")
    letter = models.ForeignKey("audiences.Recipient", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    why = models.CharField(_("why"), max_length=10, choices=Why, blank=True)
    reached = models.PositiveSmallIntegerField(default=0)  # how many people were told
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["trigger", "occasion", "addressee"], name="one_run_an_occasion"),
            models.UniqueConstraint(
                fields=["trigger", "once_key"], condition=~Q(once_key=""), name="one_run_where_once"
            ),
        ]
        indexes = [
            models.Index(fields=["trigger", "-happened_at"], name="runs_of_trigger"),
            models.Index(fields=["due_at"], name="runs_due", condition=Q(state="waiting")),
            models.Index(fields=["contact", "settled_at"], name="runs_of_contact"),
        ]

    def __str__(self) -> str:
        return self.title or self.occasion

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]
