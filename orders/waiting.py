"""What waits for somebody here: orders to answer, drafts to send, quotes to decide."""

from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, make_aware, now
from django.utils.translation import gettext as _

from core.waiting import Waiting
from orders.models import Order, Quote
from partners.actors import Actor

ANSWER_WITHIN = timedelta(days=2)
SHOWN = 10


def waiting(actor: Actor) -> list[Waiting]:
    """Orders and quotes that this actor can move on now."""
    items: list[Waiting] = []
    if actor.can("orders.respond"):
        items += _to_answer(actor)
    items += _quotes(actor)
    if actor.can("orders.send"):
        items += _drafts(actor)
    return items


def counts(actor: Actor) -> dict[str, int]:
    """The badges: orders that wait for the organisation's answer, quotes that wait for it."""
    found = {}
    if actor.can("orders.respond"):
        found["orders"] = Order.objects.visible_to(actor).to_answer(actor.organisation.pk).count()
    if actor.can("quotes.write") or actor.can("quotes.approve"):
        found["quotes"] = _open_quotes(actor).count()
    return found


def _open_quotes(actor: Actor) -> QuerySet[Quote]:
    """What was sent to the actor's organisation and is open, and what waits for its approval."""
    me, condition = actor.organisation.pk, Q(pk=None)
    if actor.can("quotes.write"):
        condition |= Q(state=Quote.State.SENT) & (Q(vendor=me, asks=True) | Q(partner=me, asks=False))
    if actor.can("quotes.approve"):
        mine = Q(state=Quote.State.IN_APPROVAL) & (Q(vendor=me, asks=False) | Q(partner=me, asks=True))
        condition |= mine & ~Q(author=actor.user) if actor.user else mine
    return Quote.objects.visible_to(actor).filter(condition)


def _quotes(actor: Actor) -> list[Waiting]:
    rows = _open_quotes(actor).select_related("vendor", "partner").order_by("valid_until", "pk")
    return [_quote(actor, quote) for quote in rows[:SHOWN]]


def _quote(actor: Actor, quote: Quote) -> Waiting:
    if quote.state == Quote.State.IN_APPROVAL:
        title, verb = _("Quote %(number)s waits for its discount to be approved"), _("Decide")
    elif quote.asks:
        title, verb = _("Quote %(number)s is asked for"), _("Prepare an offer")
    else:
        title, verb = _("Quote %(number)s waits for your decision"), _("Decide")
    other = quote.partner if actor.organisation.pk == quote.vendor_id else quote.vendor
    soon = quote.valid_until <= localdate() + timedelta(days=2)
    due = make_aware(datetime.combine(quote.valid_until, time.max))
    url = reverse("orders:quote", args=[quote.pk])
    return Waiting(title % {"number": quote}, str(other), url, verb, due, "warn" if soon else "info")


def _to_answer(actor: Actor) -> list[Waiting]:
    orders = Order.objects.visible_to(actor).to_answer(actor.organisation.pk).select_related("buyer")
    return [_answer(order) for order in orders.order_by("received_at", "pk")[:SHOWN]]


def _answer(order: Order) -> Waiting:
    due = (order.received_at or order.created) + ANSWER_WITHIN
    late, soon = due < now(), due < now() + timedelta(hours=12)
    changed = order.state == Order.State.CHANGE_REQUESTED
    title = _("Order %(number)s was changed") if changed else _("Order %(number)s waits for an answer")
    return Waiting(
        title % {"number": order.number},
        str(order.buyer),
        reverse("orders:answer", args=[order.pk]),
        _("Answer"),
        due,
        "bad" if late else "warn" if soon else "info",
    )


def _drafts(actor: Actor) -> list[Waiting]:
    drafts = Order.objects.visible_to(actor).filter(state=Order.State.DRAFT, buyer=actor.organisation)
    return [
        Waiting(
            _("Draft of order %(number)s is not sent") % {"number": order.number},
            str(order.seller),
            reverse("orders:detail", args=[order.pk]),
            _("Look at it"),
            tone="still",
        )
        for order in drafts.select_related("seller")[:SHOWN]
    ]
