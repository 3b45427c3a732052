"""Refusals that are safe to show to the person who asked."""

from django.utils.translation import gettext as _


class DomainError(Exception):
    """A rule of the business said no. Doors turn it into 422 on a page and 409 in the API."""

    code = "invalid"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidTransition(DomainError):
    """The record's state does not allow that step."""

    code = "invalid_transition"


class StaleObject(DomainError):
    """Somebody else changed the record since it was read."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this in the meantime. Reload, look, and try again: nothing was saved."))
