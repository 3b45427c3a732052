"""What a role may do with deals and end customers."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import EVERYONE, register

GROUP = _("Deals")
DIRECT = frozenset({"deals.view", "deals.decide", "deals.approve"})

register("deals.view", GROUP, _("See deals"), _("Read registrations, their history and their rooms."), EVERYONE)
register(
    "deals.register",
    GROUP,
    _("Register deals"),
    _("Draft, submit, correct and withdraw registrations with vendors."),
    {"sales", "channel_manager", "integration"},
)
register(
    "deals.decide",
    GROUP,
    _("Decide on deals"),
    _("Take registrations from the queue; return, approve or reject them."),
    {"channel_manager", "approver"},
)
register(
    "deals.prepare",
    GROUP,
    _("Prepare deals for partners"),
    _("Draft a registration for a partner, which then edits and submits it itself."),
    {"channel_manager"},
)
register(
    "deals.approve",
    GROUP,
    _("Agree to large deals"),
    _("Answer a step of an approval: agree, refuse, or give the deal back to its reviewer."),
    {"approver"},
)
register(
    "deals.terms",
    GROUP,
    _("Set the terms of registration"),
    _("Say how long an approval protects, how soon it is reviewed and what is asked for."),
    {"channel_manager"},
)
register(
    "customers.manage",
    GROUP,
    _("Edit end customers"),
    _("Add and change the companies to which the organisation sells."),
    {"sales", "channel_manager", "integration"},
)
register(
    "direct_sales",
    GROUP,
    _("Sell direct"),
    _("Works in the vendor's own sales. Who sells direct never reads what partners registered."),
    set(),
    excludes=DIRECT,
)
