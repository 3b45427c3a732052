"""Rows about entries of the trail, addressed to one member: what notifications and e-mails share."""

from collections.abc import Iterable
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


def still_visible(actor: Actor, labels: Iterable[str], prefix: str) -> Q:
    """The condition that the record (`prefix`target, `prefix`target_id) is of one of these labels and may be seen."""
    condition = Q(pk__in=())
    for label in labels:
        model = apps.get_model(label)
        about = Q(**{f"{prefix}target": label})
        if issubclass(model, ScopedModel):
            about &= Q(**{f"{prefix}target_id__in": model.objects.visible_to(actor).values("pk")})
        condition |= about
    return condition


class AboutEntriesQuerySet(ScopedQuerySet):
    """Rows about entries of the trail, addressed to memberships."""

    def readable_by(self, actor: Actor) -> Self:
        """Less those about records or verbs that the actor may no longer see. Asks once which records there are.

        Follows `visible_to(actor)`: what was told stays stored, but nobody reads it who lost sight of the record.
        """
        known = self.exclude(entry__verb__in=unknowable_verbs(actor))
        labels = known.order_by().values_list("entry__target", flat=True).distinct()
        return known.filter(still_visible(actor, labels, "entry__"))

    def with_words(self) -> Self:
        """With all that rendering a row reads."""
        return self.select_related("entry__user", "entry__service_account", "entry__organisation")


class AboutEntry(ScopedModel):
    """An entry of the trail that a membership is told of."""

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
