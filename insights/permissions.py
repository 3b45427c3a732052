"""May I? Figures about deals are for those who may read deals: who sells direct reads neither."""

from partners.access import Verdict, holds
from partners.actors import Actor


def may_read(actor: Actor) -> Verdict:
    """Read figures about deals."""
    return holds(actor, "insights.view") and holds(actor, "deals.view")


def may_read_money(actor: Actor) -> Verdict:
    """Read where revenue came from: the figures of deals and the invoices of orders in one."""
    return may_read(actor) and holds(actor, "orders.view")
