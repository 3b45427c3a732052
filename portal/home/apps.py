"""Home as a Django app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Dashboard, search, trail, shell."""

    name = "portal.home"
    label = "home"
