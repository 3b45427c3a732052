"""What a campaign shows and sends: letters, flyers, the text of the landing page; with fields for each participant."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign


class Asset(models.Model):
    """A template in Markdown. The owner writes it; every participant uses it under its own name."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "campaign"

    class Kind(models.TextChoices):
        LETTER = "letter", _("E-mail")
        FLYER = "flyer", _("Flyer")
        PAGE = "page", _("Landing page")

    ICONS = {Kind.LETTER: "mail", Kind.FLYER: "file-text", Kind.PAGE: "panels-top-left"}

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.LETTER)
    title = models.CharField(_("title"), max_length=150)  # subject of a letter, heading of a page
    body = models.TextField(_("text"), max_length=20_000)
    number = models.PositiveIntegerField(default=1)  # of the version
    written_at = models.DateTimeField(default=now)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def icon(self) -> str:
        """The lucide icon of its kind."""
        return self.ICONS[self.Kind(self.kind)]


class AssetVersion(models.Model):
    """An earlier text of an asset."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "asset"

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=150)
    body = models.TextField(max_length=20_000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["asset", "number"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
