"""What a quote says, priced line by line; and who may give how much discount alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from orders.amounts import amount_of, check_number, within
from orders.configuring import checked, surcharge
from orders.explaining import Basket, PricedLine, Step, Wanted, explain
from orders.models import DiscountLimit, Product, Quote, QuoteLine
from orders.price_notes import kept
from partners.actors import Actor

MAX_LINES = 200
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class QuoteLineInput:
    """One line as somebody wants it; `discount_percent` comes off the explained price and needs its reason."""

    product: Product
    quantity: Decimal
    choices: tuple[str, ...] = ()
    discount_percent: Decimal = Decimal(0)
    discount_reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuoteContent:
    """All that the author of a version says."""

    title: str
    valid_until: date
    lines: Sequence[QuoteLineInput]
    note: str = ""
    codes: tuple[str, ...] = ()
    deal: Any = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A content with its prices: lines not saved yet, the currency, the sum, and why a named code does not apply."""

    lines: list[QuoteLine]
    currency: str
    total: Decimal
    refusals: list[dict[str, str]] = field(default_factory=list)


def content_of(quote: Quote) -> QuoteContent:
    """What a version says, to be edited or said again."""
    lines = [
        QuoteLineInput(
            line.product,
            line.quantity,
            tuple(line.choices),
            line.discount_percent,
            line.discount_reason,
            line.note,
        )
        for line in quote.lines.select_related("product__vendor")
    ]
    return QuoteContent(quote.title, quote.valid_until, lines, quote.note, tuple(quote.codes), quote.deal)


def price_content(quote: Quote, content: QuoteContent, today: date) -> Priced:
    """Price a content for the partnership of a quote as the catalogue stands today; changes nothing.

    Raises DomainError (its field is `lines`, `valid_until` or `deal`) for what cannot be quoted.
    """
    _check(quote, content, today)
    chosen = [_checked(quote, position, each) for position, each in enumerate(content.lines, 1)]
    wanted = tuple(
        Wanted(str(position), line.product, line.quantity, surcharge(line.product.makeup, codes))
        for position, (line, codes) in enumerate(zip(content.lines, chosen, strict=True), 1)
    )
    deal_id = content.deal.pk if content.deal else None
    found = explain(Basket(quote.partnership, today, wanted, content.codes, deal_id))
    currencies = {line.currency for line in found.lines}
    if len(currencies) > 1:
        text = _("The prices are in several currencies (%s). Make a quote for each.")
        raise DomainError(text % ", ".join(sorted(currencies)), field="lines")
    lines = [
        _line(position, each, codes, priced)
        for position, (each, codes, priced) in enumerate(zip(content.lines, chosen, found.lines, strict=True), 1)
    ]
    [currency] = currencies
    total = within(sum((line.amount for line in lines), Decimal(0)), currency)
    refusals = [{"code": each.code[:40], "why": str(each.sentence)[:300]} for each in found.refusals if each.code]
    return Priced(lines, currency, total, refusals)


def _check(quote: Quote, content: QuoteContent, today: date) -> None:
    if not content.title.strip():
        raise DomainError(_("Give the quote a title."), field="title")
    if not content.lines:
        raise DomainError(_("Add at least one line."), field="lines")
    if len(content.lines) > MAX_LINES:
        raise DomainError(_("A quote has %d lines at most.") % MAX_LINES, field="lines")
    if content.valid_until < today:
        raise DomainError(_("Its last day is over already."), field="valid_until")
    deal = content.deal
    if deal is not None and (deal.vendor_id, deal.partner_id) != (quote.vendor_id, quote.partner_id):
        raise DomainError(_("There is no such deal between these two companies."), field="deal")


def _checked(quote: Quote, position: int, line: QuoteLineInput) -> list[str]:
    """The whole configuration of a line that can be quoted; the error names the line."""
    try:
        _check_line(quote, line)
        return checked(line.product.makeup, line.choices)
    except DomainError as error:
        raise DomainError(_("Line %(n)d: %(why)s") % {"n": position, "why": error.message}, field="lines") from error


def _check_line(quote: Quote, line: QuoteLineInput) -> None:
    if line.product.vendor_id != quote.vendor_id:
        raise DomainError(_("That product is not one of %s.") % quote.vendor)
    if line.product.lifecycle == Product.Lifecycle.ENDED:
        raise DomainError(_("%(sku)s is no longer sold.") % {"sku": line.product.sku})
    check_number(line.quantity, what="quantity")
    if line.quantity <= 0:
        raise DomainError(_("The quantity has to be above 0."))
    percent = line.discount_percent
    if not (percent.is_finite() and 0 <= percent <= HUNDRED and percent == round(percent, 2)):
        raise DomainError(_("The discount is 0 to 100 percent, with two decimals at most."))
    if percent and not line.discount_reason.strip():
        raise DomainError(_("Say why there is a discount."))


def _line(position: int, each: QuoteLineInput, codes: list[str], priced: PricedLine) -> QuoteLine:
    if each.discount_percent:
        net = priced.unit_price * (HUNDRED - each.discount_percent) / HUNDRED
        priced = priced.after(Step("manual", gettext_lazy("Discount"), net, each.discount_percent))
    return QuoteLine(
        position=position,
        product=each.product,
        choices=codes,
        quantity=each.quantity,
        pricing=kept(priced),
        unit_price=priced.unit_price,
        discount_percent=each.discount_percent,
        discount_reason=each.discount_reason.strip()[:200] if each.discount_percent else "",
        amount=amount_of(each.quantity, priced.unit_price, Decimal(1), priced.currency),
        note=each.note.strip()[:300],
    )


def limit_of(actor: Actor) -> Decimal | None:
    """How much discount in percent the actor may give alone for its organisation; None where there is no limit.

    The highest of its roles' limits counts; without one, the general limit.
    """
    limits = {
        row.role_id: row.percent for row in DiscountLimit.objects.filter(vendor=actor.organisation).order_by("pk")
    }
    own = [limits[role] for role in _roles(actor) if role in limits]
    return max(own) if own else limits.get(None)


def _roles(actor: Actor) -> set[int]:
    if actor.membership is not None:
        return {role.pk for role in actor.membership.roles.all()}
    return {actor.service_account.role_id} if actor.service_account is not None else set()


def over_limit(actor: Actor, quote: Quote, lines: Sequence[QuoteLine]) -> bool:
    """Whether somebody else has to approve the discounts first. What a partner asks for needs no approval."""
    limit = None if quote.asks else limit_of(actor)
    return limit is not None and any(line.discount_percent > limit for line in lines)
