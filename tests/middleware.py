"""One chain of middleware for all clients of the tests: each new client would list every static file anew."""

from typing import Any

from django.conf import UserSettingsHolder, settings
from django.test.client import ClientHandler

LOADED = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


def install() -> None:
    """Share the chain from now on; under settings that a test has changed, a client loads its own."""
    load, shared = ClientHandler.load_middleware, ClientHandler()

    def share(self: ClientHandler, *args: Any, **options: Any) -> None:
        if isinstance(settings._wrapped, UserSettingsHolder):
            load(self, *args, **options)
            return
        if shared._middleware_chain is None:
            load(shared)
        for name in LOADED:
            setattr(self, name, getattr(shared, name))

    ClientHandler.load_middleware = share  # type: ignore[method-assign]
