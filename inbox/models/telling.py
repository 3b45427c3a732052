"""What members are told in the portal: notifications, and the subjects under which they stand together."""

from typing import Any, ClassVar, Self

from django.db import connection, models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from core.audit import unknowable_verbs
from core.indexes import TrigramIndex
from core.models import TrailEntry
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from inbox.models.about import AboutEntriesQuerySet, AboutEntry, still_visible
from partners.actors import Actor
from partners.models import Membership

# The kinds of record that a member was ever told of: a skip scan of `subject_of_record`, a step a kind and not a row.
_LABELS = """
WITH RECURSIVE labels(target) AS (
  SELECT min(target) FROM inbox_subject WHERE membership_id = %s
  UNION ALL
  SELECT (SELECT min(target) FROM inbox_subject WHERE membership_id = %s AND target > labels.target)
  FROM labels WHERE labels.target IS NOT NULL
)
SELECT target FROM labels WHERE target IS NOT NULL
"""


def _labels_told(actor: Actor) -> list[str]:
    if actor.membership is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LABELS, [actor.membership.pk, actor.membership.pk])
        return [label for (label,) in cursor.fetchall()]


class SubjectQuerySet(ScopedQuerySet):
    """Verbs on subjects."""

    def readable_by(self, actor: Actor) -> Self:
        """Those whose record the actor may still see. Follows `visible_to(actor)`."""
        return self.filter(still_visible(actor, _labels_told(actor), ""))

    def with_newest(self, actor: Actor) -> Self:
        """With `newest`, the id of the newest notification of each that the actor may know of; less those without."""
        known = Notification.objects.filter(subject=OuterRef("pk")).exclude(entry__verb__in=unknowable_verbs(actor))
        told = known.filter(entry__in=TrailEntry.objects.visible_to(actor).values("pk"))
        return self.annotate(newest=Subquery(told.order_by("-pk").values("pk")[:1])).filter(newest__isnull=False)

    def waiting(self) -> Self:
        """With something unread, and not put off."""
        return self.filter(unread__gt=0, snoozed_until=None)

    def recount(self) -> int:
        """Count the unread of each anew: one statement, right whatever went before."""
        unread = Notification.objects.filter(subject=OuterRef("pk"), read_at=None).order_by()
        many = unread.values("subject").annotate(many=Count("pk")).values("many")
        return self.order_by().update(unread=Coalesce(Subquery(many), 0))


class Subject(ScopedModel):
    """A record of which one member was told: its notifications stand together, and are put off together.

    `moved_at` orders the inbox: when the newest notification came, or when what was put off came back.
    """

    scope: ClassVar[str] = "owned"

    membership = models.ForeignKey("partners.Membership", on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20)
    unread = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(default=now)
    snoozed_until = models.DateTimeField(null=True)

    newest: int  # of `with_newest`
    objects: ClassVar[Any] = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["-moved_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "target", "target_id"], name="subject_of_record")]
        indexes = [
            models.Index(fields=["membership", "-moved_at", "-id"], name="subjects_of_member"),
            models.Index(
                fields=["membership", "-moved_at", "-id"],
                name="subjects_waiting",
                condition=Q(unread__gt=0, snoozed_until=None),
            ),
            models.Index(fields=["snoozed_until"], name="subjects_put_off", condition=Q(snoozed_until__isnull=False)),
            TrigramIndex(fields=["title"], name="subject_title_trigram"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.target} {self.target_id}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own."""
        membership: Membership | None = getattr(actor, "membership", None)
        return Q(membership=membership.pk) if membership else Q(pk__in=())

    def party_ids(self) -> set[int]:
        """The organisation of the member."""
        return {self.membership.organisation_id}

    @classmethod
    def of(cls, membership: Membership, entry: TrailEntry, kind: str) -> "Subject":
        """The member's subject of the entry's record, made where there is none, with one more unread on top."""
        key = {"membership": membership, "target": entry.target, "target_id": entry.target_id}
        news = {"title": entry.title, "kind": kind, "moved_at": now(), "snoozed_until": None}
        subject, made = cls.objects.get_or_create(**key, defaults={**news, "unread": 1})
        if not made:
            cls.objects.filter(pk=subject.pk).update(**news, unread=F("unread") + 1)
        return subject


class NotificationQuerySet(AboutEntriesQuerySet):
    """Verbs on notifications."""

    def readable_by(self, actor: Actor) -> Self:
        """As for all rows about entries; which kinds of records there are is read from the subjects."""
        known = self.exclude(entry__verb__in=unknowable_verbs(actor))
        return known.filter(still_visible(actor, _labels_told(actor), "subject__"))

    def waiting(self) -> Self:
        """Unread, and not put off."""
        return self.filter(read_at=None, subject__snoozed_until=None)


class Notification(AboutEntry):
    """One thing that one member was told in the portal. Its words are rendered when it is read."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="notifications")
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "entry"], name="told_once")]
        indexes = [
            models.Index(fields=["membership", "read_at", "-id"], name="inbox_of_member"),
            models.Index(fields=["subject", "-id"], name="notifications_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id} → {self.membership_id}"
