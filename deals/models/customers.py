"""The companies to which partners sell."""

from typing import Any, ClassVar

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel
from deals import identity
from partners.models import COUNTRY


class EndCustomer(ScopedModel):
    """A company that buys in the end. Owned by the organisation that typed it, and seen by nobody else."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="end_customers")
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], default="IT")
    vat = models.CharField(_("VAT number"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    domain = models.CharField(_("web domain"), max_length=120, blank=True)
    lei = models.CharField(_("LEI"), max_length=20, blank=True)
    duns = models.CharField(_("D-U-N-S number"), max_length=9, blank=True)
    gln = models.CharField(_("GLN"), max_length=13, blank=True)
    email = models.CharField(_("contact’s e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    name_key = models.CharField(max_length=200, editable=False)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["organisation", "name_key"], name="customer_by_name_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def company(self) -> identity.Company:
        """As it is compared."""
        parts = ("name", "country", "postcode", "city", "vat", "lei", "duns", "gln", "domain", "email", "phone")
        return identity.Company.known(**{part: getattr(self, part) for part in parts})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the normalised name in step with the name."""
        self.name_key = identity.name_key(self.name)
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "name_key"}
        super().save(*args, **kwargs)
