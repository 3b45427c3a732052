"""Quotes of the demo, in every state, and a pump that can be configured."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from orders import actions
from orders.configuring import read_makeup
from orders.models import Product, Quote
from orders.quoting import QuoteContent, QuoteLineInput
from partners.models import Partnership

OPTIONS = """Motor; IE3; IE3 motor; 0
Motor; IE5; IE5 motor; 185.00
Seal; SEAL-STD; Standard seal; 0
Seal; SEAL-HOT; Seal for hot water; 42.50
Flange; FLANGE-EN; EN 1092; 0
Flange; FLANGE-ANSI; ANSI B16.5; 28.00"""
RULES = "IE5 requires SEAL-HOT"
WHY = "Three pumps a quarter are planned"


def fill(world: Any) -> None:
    """Aurora's quotes with its partners; limits of ten percent for sales people."""
    aurora = world.orgs["aurora"]
    manager, director = world.actor("aurora", "channel_manager"), world.actor("aurora", "administrator")
    sold = [row for row in world.products["aurora"] if row.lifecycle == Product.Lifecycle.ACTIVE]
    makeup = read_makeup(OPTIONS, RULES)
    configured = [actions.save_options(actor=manager, product=product, makeup=makeup) for product in sold[:3]]
    sold = [*configured, *sold[3:]]
    actions.set_discount_limits(actor=director, limits={None: Decimal(10)})
    active = [edge for edge in world.partnerships if edge.state == Partnership.State.ACTIVE and edge.vendor == aurora]
    edges = {world.key_of(edge.partner): edge for edge in active}
    for days, key, title, finish in STORIES:
        if key in edges:
            _tell(world, edges[key], title, days, sold, finish)


def _content(world: Any, title: str, sold: list[Product], percent: int) -> QuoteContent:
    chosen = [sold[0], *world.rng.sample(sold[3:], 2)]
    lines = [
        QuoteLineInput(product, Decimal(world.rng.choice((2, 4, 6)) * product.pack_size)) for product in chosen[1:]
    ]
    first = QuoteLineInput(chosen[0], Decimal(3), ("IE5", "SEAL-HOT"), Decimal(percent), WHY if percent else "")
    return QuoteContent(title, localdate() + timedelta(days=21), [first, *lines])


def _tell(world: Any, edge: Any, title: str, days: int, sold: list[Product], finish: str) -> None:
    asks = finish in ("asked", "answered")
    partner, manager = world.actor(world.key_of(edge.partner), "sales"), world.actor("aurora", "channel_manager")
    percent = 14 if finish == "in_approval" else 5
    author = partner if asks else manager
    row = actions.save_quote(actor=author, partnership=edge, content=_content(world, title, sold, percent))
    if finish != "draft":
        row = actions.send_quote(actor=author, quote=row)
        row = STEPS[finish](row, partner, manager) if finish in STEPS else row
    when = world.now - timedelta(days=days)
    Quote.objects.filter(pk=row.pk).update(created=when, sent_at=when if row.sent_at else None)


def _revised(row: Quote, _partner: Any, manager: Any) -> Quote:
    return actions.send_quote(actor=manager, quote=actions.revise_quote(actor=manager, quote=row))


STEPS: dict[str, Callable[[Quote, Any, Any], Quote]] = {
    "answered": _revised,
    "accepted": lambda row, partner, _manager: actions.accept_quote(actor=partner, quote=row, send=True),
    "declined": lambda row, partner, _manager: actions.decline_quote(
        actor=partner, quote=row, reason="The customer buys next year"
    ),
    "withdrawn": lambda row, _partner, manager: actions.withdraw_quote(
        actor=manager, quote=row, reason="The delivery time was wrong"
    ),
}
STORIES = (
    (19, "brenta", "Pressure boosting, hotel in Riva", "declined"),
    (12, "brenta", "Spare pumps for the summer", "withdrawn"),
    (9, "dolomiti", "Snow making, pump station 2", "sent"),
    (6, "brenta", "Water works of Trento, stage 1", "answered"),
    (4, "rhein", "District heating, substation 7", "accepted"),
    (3, "brenta", "Irrigation, Val di Non", "asked"),
    (2, "brenta", "Water works of Trento, stage 2", "sent"),
    (1, "loire", "Fire fighting set", "in_approval"),
    (0, "brenta", "Booster set, hospital of Rovereto", "draft"),
)
