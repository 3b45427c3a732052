"""Invitations by e-mail."""

import hashlib
import secrets
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from partners.models.accounts import Organisation, User
from partners.models.members import Role
from partners.models.network import Partnership

VALID_FOR = timedelta(days=14)


class InvitationQuerySet(ScopedQuerySet):
    """Verbs on invitations."""

    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; perhaps expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.unanswered().filter(expires_at__gt=now())

    def with_token(self, token: str) -> "InvitationQuerySet":
        """The invitation that a link leads to; only the hash of the token is stored."""
        return self.filter(token_sha256=hashlib.sha256(token.encode()).hexdigest())


def _nonce() -> str:
    return secrets.token_urlsafe(16)


class Invitation(ScopedModel):
    """An invitation by e-mail: of a colleague, or of a partner company. Works once, expires, bound to the address."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    company_name = models.CharField(_("company"), max_length=200, blank=True, help_text=_("Empty for a colleague."))
    kind = models.CharField(_("kind"), max_length=12, choices=Partnership.Kind, blank=True)
    roles = models.ManyToManyField(Role, blank=True, verbose_name=_("roles"))
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    token_sha256 = models.CharField(max_length=64, unique=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    nonce = models.CharField(max_length=32, default=_nonce)
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email

    def renew(self) -> None:
        """Give it a new link and a new term, in memory; the old link is dead."""
        self.nonce = _nonce()
        self.token_sha256 = hashlib.sha256(self.token.encode()).hexdigest()
        self.expires_at = now() + VALID_FOR

    @property
    def token(self) -> str:
        """The secret of the link: made from the nonce and the portal's key, so that the table alone opens nothing."""
        return salted_hmac("partners.invitation", self.nonce, algorithm="sha256").hexdigest()

    @property
    def state(self) -> str:
        """open, accepted, revoked or expired."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > now() else "expired"

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return {"open": "info", "accepted": "good", "expired": "warn"}.get(self.state, "still")

    def get_state_display(self) -> str | Promise:
        """The state in words."""
        words = {"open": _("Waiting"), "accepted": _("Accepted"), "revoked": _("Revoked"), "expired": _("Expired")}
        return words[self.state]
