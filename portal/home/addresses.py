"""Where the record of a trail entry has its page."""

from functools import cache

from django.urls import NoReverseMatch, reverse

from core.models import TrailEntry


@cache
def _route(target: str) -> str:
    """The named route of a kind of record: `app:model`, or `app:detail` for the noun that the app is named after."""
    app, model = target.split(".")
    candidates = [f"{app}:{model}", f"{app}:{model}_detail"]
    if app.startswith(model):
        candidates.append(f"{app}:detail")
    for route in candidates:
        try:
            reverse(route, args=[1])
        except NoReverseMatch:
            continue
        return route
    return ""


def address_of(entry: TrailEntry) -> str:
    """The page of the entry's record; empty for records without one."""
    route = _route(entry.target)
    return reverse(route, args=[entry.target_id]) if route else ""
