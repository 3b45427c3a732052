"""The logos of organisations: small pictures that the portal drew anew, at an address that nobody guesses."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from core.scoping import ScopedModel
from partners.models.accounts import Organisation


class Logo(ScopedModel):
    """A logo of an organisation, as a PNG of our own making. The one of today is named by `Organisation.logo_code`;
    those that it replaced stay for a while, as letters that were sent show them."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)
    KEPT: ClassVar[int] = 12  # of an organisation, the one of today among them

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="logos")
    code = models.CharField(max_length=32, unique=True)
    png = models.BinaryField()  # at most some hundred kilobytes; in the same transaction as its trail
    added_at = models.DateTimeField(default=now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return self.code
