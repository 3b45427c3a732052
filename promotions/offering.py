"""Promotions as steps of a price: what runs for a partnership on a day, and what of it applies to a basket.

One way for every door: `offer` stands in `orders.explaining.OFFERS`. What runs is looked up once for a partnership and
day, in three queries however many lines and promotions there are; codes that are named take two more.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db.models import Count

from core.numbers import is_valid_number
from orders.explaining import Basket, PricedLine, Quotation, Refusal, Step
from partners.models import Partnership
from promotions import engine, wording
from promotions.models import Promotion, PromotionCode, Redemption
from promotions.models.promotions import TOLD

PREFIX = "P-"


@dataclass(frozen=True, slots=True)
class Running:
    """The promotions that a partnership may use on a day, with their products and how often it has used each."""

    promotions: dict[int, Promotion]
    products: dict[int, frozenset[int]]
    uses: dict[int, int]

    @classmethod
    def of(cls, partnership: Partnership, on: date) -> Self:
        """What runs: three queries."""
        rows = Promotion.objects.for_partnership(partnership).running_on(on).select_related("reward").order_by("pk")
        promotions = {row.pk: row for row in rows}
        links = Promotion.products.through.objects.filter(promotion__in=promotions)
        products: defaultdict[int, set[int]] = defaultdict(set)
        for promotion, product in links.values_list("promotion_id", "product_id"):
            products[promotion].add(product)
        counted = [pk for pk, row in promotions.items() if row.max_uses_each is not None]
        live = Redemption.objects.live().filter(promotion__in=counted, partner=partnership.partner_id)
        uses = live.values_list("promotion").annotate(n=Count("order", distinct=True)).order_by()
        return cls(promotions, {pk: frozenset(found) for pk, found in products.items()}, dict(uses) if counted else {})

    def facts(self, pk: int, *, named: bool) -> engine.Offer:
        """A promotion as the engine reads it."""
        row = self.promotions[pk]
        left = (_left(row.max_uses, row.used), _left(row.max_uses_each, self.uses.get(pk, 0)))
        return engine.Offer(
            id=pk,
            kind=row.kind,
            currency=row.currency,
            value=row.value,
            breaks=tuple(engine.Break(Decimal(start), Decimal(percent)) for start, percent in row.breaks),
            buy=row.buy,
            get=row.get,
            reward=row.reward_id,
            products=self.products.get(pk, frozenset()),
            lines=frozenset(name.casefold() for name in row.product_lines),
            stacking=row.stacking,
            group=row.group,
            priority=row.priority,
            min_quantity=row.min_quantity,
            min_value=row.min_value,
            needs_deal=row.needs_deal,
            named=named,
            amount_left=row.left,
            uses_left=min((each for each in left if each is not None), default=None),
        )


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else limit - used


@dataclass(frozen=True, slots=True)
class Decision:
    """What applies to a basket, of which promotions, by which codes, and what was refused."""

    outcome: engine.Outcome
    running: Running
    codes: dict[int, PromotionCode] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()


def offer(basket: Basket, priced: Sequence[PricedLine]) -> Quotation:
    """The basket with the steps of its promotions, and why what it named does not apply."""
    decision = decide(basket, priced)
    return Quotation(tuple(with_steps(line, decision) for line in priced), decision.refusals)


def decide(basket: Basket, priced: Sequence[PricedLine], *, order_id: int | None = None) -> Decision:
    """What applies to lines that are priced without promotions. `order_id` is the order that may use again the codes
    that it has taken."""
    running = _running(basket)
    asked = _Asked.of(basket, running, order_id)
    if not running.promotions:
        return Decision(engine.Outcome({}, ()), running, {}, tuple(asked.refusals))
    offers = [
        running.facts(pk, named=pk in asked.named)
        for pk, row in running.promotions.items()
        if row.codes_kind == Promotion.Codes.NONE or pk in asked.codes
    ]
    items = [_item(line) for line in priced]
    outcome = engine.price(items, offers, deal=basket.deal_id is not None)
    told = [_told(each, running.promotions[each.offer], asked) for each in outcome.refused]
    return Decision(outcome, running, asked.codes, (*asked.refusals, *told))


def _running(basket: Basket) -> Running:
    memo: dict[Any, Any] = basket.memo
    key = ("promotions", basket.partnership.pk, basket.on)
    if key not in memo:
        memo[key] = Running.of(basket.partnership, basket.on)
    found: Running = memo[key]
    return found


def _item(line: PricedLine) -> engine.Item:
    wanted = line.wanted
    name = wanted.product.product_line.casefold()
    return engine.Item(wanted.ref, wanted.product.pk, name, wanted.quantity, line.unit_price, line.currency)


def _told(said: engine.Refused, promotion: Promotion, asked: "_Asked") -> Refusal:
    """A hint has no code: nobody named it. What a budget no longer covers is told by the promotion's number."""
    hint = said.code.startswith("near_")
    code = "" if hint else asked.named.get(promotion.pk, promotion.number)
    return Refusal(promotion.pk, code, wording.refusal(said, promotion), said.ref)


@dataclass(slots=True)
class _Asked:
    """What a basket names: promotions by the text that names them, and the codes among these."""

    named: dict[int, str] = field(default_factory=dict)
    codes: dict[int, PromotionCode] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    @classmethod
    def of(cls, basket: Basket, running: Running, order_id: int | None) -> Self:
        """Recognise codes and numbers, in two queries where something is named. A deal's number is not ours to judge:
        it travels in the same element as a promotion's (EDIFACT and X12 PD)."""
        asked = cls()
        texts = [code for code in basket.codes if not is_valid_number(code, "D-")]
        if not texts:
            return asked
        vendor, upper = basket.partnership.vendor_id, {text.upper() for text in texts}
        rows = PromotionCode.objects.filter(vendor=vendor, text__in=upper)
        codes = {row.text: row for row in rows}
        reachable = Promotion.objects.for_partnership(basket.partnership).filter(state__in=TOLD)
        by_code = {row.promotion_id for row in codes.values()}
        known = {row.pk: row for row in reachable.filter(pk__in=by_code)}
        by_number = {row.number: row for row in reachable.filter(number__in=upper)} if _numbers(upper) else {}
        for text in texts:
            code = codes.get(text.upper())
            row = known.get(code.promotion_id) if code else by_number.get(text.upper())
            asked._take(text, row, code, running, order_id)
        return asked

    def _take(
        self, text: str, row: Promotion | None, code: PromotionCode | None, running: Running, order_id: int | None
    ) -> None:
        if row is None:
            self._refuse(None, text, wording.unknown(text[:40]))
        elif row.pk not in running.promotions:
            self._refuse(row.pk, text, wording.state_refusal(row))
        elif code is None and row.codes_kind != Promotion.Codes.NONE:
            self._refuse(row.pk, text, wording.code_needed(row))
        elif code is not None and code.single and code.order_id not in (None, order_id):
            self._refuse(row.pk, text, wording.code_taken(text[:40]))
        elif row.pk not in self.named:
            self.named[row.pk] = text
            if code is not None:
                self.codes[row.pk] = code

    def _refuse(self, pk: int | None, text: str, sentence: str) -> None:
        self.refusals.append(Refusal(pk, text[:40], sentence))


def _numbers(texts: set[str]) -> bool:
    return any(is_valid_number(text, PREFIX) for text in texts)


def with_steps(line: PricedLine, decision: Decision) -> PricedLine:
    """A line with the steps of what applies to it."""
    for each in decision.outcome.applied.get(line.wanted.ref, ()):
        row = decision.running.promotions[each.offer]
        label = f"{row.name} ({wording.effect(row)})" if row.kind in ("bundle", "rebate") else row.name
        percent = each.percent if row.kind != "rebate" else None
        line = line.after(Step("promotion", label, each.after, percent, row.pk))
        if each.given:
            line = replace(line, given=line.given + each.given)
    return line


def without_promotions(line: PricedLine) -> PricedLine:
    """A line as it was priced before any promotion."""
    return replace(line, steps=tuple(step for step in line.steps if step.kind != "promotion"), given=Decimal(0))
