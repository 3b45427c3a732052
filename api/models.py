"""What the API itself remembers: answers to writes that carried an Idempotency-Key."""

from typing import ClassVar

from django.db import models
from django.utils.timezone import now

from core.scoping import ScopedModel


class IdempotentAnswer(ScopedModel):
    """The answer given to one key of one actor; a repeated request gets it again and changes nothing."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    actor = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(default=bytes)
    etag = models.CharField(max_length=80, blank=True)
    created = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "actor", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
