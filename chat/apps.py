"""The chat app."""

from datetime import timedelta

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Rooms, messages, the one socket."""

    name = "chat"

    def ready(self) -> None:
        """Register capabilities, descriptions and subscribers; hear of ended sessions; do the housekeeping."""
        from chat import capabilities, events, replies, sessions, subscribers  # noqa: F401
        from chat.calls.plug import CallPlug
        from chat.plugs import plug_in
        from core.jobs import every

        plug_in("call", CallPlug())
        every(timedelta(minutes=1), "chat.calls", "chat.calls.tasks.tidy_calls")
        every(timedelta(days=1), "chat.forget", "chat.tasks.forget")
        every(timedelta(minutes=5), "chat.exports", "chat.tasks.look_after_exports")
