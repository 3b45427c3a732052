"""Drafts that a vendor prepares for a partner."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import InvalidTransition
from deals.actions.locking import locked, write
from deals.models import Deal
from deals.permissions import may_edit, may_prepare
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def hand_over_draft(*, actor: Actor, deal: Deal, version: int | None = None) -> Deal:
    """The vendor gives a draft that it prepared to its partner: from now on the partner alone sees it, changes it and
    submits it, or throws it away. Raises InvalidTransition for any other deal."""
    deal = locked(actor, deal, version)
    require(may_edit(actor, deal))
    if deal.state != Deal.State.DRAFT or not deal.held_by_vendor:
        raise InvalidTransition(_("Only a draft that you prepared is handed over, and only once."))
    require(may_prepare(actor, deal.partnership))
    deal.held_by_vendor = False
    write(deal, "held_by_vendor")
    record(actor=actor, verb="deal.handed_over", target=deal)
    return deal
