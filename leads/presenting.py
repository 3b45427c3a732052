"""How a lead is shown to its vendor and an offer to its partner: the acts, the clock, what is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chat.records import record_url
from core.audit import Line, timeline_of
from deals.presenting import Act
from leads import permissions
from leads.actions.routing import plan_for
from leads.forms import vendors_of
from leads.models import Lead, LeadOffer
from leads.places import country_name
from leads.teaser import Details, Teaser, details_of, teaser_of
from partners.actors import Actor

State = Lead.State


@dataclass(frozen=True, slots=True)
class Shown:
    """An offer as its partner sees it: the details while it holds the lead, else the teaser."""

    offer: LeadOffer
    teaser: Teaser
    details: Details | None
    clock: datetime | None
    clock_says: Any = ""

    @property
    def country(self) -> str:
        """The country's name in the reader's language."""
        return country_name(self.teaser.country)


def holds_lead(offer: LeadOffer) -> bool:
    """Whether the offer's partner may see the details now: by the very rule that scopes leads."""
    return offer.state == LeadOffer.State.ACCEPTED and offer.lead.holder_id == offer.partner_id


def shown(offer: LeadOffer) -> Shown:
    """The offer for its partner. `lead` has been read with it."""
    lead = offer.lead
    held = holds_lead(offer)
    says, clock = _clock(offer, lead, held)
    return Shown(offer, teaser_of(lead), details_of(lead) if held else None, clock, says)


def _clock(offer: LeadOffer, lead: Lead, held: bool) -> tuple[Any, datetime | None]:
    if offer.state == LeadOffer.State.OFFERED:
        return _("Answer until"), offer.expires_at
    if held and lead.state == State.ACCEPTED:
        return _("Make contact until"), offer.first_touch_due
    if held and lead.state == State.WORKING:
        return _("Report again until"), offer.idle_due
    return "", None


def acts_on_offer(actor: Actor, offer: LeadOffer) -> list[Act]:
    """What the partner may do next, the primary act last."""
    may, accept = permissions.may_answer(actor, offer), permissions.may_accept(actor, offer)
    address = {name: reverse(f"leads:{name}", args=[offer.pk]) for name in ("accept", "reconsider", "convert")}
    if offer.state == LeadOffer.State.OFFERED:
        return [
            Act(_("Decline…"), may, dialog="#decline", key="D"),
            Act(_("Accept"), accept, address["accept"], key="A", primary=True),
        ]
    if offer.state == LeadOffer.State.DECLINED and offer.lead.state == State.ROUTED:
        return [Act(_("Take the refusal back"), accept, address["reconsider"], quiet=True)]
    if not holds_lead(offer):
        return []
    if offer.lead.state in {State.ACCEPTED, State.WORKING}:
        return [
            Act(_("Give back…"), may, dialog="#decline", quiet=True),
            Act(_("Close…"), may, dialog="#close", key="L"),
            Act(_("Report a contact…"), may, dialog="#touch", key="T"),
            Act(_("Register the deal"), accept, address["convert"], key="R", primary=True),
        ]
    if offer.lead.state == State.CONVERTED and offer.lead.deal_id is None:
        return [Act(_("Register the deal"), accept, address["convert"], key="R", primary=True)]
    return []


def acts_on_lead(actor: Actor, lead: Lead, sells: bool = False) -> list[Act]:
    """What the vendor may do next, the primary act last; `sells` says that it has vendors of its own."""
    may = permissions.may_manage(actor, lead)

    def to(name: str) -> str:
        return reverse(f"leads:{name}", args=[lead.pk])

    edit = Act(_("Edit"), may, to("edit"), method="get", key="E")
    close = Act(_("Close…"), may, dialog="#close", key="L")
    register = Act(_("Register the deal…"), permissions.may_register_own(actor, lead), dialog="#register", key="D")
    if lead.state in {State.NEW, State.ROUTED}:
        return [
            Act(_("Spam"), may, to("bin"), quiet=True),
            close,
            edit,
            *([register] if sells else []),
            Act(_("Offer by hand…"), may, dialog="#offer", key="O"),
            Act(_("Let the rules choose"), may, to("route"), key="R", primary=True),
        ]
    if lead.state in {State.OFFERED, State.ACCEPTED, State.WORKING}:
        return [close, edit, Act(_("Take it back…"), may, dialog="#recall", key="B")]
    if lead.state == State.CONVERTED and lead.deal_id is None and lead.holder_id is None:
        return [register] if sells else []
    if lead.state == State.CLOSED:
        return [Act(_("Take it up again"), may, to("reopen"), key="R", primary=True)]
    if lead.state == State.SPAM:
        return [Act(_("No spam"), may, to("restore"), key="R", primary=True)]
    return []


def lead_context(actor: Actor, lead: Lead) -> dict[str, Any]:
    """All that the vendor's page of a lead shows."""
    offers = list(lead.offers.select_related("partner", "rule", "answered_by").order_by("-offered_at", "-pk"))
    return {
        "lead": lead,
        "country": country_name(lead.country),
        "origin_url": origin_url(lead),
        "acts": acts_on_lead(actor, lead, vendors_of(actor).exists()),
        "offers": offers,
        "plan": plan_for(lead),
        "history": history_of(actor, lead, offers),
    }


def origin_url(lead: Lead) -> str:
    """The page of what brought the lead, by its name ("campaign") and key; empty where there is none."""
    return record_url(f"{lead.origin}s.{lead.origin}", lead.origin_id) if lead.origin and lead.origin_id else ""


def history_of(actor: Actor, lead: Lead, offers: list[LeadOffer]) -> list[Line]:
    """What happened to a lead and to each of its offers, newest first."""
    return timeline_of(actor, lead, *offers)
