"""Calendars that other programs read."""

import secrets
from typing import ClassVar

from django.db import models
from django.utils.timezone import now


def _nonce() -> str:
    return secrets.token_hex(16)


class CalendarFeed(models.Model):
    """A member's calendar feed. The address is signed over `nonce`: a new nonce revokes every address given before."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "membership"

    membership = models.OneToOneField("partners.Membership", on_delete=models.CASCADE, related_name="calendar_feed")
    nonce = models.CharField(max_length=32, default=_nonce)
    created = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.membership)
