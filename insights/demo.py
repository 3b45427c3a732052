"""The demo's figures: folded from the history that the other apps wrote."""

from typing import Any

from insights import demo_beginnings
from insights.attribution import keeping as attribution
from insights.keeping import keep_all
from insights.records import publish_all


def fill(world: Any) -> None:
    """Fold the trail, trace what was invoiced, and publish what vendors' partners may know by today."""
    demo_beginnings.fill(world)
    keep_all()
    attribution.keep_all()
    publish_all()
