"""How the verbs of orders read, and who is told of them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from orders.models import Order
from partners.models import Membership

ORDERS = "orders"
describe("order.drafted", _("%(actor)s kept a draft of order %(number)s"), capability="orders.view")
describe("order.draft_deleted", _("%(actor)s threw the draft of order %(number)s away"), capability="orders.view")
describe(
    "order.received",
    _("Order %(number)s of %(organisation)s received, lines: %(lines)s"),
    tone="info",
    capability="orders.view",
)
describe(
    "order.acknowledged", _("%(organisation)s took order %(number)s in hand"), tone="info", capability="orders.view"
)
describe("order.accepted", _("%(organisation)s accepted order %(number)s"), tone="good", capability="orders.view")
describe(
    "order.accepted_with_changes",
    _("%(organisation)s accepted order %(number)s with changes"),
    tone="warn",
    capability="orders.view",
)
describe("order.rejected", _("%(organisation)s rejected order %(number)s"), tone="bad", capability="orders.view")
describe("order.changed", _("%(organisation)s changed order %(number)s"), tone="warn", capability="orders.view")
describe("order.cancelled", _("%(organisation)s cancelled order %(number)s"), tone="bad", capability="orders.view")
describe("order.linked", _("Order %(number)s belongs to deal %(deal_number)s"), tone="good", capability="orders.view")
describe(
    "order.matched", _("%(actor)s recognised line %(line)s of order %(number)s as %(sku)s"), capability="orders.view"
)
VIEW = "orders.view"
describe(
    "order.despatched",
    _("%(organisation)s sent goods of order %(number)s: despatch %(document)s"),
    tone="good",
    capability=VIEW,
)
describe(
    "order.delivered",
    _("%(organisation)s received goods of order %(number)s: receipt %(document)s"),
    tone="good",
    capability=VIEW,
)
describe("order.invoiced", _("Order %(number)s was invoiced: %(document)s"), tone="info", capability=VIEW)
describe("order.credited", _("Order %(number)s was credited: %(document)s"), tone="info", capability=VIEW)
describe("despatch.received", _("%(organisation)s sent despatch %(title)s"), tone="info", capability=VIEW)
describe("receipt.received", _("%(organisation)s sent receipt %(title)s"), tone="info", capability=VIEW)
describe("invoice.received", _("Invoice %(title)s came in"), tone="info", capability=VIEW)
describe("product.added", _("%(actor)s added %(sku)s to the catalogue"), capability="orders.view")
describe("product.changed", _("%(actor)s changed %(sku)s in the catalogue"), capability="orders.view")
describe("price_list.added", _("%(actor)s made the price list %(title)s"), capability="orders.view")
describe("price_list.changed", _("%(actor)s changed the price list %(title)s"), capability="orders.view")
describe("price_list.priced", _("%(actor)s set prices in %(title)s: %(taken)s, taken away: %(gone)s"), capability=VIEW)

kind(ORDERS, _("Orders"), _("Orders that come in, and what became of those you sent."))


def _order(entry: TrailEntry) -> Order | None:
    return Order.objects.filter(pk=entry.target_id).first()


def _sellers_desk(entry: TrailEntry) -> Iterable[Membership]:
    order = _order(entry)
    return holders([order.seller_id], "orders.respond") if order else []


def _buyers(entry: TrailEntry) -> Iterable[Membership]:
    order = _order(entry)
    return holders([order.buyer_id], "orders.send") if order else []


def _url(entry: TrailEntry) -> str:
    return reverse("orders:detail", args=[entry.target_id])


def _answer_url(entry: TrailEntry) -> str:
    return reverse("orders:answer", args=[entry.target_id])


notify("order.received", to=_sellers_desk, url=_answer_url, action=_("Answer"), kind=ORDERS)
notify("order.changed", to=_sellers_desk, url=_answer_url, action=_("Answer"), kind=ORDERS)
notify("order.cancelled", to=_sellers_desk, url=_url, kind=ORDERS)
for verb in ("order.accepted", "order.accepted_with_changes", "order.rejected"):
    notify(verb, to=_buyers, url=_url, kind=ORDERS, urgent=verb == "order.rejected")
notify("order.despatched", to=_buyers, url=_url, kind=ORDERS)
notify("order.invoiced", to=_buyers, url=_url, kind=ORDERS)
notify("order.credited", to=_buyers, url=_url, kind=ORDERS)
notify("order.delivered", to=_sellers_desk, url=_url, kind=ORDERS)
