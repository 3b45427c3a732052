"""The tables of promotions: one's own, those of vendors, and who used one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.listing import Choice, Column, Create, Empty, Listing, Period, View
from core.money import format_money
from promotions.models import Promotion, Redemption
from promotions.wording import effect, period


def _budget(row: Promotion) -> str | None:
    """How much of the budget, or of the uses, is left."""
    if row.budget is not None:
        return str(_("%(left)s left of %(all)s")) % {
            "left": format_money(row.left, row.currency),
            "all": format_money(row.budget, row.currency),
        }
    if row.max_uses is not None:
        return str(_("%(left)s orders left of %(all)s")) % {"left": row.max_uses - row.used, "all": row.max_uses}
    return None


def _dates(row: Promotion) -> str:
    return period(row)


NAME = Column("name", _("Promotion"), kind="link", sort="name")
NUMBER = Column("number", _("Number"), kind="code", sort="number", phone=False, shown=False)
EFFECT = Column("effect", _("What it does"), get=effect)
STATE = Column("state", _("State"), kind="state")

OWN = Listing(
    key="promotions",
    title=_("Promotions"),
    columns=(
        NAME,
        NUMBER,
        EFFECT,
        Column("dates", _("Runs"), get=_dates, phone=False),
        STATE,
        Column("used", _("Orders"), kind="number", sort="used", phone=False),
        Column("spent", _("Cost"), kind="money", get=lambda row: (row.spent, row.currency), sort="spent"),
        Column("budget", _("Budget"), get=_budget, phone=False),
    ),
    filters=(
        Choice("state", _("State"), choices=Promotion.State.choices),
        Choice("kind", _("What it does"), choices=Promotion.Kind.choices),
        Period("start", _("Starts")),
    ),
    views=(
        View("running", _("Running"), "state=active"),
        View("drafts", _("Drafts"), "state=draft"),
        View("paused", _("Paused"), "state=paused"),
        View("ended", _("Ended"), "state=ended"),
        View("all", _("All")),
    ),
    search=("number", "name", "sentence"),
    default_sort="-used",
    row_url=lambda row: row.get_absolute_url(),
    live="promotion",
    create=Create(_("Write a promotion"), "promotions:new", capability="promotions.manage"),
    links=((_("Offered to us"), "promotions:offered"),),
    empty=Empty(
        _("No promotions here"),
        _("A promotion changes prices for the partners you choose: for a time, and within a budget."),
        _("Write a promotion"),
        "promotions:new",
        "badge-percent",
    ),
)

OFFERED = Listing(
    key="promotions-offered",
    title=_("Promotions for us"),
    columns=(
        NAME,
        NUMBER,
        Column("vendor", _("From"), kind="mark"),
        EFFECT,
        Column("dates", _("Runs"), get=_dates),
        STATE,
    ),
    filters=(Choice("state", _("State"), choices=Promotion.State.choices[1:4]),),
    views=(View("running", _("Running"), "state=active"), View("all", _("All"))),
    search=("number", "name", "sentence", "vendor__name"),
    default_sort="name",
    row_url=lambda row: row.get_absolute_url(),
    live="promotion",
    links=((_("Our own"), "promotions:list"),),
    empty=Empty(
        _("No promotions for you now"),
        _("What vendors offer you stands here, with its code where it needs one. Orders get it by themselves."),
        icon="badge-percent",
    ),
)


def _order(row: Redemption) -> str:
    return str(_("%(order)s, line %(line)s")) % {"order": row.order.number, "line": row.line_number}


def _share(row: Any) -> tuple[Any, str]:
    return row.amount, row.currency


USES = Listing(
    key="promotion-uses",
    title=_("Orders that use it"),
    columns=(
        Column("order", _("Order line"), kind="link", get=_order),
        Column("partner", _("Partner"), kind="mark"),
        Column("product", _("Product"), get=lambda row: row.product.name, phone=False),
        Column("units", _("Units"), kind="number", phone=False),
        Column("given", _("On top"), kind="number", get=lambda row: row.given_now or None, phone=False),
        Column("amount", _("Cost"), kind="money", get=_share, sort="amount"),
        STATE,
        Column("created", _("Ordered"), kind="ago", sort="created"),
    ),
    filters=(Choice("state", _("State"), choices=Redemption.State.choices), Period("created", _("Ordered"))),
    search=("order__number", "partner__name", "product__name", "product__sku"),
    default_sort="-created",
    row_url=lambda row: row.order_url,
    live="order",
    empty=Empty(
        _("No order uses it yet"),
        _("Each order line that it applies to stands here, with what it cost."),
        icon="receipt",
    ),
)
