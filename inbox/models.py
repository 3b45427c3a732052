"""What people are told, how they want to be told, and the e-mails that are owed to them."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.audit import sentence, tone, unknowable_verbs
from core.models import TrailEntry
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from inbox.rules import KINDS, RULES, Rule
from partners.actors import Actor
from partners.models import Membership


class AboutEntriesQuerySet(ScopedQuerySet):
    """Rows about entries of the trail, addressed to memberships."""

    def readable_by(self, actor: Actor) -> Self:
        """Less those about records or verbs that the actor may no longer see. Asks once which records there are.

        Follows `visible_to(actor)`: what was told stays stored, but nobody reads it who lost sight of the record.
        """
        known = self.exclude(entry__verb__in=unknowable_verbs(actor))
        targets = known.order_by().values_list("entry__target", flat=True).distinct()
        return known.filter(_still_visible(actor, targets))

    def with_words(self) -> Self:
        """With all that rendering a row reads."""
        return self.select_related("entry__user", "entry__service_account", "entry__organisation")


def _still_visible(actor: Actor, targets: "models.QuerySet") -> Q:
    condition = Q(pk__in=())
    for label in targets:
        model = apps.get_model(label)
        about = Q(entry__target=label)
        if issubclass(model, ScopedModel):
            about &= Q(entry__target_id__in=model.objects.visible_to(actor).values("pk"))
        condition |= about
    return condition


class AboutEntry(ScopedModel):
    """What notifications and e-mails share: an entry of the trail that a membership is told of."""

    scope: ClassVar[str] = "owned"
    visible_through: ClassVar[tuple[str, ...]] = ("membership__organisation",)

    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey("core.TrailEntry", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    url = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(default=now)

    objects: ClassVar[Any] = AboutEntriesQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """What is addressed to this member, of entries that the organisation may read."""
        membership: Membership | None = getattr(actor, "membership", None)
        if membership is None:
            return Q(pk__in=())
        return Q(membership=membership.pk, entry__in=TrailEntry.objects.visible_to(actor).values("pk"))

    def party_ids(self) -> set[int]:
        """The organisation of the member who is told."""
        return {self.membership.organisation_id}

    @property
    def rule(self) -> Rule | None:
        """The rule that made it; None when the app no longer has it."""
        return RULES.get((self.entry.verb, self.kind))

    @property
    def title(self) -> str:
        """What happened, in the active language."""
        return self.rule.title(self.entry) if self.rule else sentence(self.entry)

    @property
    def about(self) -> str:
        """The name of the record, unless the title says it already."""
        return "" if self.entry.title in self.title else self.entry.title

    @property
    def action_label(self) -> str:
        """The verb of the button that acts."""
        return str(self.rule.action if self.rule else _("Open"))

    @property
    def where(self) -> str:
        """The kind, as the preferences name it."""
        return str(KINDS[self.kind].label) if self.kind in KINDS else self.kind

    @property
    def tone(self) -> str:
        """The tone of what happened."""
        return tone(self.entry)


class Notification(AboutEntry):
    """One thing that one member was told in the portal. Its words are rendered when it is read."""

    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "entry"], name="told_once")]
        indexes = [models.Index(fields=["membership", "read_at", "-id"], name="inbox_of_member")]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id} → {self.membership_id}"


class EmailDelivery(AboutEntry):
    """An e-mail owed to one member about one entry: at once, or as a line of a digest. The row is the outbox."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Dropped")
        FAILED = "failed", _("Failed")

    digest = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "entry"], name="mailed_once")]
        indexes = [models.Index(fields=["due_at"], name="mail_due", condition=Q(state="pending"))]

    def __str__(self) -> str:
        return f"{self.state} {self.entry_id} → {self.membership_id}"


class Preference(ScopedModel):
    """How a member wants to be told of one kind. Without a row: in the portal, urgent mail at once, the rest daily."""

    scope: ClassVar[str] = "owned"

    class Email(models.TextChoices):
        STANDARD = "standard", _("Urgent at once, the rest daily")
        NOW = "now", _("At once")
        HOURLY = "hourly", _("Every hour, together")
        DAILY = "daily", _("Every morning, together")
        NONE = "none", _("Never")

    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    in_app = models.BooleanField(_("in the portal"), default=True)
    email = models.CharField(_("e-mail"), max_length=8, choices=Email, default=Email.STANDARD)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "kind"], name="one_preference_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.email}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own."""
        membership: Membership | None = getattr(actor, "membership", None)
        return Q(membership=membership.pk) if membership else Q(pk__in=())

    def party_ids(self) -> set[int]:
        """The organisation of the member."""
        return {self.membership.organisation_id}
