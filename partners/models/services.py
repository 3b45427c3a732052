"""Machines that act for an organisation, and their keys."""

from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel
from partners.capabilities import effective
from partners.models.accounts import Organisation
from partners.models.members import Role


class ServiceAccount(ScopedModel):
    """A machine that acts for an organisation, such as its ERP."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="service_accounts")
    name = models.CharField(_("name"), max_length=80)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="service_accounts", verbose_name=_("role"))
    networks = models.JSONField(_("allowed networks"), default=list, blank=True)
    active = models.BooleanField(default=True)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_service_account_per_name")]

    def __str__(self) -> str:
        return self.name

    def capabilities(self) -> frozenset[str]:
        """What its one role gives."""
        return effective(self.role.codes())


class ServiceKey(models.Model):
    """A bearer key of a service account: shown once, stored as its SHA-256, expiring, revocable."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "account"

    account = models.ForeignKey(ServiceAccount, on_delete=models.CASCADE, related_name="keys")
    prefix = models.CharField(max_length=12)
    key_sha256 = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @property
    def live(self) -> bool:
        """True while the key opens the API (its account and network permitting)."""
        return self.revoked_at is None and self.expires_at > now()

    @property
    def state_tone(self) -> str:
        """The tone in which the key is shown."""
        return "good" if self.live else "still"

    def get_state_display(self) -> str | Promise:
        """Live, expired or revoked."""
        return _("Revoked") if self.revoked_at else _("Live") if self.live else _("Expired")
