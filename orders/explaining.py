"""A price and how it came about, step by step; the same for the web form, the API and an order that came by EDI.

Other apps add their steps (promotions) from their `ready`: `OFFERS.append(function)`. They see the whole basket,
because an offer may ask for two lines together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import round_money
from orders.models import Product
from orders.pricing import AgreedPrices, Price
from partners.models import Partnership

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line that is asked for. `ref` is the caller's own name for it, such as a line number; `surcharge` is what its
    options add to the price of one unit (or take off it)."""

    ref: str
    product: Product
    quantity: Decimal
    surcharge: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Basket:
    """What is priced together: lines of one partnership on one day, with the codes and the deal that were named.

    `memo` is shared by all baskets of one partnership that are priced in a row (the orders of an interchange): what an
    offer looks up for a partnership and day it keeps there under a key of its own, so that it is looked up once.
    """

    partnership: Partnership
    on: date
    wanted: tuple[Wanted, ...]
    codes: tuple[str, ...] = ()
    deal_id: int | None = None
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One step to a price: `kind` is list, options, tier, price_list, promotion, quotation or manual; `unit_price` is
    what one unit costs after it, never rounded; `source_id` names the promotion or price list."""

    kind: str
    label: Text
    unit_price: Decimal
    percent: Decimal | None = None
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something that was named, or that would nearly apply, does not: `ref` is the line, "" for all of them."""

    source_id: int | None
    code: str
    sentence: Text
    ref: str = ""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its price. `given` is how many units come on top without a charge (buy n get m)."""

    wanted: Wanted
    currency: str
    steps: tuple[Step, ...]
    given: Decimal = Decimal(0)

    @property
    def unit_price(self) -> Decimal:
        """What one unit costs, never rounded."""
        return self.steps[-1].unit_price

    @property
    def list_price(self) -> Decimal:
        """What one unit costs everybody, without options."""
        return self.steps[0].unit_price

    @property
    def basis(self) -> str:
        """The kind of the step that made the price."""
        return self.steps[-1].kind

    @property
    def amount(self) -> Decimal:
        """What the line costs, rounded half up at the currency's minor unit."""
        return round_money(self.unit_price * self.wanted.quantity, self.currency)

    def after(self, step: Step) -> "PricedLine":
        """The line with one more step."""
        return replace(self, steps=(*self.steps, step))


@dataclass(frozen=True, slots=True)
class Quotation:
    """A basket with its prices, and why what was asked for does not apply."""

    lines: tuple[PricedLine, ...]
    refusals: tuple[Refusal, ...] = field(default=())


Offer = Callable[[Basket, Sequence[PricedLine]], Quotation]
OFFERS: list[Offer] = []
MAX_CODES = 20


def explain(basket: Basket, agreed: AgreedPrices | None = None) -> Quotation:
    """Price a basket: the list, the agreed price or the tier's discount, then every offer in the order of its app.

    `agreed` is what was looked up already for the products of several baskets.
    """
    agreed = agreed or AgreedPrices(basket.partnership, [each.product for each in basket.wanted])
    found = Quotation(
        tuple(
            _begun(each, agreed.price(each.product, each.quantity, basket.on), basket.partnership)
            for each in basket.wanted
        )
    )
    for offer in OFFERS:
        given = offer(basket, found.lines)
        found = Quotation(given.lines, (*found.refusals, *given.refusals))
    return found


def codes_of(references: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The promotion codes among the references of a document, each once; hostile documents may name thousands."""
    named = (value.strip() for kind, value in references if kind == "promotion")
    return tuple(dict.fromkeys(code for code in named if code))[:MAX_CODES]


def _begun(wanted: Wanted, price: Price, partnership: Partnership) -> PricedLine:
    """The price before any offer. A tier's discount is taken off the options too; an agreed price has them on top."""
    steps, plus = [Step("list", _("List price"), price.list_price)], wanted.surcharge
    if plus:
        steps.append(Step("options", _("Options"), price.list_price + plus))
    if price.basis == "tier":
        net = (price.list_price + plus) * (100 - price.discount_percent) / 100
        steps.append(Step("tier", str(partnership.tier), net, price.discount_percent))
    elif price.basis == "price_list":
        steps.append(Step("price_list", _("Agreed price"), price.amount + plus))
    return PricedLine(wanted, price.currency, tuple(steps))
