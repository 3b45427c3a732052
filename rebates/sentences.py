"""What an agreement says, in sentences."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import format_money, format_price
from core.numbers import format_number, format_percent
from rebates.models import RebateAgreement

Rule = RebateAgreement.RuleKind
Text = str | Promise


# By what is counted; then the rule: a rate of all, a rate of the growth, steps on the whole, steps on what is above.
SENTENCES: dict[str, dict[str, Text]] = {
    RebateAgreement.Basis.NET: {
        "flat": gettext_lazy("%(rate)s of the net amount invoiced in each %(period)s"),
        "growth": gettext_lazy(
            "%(rate)s of the net amount invoiced in each %(period)s beyond that of the %(period)s before"
        ),
        "whole": gettext_lazy("By the net amount invoiced in each %(period)s, on the whole of it: %(steps)s"),
        "above": gettext_lazy("By the net amount invoiced in each %(period)s, on what lies above each step: %(steps)s"),
    },
    RebateAgreement.Basis.UNITS: {
        "flat": gettext_lazy("%(rate)s for the units invoiced in each %(period)s"),
        "growth": gettext_lazy(
            "%(rate)s for the units invoiced in each %(period)s beyond those of the %(period)s before"
        ),
        "whole": gettext_lazy("By the units invoiced in each %(period)s, on all of them: %(steps)s"),
        "above": gettext_lazy("By the units invoiced in each %(period)s, on those above each step: %(steps)s"),
    },
}


def rule_of(agreement: RebateAgreement) -> str:
    """What is granted, on what, over which period: one sentence."""
    kind = {Rule.GROWTH: "growth", Rule.TIERS: "whole" if agreement.retroactive else "above"}.get(
        Rule(agreement.rule), "flat"
    )
    words = {
        "period": agreement.get_period_display(),
        "rate": rate_of(agreement, Decimal(agreement.rate)),
        "steps": "; ".join(_step(agreement, Decimal(start), Decimal(rate)) for start, rate in agreement.steps),
    }
    return str(SENTENCES[agreement.basis][kind]) % words


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
    return (_("%(rate)s from %(from)s") if start else _("%(rate)s from the start")) % words


def products_of(agreement: RebateAgreement) -> str:
    """Which products it is about: lines by name, products by their number; all where none is named."""
    if agreement.promotion is not None:
        return _("What was ordered with the promotion %(number)s") % {"number": agreement.promotion.number}
    skus = [product.sku for product in agreement.products.all()]
    return ", ".join([*agreement.product_lines, *skus]) or _("All products")
