"""Pages and sockets through one ASGI application."""

import asyncio
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
from django.core.asgi import get_asgi_application

http = get_asgi_application()  # loads the apps: what follows imports their models

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from chat.routing import websocket_urlpatterns  # noqa: E402
from core import jobs, realtime  # noqa: E402


class FirstEvent:
    """Daphne has no lifespan: on the first event of any kind, bind the loop and start the embedded worker."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.started = False

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        if not self.started:
            self.started = True
            realtime.bind(asyncio.get_running_loop())
            if settings.EMBEDDED_WORKER:
                jobs.start_embedded_worker()
        await self.app(scope, receive, send)


application = FirstEvent(
    ProtocolTypeRouter(
        {
            "http": http,
            "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
        }
    )
)
