"""May I set up webhooks? One verdict, with its sentence."""

from partners.access import Verdict, holds
from partners.actors import Actor


def may_manage_webhooks(actor: Actor) -> Verdict:
    """See, make, change and remove endpoints; send again."""
    return holds(actor, "integration.manage")
