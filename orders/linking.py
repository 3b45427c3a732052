"""The deal that an order names, by its number with check digit anywhere in the order's references and texts."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet

from core.numbers import find_numbers
from orders.documents import OrderDocument
from orders.findings import Noticed, notice
from orders.models import Order
from partners.actors import Actor

PREFIX = "D-"
LIKE_A_NUMBER = re.compile(r"\bD[-–\s]?\d{7,18}\b", re.IGNORECASE | re.ASCII)
MAX_NUMBERS = 20  # hostile texts may hold thousands


def deal_model() -> Any:
    """The model of deals, which belongs to a sibling app."""
    return Order._meta.get_field("deal").related_model


class Named(NamedTuple):
    """The deal that an order names (None where it names none that is there), and what is odd about it."""

    deal: Any
    noticed: list[Noticed]


def find_deal(actor: Actor, document: OrderDocument, *, buyer_id: int, seller_id: int) -> Named:
    """The deal between the same two companies that the order names, and what is odd about its numbers.

    A number of somebody else's deal reads exactly like one that does not exist.
    """
    stated = [value for kind, value in _references(document) if kind == "deal"]
    texts = [*stated, *_texts(document)]
    numbers = list(dict.fromkeys(number for text in texts for number in find_numbers(text, PREFIX)))[:MAX_NUMBERS]
    wrong = [value for value in stated if LIKE_A_NUMBER.search(value) and not find_numbers(value, PREFIX)]
    noticed = [notice("deal_number_wrong", number=value[:40]) for value in wrong[:MAX_NUMBERS]]
    if not numbers:
        return Named(None, noticed)
    found = {deal.number: deal for deal in _deals(actor, numbers, buyer_id, seller_id)}
    linked = next((found[number] for number in numbers if number in found), None)
    noticed += [notice("deal_unknown", number=number) for number in numbers if number not in found]
    if len(found) > 1 and linked is not None:
        noticed.append(notice("deal_several", number=linked.number))
    return Named(linked, noticed)


def _deals(actor: Actor, numbers: list[str], buyer_id: int, seller_id: int) -> QuerySet:
    deals = deal_model().objects.visible_to(actor)
    return deals.filter(number__in=numbers, vendor=seller_id, partner=buyer_id)


def _references(document: OrderDocument) -> Iterator[tuple[str, str]]:
    yield from document.references
    for line in document.lines:
        yield from line.references


def _texts(document: OrderDocument) -> Iterator[str]:
    yield from (value for _kind, value in _references(document))
    yield from document.notes
    yield document.terms
    yield from (text for line in document.lines for text in (line.note, line.description))


def deals_between(actor: Actor, *, buyer_id: int, seller_id: int) -> QuerySet:
    """Deals of the buyer with the seller that an order may still belong to, newest first."""
    deals = deal_model().objects.visible_to(actor).filter(vendor=seller_id, partner=buyer_id)
    return deals.filter(state__in=("submitted", "in_review", "returned", "approved", "won")).order_by("-pk")
