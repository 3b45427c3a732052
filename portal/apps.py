"""The project itself as an app, for its management commands."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Holds `demo` and `scheduler`."""

    name = "portal"
    label = "portal"
