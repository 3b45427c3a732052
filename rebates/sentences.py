"""What an agreement says, in sentences."""

from decimal import Decimal

from django.utils.translation import gettext as _

from core.money import format_money, format_price
from core.numbers import format_number, format_percent
from rebates.models import RebateAgreement

Rule = RebateAgreement.RuleKind


def rule_of(agreement: RebateAgreement) -> str:
    """What is granted, on what, over which period: one sentence."""
    words = {"basis": agreement.get_basis_display(), "period": agreement.get_period_display()}
    rate = rate_of(agreement, Decimal(agreement.rate))
    if agreement.rule == Rule.GROWTH:
        return _("%(rate)s on growth of the %(basis)s over the former %(period)s") % {**words, "rate": rate}
    if agreement.rule != Rule.TIERS:
        return _("%(rate)s on the %(basis)s, by %(period)s") % {**words, "rate": rate}
    steps = "; ".join(_step(agreement, Decimal(start), Decimal(rate)) for start, rate in agreement.steps)
    if agreement.retroactive:
        return _("On all %(basis)s of a %(period)s: %(steps)s") % {**words, "steps": steps}
    return _("On the %(basis)s of a %(period)s above each step: %(steps)s") % {**words, "steps": steps}


def rate_of(agreement: RebateAgreement, rate: Decimal) -> str:
    """A rate in words: a percentage, or money for each unit."""
    if agreement.basis == RebateAgreement.Basis.UNITS:
        return _("%(price)s each") % {"price": format_price(rate, agreement.currency)}
    return format_percent(rate)


def volume_of(agreement: RebateAgreement, volume: Decimal) -> str:
    """A volume in words: money, or units."""
    if agreement.basis == RebateAgreement.Basis.UNITS:
        return format_number(volume)
    return format_money(volume, agreement.currency)


def _step(agreement: RebateAgreement, start: Decimal, rate: Decimal) -> str:
    words = {"from": volume_of(agreement, start), "rate": rate_of(agreement, rate)}
    return _("from %(from)s %(rate)s") % words


def products_of(agreement: RebateAgreement) -> str:
    """Which products it is about: lines by name, products by their number; all where none is named."""
    skus = [product.sku for product in agreement.products.all()]
    return ", ".join([*agreement.product_lines, *skus]) or _("All products")
