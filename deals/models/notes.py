"""Notes and files beside a deal."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from deals.models.aside import Beside


class Note(Beside):
    """A note on a deal. Its author may change it for a day; what it said before is kept."""

    EDITABLE: ClassVar[timedelta] = timedelta(hours=24)

    text = models.TextField(_("note"), max_length=4000)
    pinned = models.BooleanField(_("pinned"), default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pinned", "-pk"]
        indexes = [models.Index(fields=["deal", "-pinned", "-id"], name="note_of_deal")]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def can_still_be_edited(self) -> bool:
        """True while its time for changes runs."""
        return now() < self.created + self.EDITABLE


class NoteVersion(models.Model):
    """What a note said before it was changed."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "of_note"

    of_note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(max_length=4000)
    until = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text[:80]


class DealFile(Beside):
    """A file beside a deal, added at any time. Private: served only by a view that checks who asks."""

    file = models.FileField(upload_to="deals/%Y/%m")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["deal", "-id"], name="file_of_deal")]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "organisation", "shared", "sha256"], name="one_file_per_content_and_side"
            )
        ]

    def __str__(self) -> str:
        return self.name
