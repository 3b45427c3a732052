"""May I? For products, orders and answers."""

from django.utils.translation import gettext as _

from core.states import can_move
from orders.models import Order, PriceList, Product
from partners.access import Verdict, holds, no
from partners.actors import Actor
from partners.models import Partnership


def may_send(actor: Actor, buyer_id: int) -> Verdict:
    """Whether the actor may order for this buyer."""
    if actor.organisation.pk != buyer_id:
        return no(_("Only the buyer sends, changes or cancels its orders."))
    return holds(actor, "orders.send")


def may_work_on(actor: Actor, order: Order) -> Verdict:
    """Whether the actor answers orders for the seller of this one, whatever its state."""
    if actor.organisation.pk != order.seller_id:
        return no(_("Only the seller answers an order."))
    return holds(actor, "orders.respond")


def may_respond(actor: Actor, order: Order) -> Verdict:
    """Whether the actor may answer the order now."""
    verdict = may_work_on(actor, order)
    if verdict and not can_move(order, "accept"):
        return no(_("There is nothing to answer: this order is %(state)s.") % _state(order))
    return verdict


def may_acknowledge(actor: Actor, order: Order) -> Verdict:
    """Whether the actor may take the order in hand now."""
    verdict = may_work_on(actor, order)
    if verdict and not can_move(order, "acknowledge"):
        return no(_("This order is %(state)s.") % _state(order))
    return verdict


def may_ship(actor: Actor, seller_id: int) -> Verdict:
    """Whether the actor may say what this seller sent off."""
    if actor.organisation.pk != seller_id:
        return no(_("Only the seller says what it sent."))
    return holds(actor, "orders.respond")


def may_receive_goods(actor: Actor, buyer_id: int) -> Verdict:
    """Whether the actor may say what arrived at this buyer."""
    if actor.organisation.pk != buyer_id:
        return no(_("Only the buyer says what arrived."))
    return holds(actor, "orders.send")


def may_invoice(actor: Actor, issuer_id: int) -> Verdict:
    """Whether the actor may invoice in the name of this company: the seller, or the buyer that bills itself."""
    if actor.organisation.pk != issuer_id:
        return no(_("Only the seller invoices what it sold."))
    return holds(actor, "orders.invoice")


def may_cancel(actor: Actor, order: Order) -> Verdict:
    """Whether the actor may cancel the order now."""
    verdict = may_send(actor, order.buyer_id)
    if verdict and not can_move(order, "cancel"):
        return no(_("This order can no longer be cancelled: it is %(state)s.") % _state(order))
    return verdict


def may_edit_draft(actor: Actor, order: Order) -> Verdict:
    """Whether the actor may still edit, send or throw away the order."""
    if order.state != Order.State.DRAFT:
        return no(_("This order was sent already."))
    return may_send(actor, order.buyer_id)


def may_link(actor: Actor, order: Order) -> Verdict:
    """Whether the actor may say which deal the order belongs to: each side's order people."""
    if order.deal_id is not None:
        return no(_("This order is linked to a deal already."))
    return holds(actor, "orders.respond" if actor.organisation.pk == order.seller_id else "orders.send")


def may_edit_product(actor: Actor, product: Product | None = None) -> Verdict:
    """Whether the actor may add a product, or change this one."""
    if product is not None and product.vendor_id != actor.organisation.pk:
        return no(_("Only %(vendor)s edits its products.") % {"vendor": product.vendor})
    return holds(actor, "catalogue.manage")


def may_edit_price_list(actor: Actor, price_list: PriceList | None = None) -> Verdict:
    """Whether the actor may add a price list, or change this one."""
    if price_list is not None and price_list.vendor_id != actor.organisation.pk:
        return no(_("Only %(vendor)s edits its price lists.") % {"vendor": price_list.vendor})
    return holds(actor, "catalogue.manage")


def partnership_between(buyer_id: int, seller_id: int) -> Partnership | None:
    """The active partnership over which these two trade: the seller as vendor first, else the buyer as vendor."""
    edges = Partnership.objects.active().select_related("tier")
    as_vendor = edges.filter(vendor=seller_id, partner=buyer_id).order_by("pk").first()
    return as_vendor or edges.filter(vendor=buyer_id, partner=seller_id).order_by("pk").first()


def _state(order: Order) -> dict[str, str]:
    return {"state": str(order.get_state_display()).lower()}
