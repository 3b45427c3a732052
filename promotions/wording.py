"""What promotions say: what one does, who gets it, and why it does not apply, each in a sentence."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_money, format_price
from core.numbers import format_day, format_number, format_percent
from promotions.engine import Refused
from promotions.models import Promotion


def effect(promotion: Promotion) -> str:
    """What it does to a price."""
    words = {
        "percent": format_percent(promotion.value),
        "amount": format_price(promotion.value, promotion.currency),
        "buy": format_number(promotion.buy),
        "get": format_number(promotion.get),
        "reward": promotion.reward.name if promotion.reward_id and promotion.reward else "",
    }
    if promotion.kind == Promotion.Kind.VOLUME:
        steps = (
            _("%(percent)s from %(start)s units")
            % {"percent": format_percent(Decimal(percent)), "start": format_number(Decimal(start))}
            for start, percent in promotion.breaks
        )
        return " · ".join(steps)
    if promotion.kind == Promotion.Kind.BUNDLE and words["reward"]:
        return _("Buy %(buy)s, get %(get)s of %(reward)s on top") % words
    return {
        "percent": _("%(percent)s off"),
        "amount": _("%(amount)s off each unit"),
        "fixed": _("%(amount)s a unit"),
        "bundle": _("Buy %(buy)s, get %(get)s on top"),
        "rebate": _("%(percent)s back after the sale"),
    }[promotion.kind] % words


def period(promotion: Promotion) -> str:
    """When it runs."""
    words = {"start": format_day(promotion.start), "until": format_day(promotion.until)}
    return (_("%(start)s to %(until)s") if promotion.until else _("from %(start)s")) % words


def conditions(promotion: Promotion) -> list[str]:
    """What an order must have, apart from the products; nothing where it asks for nothing."""
    said = []
    if promotion.min_quantity:
        said.append(_("at least %(n)s units") % {"n": format_number(promotion.min_quantity)})
    if promotion.min_value:
        said.append(_("for at least %(sum)s") % {"sum": format_money(promotion.min_value, promotion.currency)})
    if promotion.needs_deal:
        said.append(_("with a registered deal"))
    if promotion.codes_kind != Promotion.Codes.NONE:
        said.append(_("with its code"))
    return said


def state_refusal(promotion: Promotion) -> str:
    """Why one that exists is not running on the day."""
    words = {"name": promotion.name, "start": format_day(promotion.start), "until": format_day(promotion.until)}
    if promotion.state == Promotion.State.PAUSED:
        return _("%(name)s is paused.") % words
    if promotion.state == Promotion.State.ACTIVE and promotion.until is None:
        return _("%(name)s starts on %(start)s.") % words
    if promotion.state == Promotion.State.ACTIVE:
        return _("%(name)s runs from %(start)s to %(until)s.") % words
    return _("%(name)s has ended.") % words


def unknown(code: str) -> str:
    """Nobody learns whether a code exists that is not for them."""
    return _("There is no promotion “%(code)s” that you can use.") % {"code": code}


def code_taken(code: str) -> str:
    """A code for one order was used by another."""
    return _("The code “%(code)s” was used by another order.") % {"code": code}


def code_needed(promotion: Promotion) -> str:
    """Its number was named, but it is had by a code alone."""
    return _("%(name)s is had with its code, not by its number.") % {"name": promotion.name}


def refusal(said: Refused, promotion: Promotion) -> str:
    """Why it does not apply to this basket, or what is missing."""
    lacks, goal, currency = said.lacks, said.goal, promotion.currency
    words = {
        "name": promotion.name,
        "lacks": format_number(lacks),
        "goal": format_number(goal),
        "sum": format_money(lacks, currency),
        "left": format_money(goal, currency),
    }
    units = int(lacks) if lacks == lacks.to_integral_value() else 2
    if said.code == "near_bundle":
        text = ngettext(
            "%(lacks)s unit more and %(name)s gives you %(goal)s on top.",
            "%(lacks)s units more and %(name)s gives you %(goal)s on top.",
            units,
        )
        return text % words
    if said.code == "near_tier":
        text = ngettext(
            "%(lacks)s unit more and %(name)s reaches its step of %(goal)s.",
            "%(lacks)s units more and %(name)s reaches its step of %(goal)s.",
            units,
        )
        return text % words
    if said.code == "near_reward":
        text = _("%(name)s gives you %(lacks)s of %(reward)s: add a line of it.")
        return text % {**words, "reward": promotion.reward}
    if said.code in {"quantity", "near_quantity"}:
        text = ngettext("%(name)s asks for %(lacks)s unit more.", "%(name)s asks for %(lacks)s units more.", units)
        return text % words
    return SENTENCES[said.code]() % words


SENTENCES = {
    "no_product": lambda: _("%(name)s is for none of the products of this order in its currency."),
    "deal": lambda: _("%(name)s is for orders of a registered deal, and this one names none."),
    "value": lambda: _("%(name)s asks for %(sum)s more."),
    "near_value": lambda: _("%(name)s asks for %(sum)s more."),
    "uses": lambda: _("%(name)s was used as often as it may be."),
    "budget_gone": lambda: _("The budget of %(name)s is used up."),
    "budget": lambda: _("The budget of %(name)s has %(left)s left, %(sum)s less than this order takes."),
    "better": lambda: _("%(name)s would save you less than what applies, and does not combine with it."),
}
