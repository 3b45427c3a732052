"""The clocks of leads run in the business time of the vendor."""

from datetime import datetime

from deals import working_time
from deals.opening import NeverOpen
from leads.models import LeadOffer, RoutingRule

OFFER_HOURS, TOUCH_HOURS, IDLE_DAYS = 9, 18, 10  # where no rule says otherwise


def terms_of(rule: RoutingRule | None) -> tuple[int, int, int]:
    """Business minutes to answer, business minutes to the first contact, and business days without a word."""
    if rule is None:
        return OFFER_HOURS * 60, TOUCH_HOURS * 60, IDLE_DAYS
    return rule.offer_hours * 60, rule.touch_hours * 60, rule.idle_days


def after_minutes(vendor_id: int, moment: datetime, minutes: int) -> datetime:
    """The moment after so many minutes of the vendor's business time."""
    try:
        return working_time.add_minutes(moment, minutes, working_time.calendar_of(vendor_id))
    except NeverOpen:  # who never opens has the usual hours: a lead must not stand still for it
        return working_time.add_minutes(moment, minutes)


def idle_until(offer: LeadOffer, moment: datetime) -> datetime:
    """How long a partner may be silent from `moment` on."""
    try:
        return working_time.add_days(moment, offer.idle_days, working_time.calendar_of(offer.vendor_id))
    except NeverOpen:
        return working_time.add_days(moment, offer.idle_days)
