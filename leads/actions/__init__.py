"""Everything that changes a lead."""

from leads.actions.answering import accept_offer, decline_offer, reconsider_offer
from leads.actions.capturing import FIELDS, KnownLead, add_lead, change_lead, receive_lead
from leads.actions.clocks import pull_back, route_due
from leads.actions.converting import convert_lead, register_lead
from leads.actions.keeping import bin_lead, close_lead, reopen_lead, restore_lead
from leads.actions.routing import offer_lead, recall_lead, route_lead
from leads.actions.working import touch_lead

__all__ = [
    "FIELDS",
    "KnownLead",
    "accept_offer",
    "add_lead",
    "bin_lead",
    "change_lead",
    "close_lead",
    "convert_lead",
    "decline_offer",
    "offer_lead",
    "pull_back",
    "recall_lead",
    "receive_lead",
    "reconsider_offer",
    "register_lead",
    "reopen_lead",
    "restore_lead",
    "route_due",
    "route_lead",
    "touch_lead",
]
