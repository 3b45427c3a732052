"""From the vendor's desk to a partner's, and back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.states import can_move, move
from leads import clock
from leads.actions.locking import live_offers, locked, write
from leads.choosing import Plan, plan
from leads.models import Lead, LeadOffer, RoutingRule
from leads.permissions import may_manage
from partners.access import require
from partners.actors import Actor
from partners.models import Partnership

MOST_IN_A_POOL = 50


@transaction.atomic
def route_lead(*, actor: Actor, lead: Lead, version: int | None = None) -> Lead:
    """Offer the lead to whom the rules choose. Where nobody fits it waits, and says why.

    Raises InvalidTransition for a lead that is offered or settled already.
    """
    lead = locked(actor, lead, version)
    require(may_manage(actor, lead))
    move(lead, "route")
    # one at a time for each vendor, so that turns are counted and nobody is filled beyond capacity
    list(RoutingRule.objects.select_for_update().filter(vendor=lead.vendor_id).order_by("pk"))
    found = plan(lead)
    lead.route_at = None
    if not found.chosen:
        _wait(actor, lead, found.why)
        return lead
    record(actor=actor, verb="lead.routed", target=lead, note=found.why)
    _offer(actor, lead, [each.partnership for each in found.chosen], found.rule, found.pool, found.why)
    return lead


def _wait(actor: Actor, lead: Lead, why: str) -> None:
    lead.why_waiting, lead.due_at = why[:300], None
    write(lead, "state", "route_at", "why_waiting", "due_at")
    record(actor=actor, verb="lead.unrouted", target=lead, note=why)


@transaction.atomic
def offer_lead(
    *, actor: Actor, lead: Lead, partnerships: Sequence[Partnership], version: int | None = None
) -> list[LeadOffer]:
    """Offer the lead to partners of one's choice, whatever the rules say; to several, the first to accept has it.

    Raises DomainError for no partner, too many, or one without an active partnership.
    """
    lead = locked(actor, lead, version)
    require(may_manage(actor, lead))
    move(lead, "route")
    if not 1 <= len(partnerships) <= MOST_IN_A_POOL:
        raise DomainError(_("Choose between 1 and %(n)d partners.") % {"n": MOST_IN_A_POOL}, field="partnerships")
    for edge in partnerships:
        if edge.vendor_id != lead.vendor_id or edge.state != Partnership.State.ACTIVE:
            raise DomainError(_("%(who)s is no active partner.") % {"who": edge.partner}, field="partnerships")
    one_each = list({edge.partner_id: edge for edge in partnerships}.values())
    return _offer(actor, lead, one_each, None, len(one_each) > 1, _("Chosen by hand."))


def _offer(
    actor: Actor, lead: Lead, edges: Sequence[Partnership], rule: RoutingRule | None, pool: bool, why: str
) -> list[LeadOffer]:
    move(lead, "offer")
    answer, touch, idle = clock.terms_of(rule)
    moment = now()
    until = clock.after_minutes(lead.vendor_id, moment, answer)
    lead.due_at, lead.route_at, lead.why_waiting = until, None, ""
    write(lead, "state", "due_at", "route_at", "why_waiting")
    offers = []
    for edge in edges:
        offer = LeadOffer(lead=lead, partnership=edge, vendor_id=lead.vendor_id, partner_id=edge.partner_id)
        offer.rule, offer.pool, offer.why = rule, pool, why[:300]
        offer.offered_at, offer.expires_at = moment, until
        offer.touch_minutes, offer.idle_days = touch, idle
        offer.save()
        record(actor=actor, verb="lead.offered", target=offer, until=until.isoformat())
        offers.append(offer)
    return offers


@transaction.atomic
def recall_lead(*, actor: Actor, lead: Lead, note: str = "", version: int | None = None) -> Lead:
    """Take the lead back from whoever has it or was offered it. It waits for another decision of the vendor.

    Raises InvalidTransition for a lead that is with nobody, and for one that is registered.
    """
    lead = locked(actor, lead, version)
    require(may_manage(actor, lead))
    move(lead, "come_back")
    for offer in live_offers(lead):
        end_offer(actor, offer, "recall", note=note.strip())
    bring_back(lead)
    return lead


def end_offer(actor: Actor, offer: LeadOffer, step: str, **facts: str) -> None:
    """Close an offer by a step of its table, and tell both sides."""
    move(offer, step)
    offer.answered_at, offer.answered_by = now(), actor.user
    offer.first_touch_due = offer.idle_due = None
    offer.save(
        update_fields=[
            "state",
            "answered_at",
            "answered_by",
            "first_touch_due",
            "idle_due",
            "decline_code",
            "decline_note",
        ]
    )
    told: dict[str, Any] = {key: text for key, text in facts.items() if text}
    record(actor=actor, verb=f"lead.{offer.state}", target=offer, **told)


def bring_back(lead: Lead, *more: str) -> None:
    """Empty what ties a lead that has come back to a partner; with it, the partner's sight of it."""
    lead.holder, lead.accepted_at, lead.touched_at, lead.due_at = None, None, None, None
    write(lead, "state", "holder", "accepted_at", "touched_at", "due_at", "route_at", *more)


def plan_for(lead: Lead) -> Plan | None:
    """Who would get the lead now, to be shown; None for one that cannot be offered."""
    return plan(lead) if can_move(lead, "route") else None
