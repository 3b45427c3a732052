"""A step on a record that asks for nothing more."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse

from core.errors import DomainError
from core.web import follow
from partners.access import MemberRequest


def step(
    request: MemberRequest, row: Any, done: str, run: Callable[[Any], object], show: Callable[..., HttpResponse]
) -> HttpResponse:
    """Run it and lead back to the record; a broken rule is told on its page (422)."""
    try:
        run(row)
    except DomainError as error:
        return show(request, row, problem=error.message, status=422)
    messages.success(request, done)
    return follow(request, row)
