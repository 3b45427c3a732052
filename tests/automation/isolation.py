"""Triggers in the isolation table: each is one organisation's own."""

from typing import Any

from tests.automation.factories import RunFactory, TriggerFactory

Row = tuple[str, str, dict[str, Any]]


def row(method: str, kind: str, /, **arguments: Any) -> Row:
    return method, kind, arguments


ROUTES: dict[str, Row] = {
    "automation:trigger": row("get", "trigger"),
    "automation:edit": row("get", "trigger"),
    "automation:delete": row("post", "trigger"),
    "automation:step": row("post", "trigger", name="activate"),
    "automation:rehearsal": row("get", "trigger"),
    "automation:runs": row("get", "trigger"),
    "api:trigger-detail": row("get", "trigger"),
    "api:trigger-activate": row("post", "trigger"),
    "api:trigger-pause": row("post", "trigger"),
    "api:trigger-runs": row("get", "trigger"),
    "api:trigger-rehearsal": row("get", "trigger"),
}
PRIVATE = {"trigger"}
WITHOUT_RECORD: dict[str, str] = {}


def records(world: Any) -> dict[str, Any]:
    """One of Brenta's own, with something in its log."""
    trigger = TriggerFactory(organisation=world.orgs["brenta"])
    RunFactory(trigger=trigger)
    return {"trigger": trigger}
