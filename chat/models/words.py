"""What a message is found by."""

from typing import ClassVar

from django.db import models

from chat.models.messages import Message
from core.fulltext import Words


class MessageWords(Words):
    """The words of a message that stands: its text and the names of its files; its marks are `file` and `link`."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "message"

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="words")

    def __str__(self) -> str:
        return f"words of {self.message_id}"
