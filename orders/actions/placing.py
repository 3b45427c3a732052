"""Orders come in: through a file, the API or the web form, all by the same way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.numbers import with_check_digit
from core.sequences import next_number
from orders.actions.delivering import deliver, deliver_new, locked
from orders.actions.revising import cancel_order, change_order
from orders.codec import clean
from orders.documents import OrderDocument
from orders.documents_of import order_document
from orders.errors import DuplicateOrder, OrderRefused, UnknownOrder
from orders.findings import Noticed
from orders.linking import Named, find_deal
from orders.models import Order, OrderLine
from orders.permissions import may_edit_draft, may_send, partnership_between
from orders.surroundings import Surroundings
from orders.writing import check_document, compose, write_document
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation, Partnership

CHANGES = frozenset({"change", "replace"})
REPEATS = frozenset({"duplicate", "confirm"})


@transaction.atomic
def receive_order(
    *, actor: Actor, document: OrderDocument, buyer: Organisation, seller: Organisation, source: str = "edi"
) -> Order:
    """Take in what a buyer sent, by the document's function: a new order, a change, a cancellation or a copy.

    A copy ("duplicate", "confirm") of an order that is here changes nothing and gives that order. Raises
    DuplicateOrder, UnknownOrder, OrderRefused (code no_partnership, no_lines, number_missing, amount_too_large …) and
    InvalidTransition.
    """
    return place_order(actor=actor, document=document, buyer=buyer, seller=seller, source=source)


def place_order(
    *,
    actor: Actor,
    document: OrderDocument,
    buyer: Organisation,
    seller: Organisation,
    source: str = "edi",
    around: Surroundings | None = None,
) -> Order:
    """As `receive_order`, in a transaction of the caller's that is rolled back when this raises; `around` is what was
    looked up for several documents at once."""
    require(may_send(actor, buyer.pk))
    document = clean(document)
    known = None if _is_new(document, around) else _known(actor, document, buyer, seller)
    if document.function in CHANGES | {"cancel"} and known is None:
        raise UnknownOrder(document.number)
    if known is not None:
        return _again(actor, document, known)
    check_document(document)
    if around is None:
        partnership, parties = partnership_between(buyer.pk, seller.pk), {"buyer_id": buyer.pk, "seller_id": seller.pk}
        around = Surroundings.of_one(document, partnership=partnership, **parties)
    order = _between(Order(source=source), buyer, seller, around.partnership)
    named = find_deal(actor, document, buyer_id=buyer.pk, seller_id=seller.pk)
    composed = compose(order, document, around, today=localdate(), deal_id=_key(named))
    with _numbered_once(document, order):
        return deliver_new(actor, order, composed, named)


def _is_new(document: OrderDocument, around: Surroundings | None) -> bool:
    """Whether it was looked up already that no order bears the number. A repetition that came since fails on the
    constraint with the same DuplicateOrder; a document about an earlier order has to find it, so it looks itself."""
    about_earlier = document.function in CHANGES | REPEATS | {"cancel"}
    return (
        not about_earlier
        and around is not None
        and around.taken is not None
        and (document.number.strip() not in around.taken)
    )


def _known(actor: Actor, document: OrderDocument, buyer: Organisation, seller: Organisation) -> Order | None:
    mine = Order.objects.visible_to(actor)
    return mine.filter(buyer=buyer, seller=seller, number=document.number.strip()).first()


def _again(actor: Actor, document: OrderDocument, known: Order) -> Order:
    if document.function == "cancel":
        return cancel_order(actor=actor, order=known, reason="\n".join(document.notes)[:500])
    if document.function in CHANGES:
        return change_order(actor=actor, order=known, document=document)
    if document.function in REPEATS and known.state != Order.State.DRAFT:
        return known
    raise DuplicateOrder(known.number)


@transaction.atomic
def save_draft(
    *, actor: Actor, document: OrderDocument, seller: Organisation, order: Order | None = None, source: str = "web"
) -> Order:
    """Keep an order that is not sent yet; the seller does not see it. Without a number it is given one."""
    buyer = actor.organisation
    require(may_send(actor, buyer.pk) if order is None else may_edit_draft(actor, order))
    document = clean(document)
    if order is not None:
        order = locked(actor, order)
        require(may_edit_draft(actor, order))
    if not document.number.strip():
        number = order.number if order else with_check_digit("P-", next_number(f"purchases.{buyer.pk}"))
        document = replace(document, number=number)
    order, _noticed, _named = _write_draft(actor, document, buyer, seller, source, order)
    record(actor=actor, verb="order.drafted", target=order, parties=(), number=order.number)
    return order


@transaction.atomic
def send_order(*, actor: Actor, order: Order) -> Order:
    """Send a draft: it is read anew, as the catalogue stands today, and delivered to the seller."""
    order = locked(actor, order)
    require(may_edit_draft(actor, order))
    document = order_document(order)
    order, noticed, named = _write_draft(actor, document, order.buyer, order.seller, order.source, order)
    return deliver(actor, order, noticed, named)


@transaction.atomic
def delete_draft(*, actor: Actor, order: Order) -> None:
    """Throw a draft away."""
    order = locked(actor, order)
    require(may_edit_draft(actor, order))
    record(actor=actor, verb="order.draft_deleted", target=order, parties=(), number=order.number)
    order.delete()


def _write_draft(
    actor: Actor,
    document: OrderDocument,
    buyer: Organisation,
    seller: Organisation,
    source: str,
    order: Order | None = None,
) -> tuple[Order, Sequence[Noticed], Named]:
    check_document(document)
    order = _between(order or Order(source=source), buyer, seller, partnership_between(buyer.pk, seller.pk))
    if order.pk:
        OrderLine.objects.filter(order=order).delete()
    named = find_deal(actor, document, buyer_id=buyer.pk, seller_id=seller.pk)
    with _numbered_once(document, order), transaction.atomic():
        return order, write_document(order, document, today=localdate(), deal_id=_key(named)), named


def _key(named: Named) -> int | None:
    return named.deal.pk if named.deal is not None else None


def _between(order: Order, buyer: Organisation, seller: Organisation, partnership: Partnership | None) -> Order:
    if partnership is None:
        text = _("There is no active partnership with %(seller)s, so it cannot be ordered from.")
        raise OrderRefused("no_partnership", text % {"seller": seller}, field="seller")
    order.buyer, order.seller, order.partnership = buyer, seller, partnership
    return order


@contextmanager
def _numbered_once(document: OrderDocument, order: Order) -> Iterator[None]:
    """Raises DuplicateOrder where the database finds that the same order came in twice at once."""
    try:
        yield
    except IntegrityError as error:
        same = Order.objects.filter(buyer=order.buyer_id, seller=order.seller_id, number=document.number.strip())
        if same.exclude(pk=order.pk).exists():
            raise DuplicateOrder(document.number) from error
        raise
