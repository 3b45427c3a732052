"""What was changed in the fields of a deal: the history that people read field by field."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from deals.models.aside import Beside


class FieldChange(Beside):
    """One field of a deal that was changed, from what to what, by whom. Values are plain and independent of language
    (codes, ISO dates, decimals with a point; names for records). A draft's are the partner's alone."""

    scope: ClassVar[str] = "shared"

    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["deal", "field", "-id"], name="change_of_field")]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"
