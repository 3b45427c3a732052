"""The one socket address of the portal."""

from django.urls import path

from chat.consumers import PortalSocket

websocket_urlpatterns = [path("ws/", PortalSocket.as_asgi())]
