"""A person clears what the portal could not decide: which product a line means, which deal an order belongs to."""

from django.db import transaction
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from orders.actions.delivering import locked, record_link
from orders.errors import AnswerRefused
from orders.explaining import Basket, PricedLine, Wanted, codes_of, explain
from orders.linking import deal_model
from orders.matching import remember
from orders.models import Order, OrderFinding, OrderLine, Product
from orders.permissions import may_link, may_respond
from orders.price_notes import kept
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def match_line(*, actor: Actor, order: Order, line: OrderLine, product: Product) -> OrderLine:
    """Say which product of the seller an unrecognised line means; the buyer's number is remembered for next time."""
    order = locked(actor, order)
    require(may_respond(actor, order))
    if product.vendor_id != order.seller_id:
        raise AnswerRefused(_("That product is not one of %s.") % order.seller)
    line = OrderLine.objects.select_for_update(of=("self",)).get(order=order, pk=line.pk)
    price = _price(order, product, line)
    line.product, line.matched_by = product, OrderLine.Match.PERSON
    if price.currency == order.currency:
        line.list_price, line.expected_price, line.pricing = price.list_price, price.unit_price, kept(price)
    line.save(update_fields=["product", "matched_by", "list_price", "expected_price", "pricing"])
    remember([line], seller_id=order.seller_id, buyer_id=order.buyer_id)
    OrderFinding.objects.filter(line=line, code="product_unknown").delete()
    record(actor=actor, verb="order.matched", target=order, line=line.number, sku=product.sku, number=order.number)
    return line


def _price(order: Order, product: Product, line: OrderLine) -> PricedLine:
    codes = codes_of((kind, value) for kind, value in (*order.references, *line.references))
    wanted = (Wanted(line.number, product, line.quantity),)
    basket = Basket(order.partnership, order.issued_on or localdate(), wanted, codes, order.deal_id)
    return explain(basket).lines[0]


@transaction.atomic
def link_deal(*, actor: Actor, order: Order, deal: Model) -> Order:
    """Link an order to a deal of the same two companies, on a person's word. Raises DomainError for any other deal."""
    order = locked(actor, order)
    require(may_link(actor, order))
    deals = deal_model().objects.visible_to(actor)
    found = deals.filter(pk=deal.pk, vendor=order.seller_id, partner=order.buyer_id).first()
    if found is None:
        raise DomainError(_("There is no such deal between these two companies."), field="deal")
    order.deal, order.deal_basis = found, Order.Basis.PERSON
    order.version += 1
    order.save(update_fields=["deal", "deal_basis", "version"])
    OrderFinding.objects.filter(order=order, code__in=["deal_unknown", "deal_number_wrong"]).delete()
    record_link(actor, order, found, related=True)
    return order
