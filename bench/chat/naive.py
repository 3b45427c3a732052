"""A chat as tutorials write it: one group a room, one consumer a socket, a dict encoded for each. To compare with."""

import asyncio
import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from bench.chat.served import answer, asked, paced  # noqa: E402

settings.CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 2000}}
}  # fmt: skip


class NaiveConsumer(AsyncJsonWebsocketConsumer):
    """Joins the room on connect, sends what it receives to everybody."""

    async def connect(self):
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()
        await self.send_json({"on": "joined"})

    async def disconnect(self, code):
        await self.channel_layer.group_discard("room", self.channel_name)

    async def receive_json(self, content):
        if "id" in content:
            await self.channel_layer.group_send("room", {"type": "chat.message", **content})

    async def chat_message(self, event):
        frame = {"on": "message", "topic": "room", "id": event["id"], "at": event["at"], "html": event["html"]}
        await self.send_json(frame)


sockets = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter([path("ws/", NaiveConsumer.as_asgi())])))
portal = ProtocolTypeRouter({"http": http, "websocket": sockets})
sending: set[asyncio.Task] = set()


def published(number: int, size: int) -> None:
    """One message to the group."""
    event = {"type": "chat.message", "id": number, "at": time.time(), "html": "x" * size}
    task = asyncio.create_task(get_channel_layer().group_send("room", event))
    sending.add(task)
    task.add_done_callback(sending.discard)


async def application(scope, receive, send):
    """The tutorial, and the address that publishes."""
    if scope["type"] == "http" and scope["path"].startswith("/bench/publish/"):
        _topic, first, count, per_second, size = asked(scope["path"])
        await paced(lambda number: published(number, size), first, count, per_second)
        await answer(send)
    else:
        await portal(scope, receive, send)
