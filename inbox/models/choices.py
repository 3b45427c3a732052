"""How people want to be told: by kind, at which hours, on which devices."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel
from inbox.quiet import Hours
from partners.models import Membership


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
    push = models.BooleanField(_("on my devices"), default=True)

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


def _own(actor: ActsFor) -> Q:
    """What belongs to the acting person, whichever organisation they act for."""
    user = getattr(actor, "user", None)
    return Q(user=user.pk) if user is not None else Q(pk__in=())


class QuietHours(ScopedModel):
    """When a person wants neither mail nor push, in their own time zone. `days` are the days on which it begins."""

    scope: ClassVar[str] = "owned"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    days = models.CharField(_("days"), max_length=7, default="1234567")  # ISO 8601: 1 is Monday
    urgent_through = models.BooleanField(_("urgent ones come through"), default=True)

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own."""
        return _own(actor)

    def party_ids(self) -> set[int]:
        """No organisation hears of it."""
        return set()

    @property
    def hours(self) -> Hours:
        """As the rules of `inbox.quiet` take it."""
        return Hours(self.begins, self.ends, frozenset(int(day) for day in self.days))


class PushDevice(ScopedModel):
    """A browser in which a person asked for notifications (RFC 8030): where to post, and the keys to encrypt for it."""

    scope: ClassVar[str] = "owned"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000)
    endpoint_key = models.CharField(max_length=64, unique=True)  # SHA-256 of the endpoint
    public_key = models.CharField(max_length=90)
    secret = models.CharField(max_length=30)
    name = models.CharField(_("device"), max_length=80)
    created = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own."""
        return _own(actor)

    def party_ids(self) -> set[int]:
        """No organisation hears of it."""
        return set()

    @property
    def last_used(self) -> datetime:
        """When something last reached it, or when it was added."""
        return self.used_at or self.created


class PushKey(models.Model):
    """The portal's own key for web push (RFC 8292), made once where the environment gives none, and sealed."""

    scope: ClassVar[str] = "global"

    name = models.CharField(max_length=20, unique=True)
    sealed = models.TextField(editable=False)

    def __str__(self) -> str:
        return self.name
