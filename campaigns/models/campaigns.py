"""A campaign: what one organisation plans and several carry out."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel
from core.states import Transition
from partners.models import CURRENCY, Organisation


class Campaign(ScopedModel):
    """A goal, a period, a budget. Its draft is the owner's alone; then whoever is invited sees it too."""

    scope: ClassVar[str] = "shared"
    visible_through = ("owner",)

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    LIVE = (State.PLANNED, State.RUNNING)
    TONES = {
        State.DRAFT: "still",
        State.PLANNED: "info",
        State.RUNNING: "good",
        State.FINISHED: "still",
        State.CANCELLED: "bad",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "plan": Transition(frozenset({State.DRAFT}), State.PLANNED),
        "start": Transition(frozenset({State.PLANNED}), State.RUNNING),
        "finish": Transition(frozenset({State.RUNNING}), State.FINISHED),
        "cancel": Transition(frozenset({State.PLANNED, State.RUNNING}), State.CANCELLED),
    }

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="campaigns")
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    goal = models.TextField(_("goal"), max_length=2000, blank=True)
    target_leads = models.PositiveIntegerField(_("leads"), null=True, blank=True)
    target_deals = models.PositiveIntegerField(_("deals"), null=True, blank=True)
    target_revenue = models.DecimalField(
        _("revenue"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")
    budget = models.DecimalField(
        _("budget"), max_digits=14, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    reason = models.TextField(max_length=1000, blank=True)  # why it was cancelled
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=models.F("starts")), name="campaign_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own, and those past the draft to which one is invited or in which one takes part."""
        me = actor.organisation.pk
        seats = cls._meta.get_field("participants").related_model
        seated = seats._default_manager.filter(organisation=me, state__in=("invited", "active"))  # type: ignore[union-attr]
        return Q(owner=me) | (Q(pk__in=models.Subquery(seated.values("campaign"))) & ~Q(state=cls.State.DRAFT))

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("campaigns:detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    @property
    def is_live(self) -> bool:
        """Whether it is planned or running: what belongs to it can still be changed."""
        return self.state in self.LIVE
