"""May I? Figures about deals are for those who may read deals: who sells direct reads neither."""

from partners.access import Verdict, holds
from partners.actors import Actor


def may_read(actor: Actor) -> Verdict:
    """Read figures about deals."""
    return holds(actor, "insights.view") and holds(actor, "deals.view")
