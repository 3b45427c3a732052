"""Forms that a vendor publishes, so that whoever is interested can say so without an account."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel


def _code() -> str:
    return secrets.token_urlsafe(15)


class LeadForm(ScopedModel):
    """A public form at an address that nobody guesses (120 bits)."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    # What may be asked beside the company, an e-mail address and the need, which always are.
    OPTIONAL = ("contact", "phone", "website", "country", "region", "city", "product_line", "size", "message")

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="lead_forms")
    code = models.CharField(max_length=24, unique=True, default=_code, editable=False)
    name = models.CharField(_("name"), max_length=80)
    title = models.CharField(_("heading"), max_length=120)
    intro = models.TextField(_("introduction"), max_length=1000, blank=True)
    asked = models.JSONField(_("what is asked"), default=list, blank=True)
    product_lines = models.JSONField(_("product lines to choose from"), default=list, blank=True)
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    consent_text = models.TextField(_("consent"), max_length=1000)
    consent_version = models.PositiveSmallIntegerField(default=1)
    thanks = models.CharField(_("thanks"), max_length=300, blank=True)
    open = models.BooleanField(_("takes leads"), default=True)
    origin = models.CharField(max_length=20, blank=True, editable=False)  # what published it, such as "campaign" …
    origin_id = models.BigIntegerField(null=True, editable=False)  # … and its key
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "origin", "origin_id"], condition=~Q(origin=""), name="one_form_each_origin"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_url(self) -> str:
        """The path at which everybody finds it."""
        return reverse("leads_public:form", args=[self.code])
