"""The chat app."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Rooms, messages, the one socket."""

    name = "chat"

    def ready(self) -> None:
        """Register capabilities, descriptions and subscribers; hear of ended sessions."""
        from chat import capabilities, events, sessions, subscribers  # noqa: F401
