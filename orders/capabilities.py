"""What roles may allow around orders and the catalogue."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import EVERYONE, register

TRADE = _("Orders and catalogue")
register("orders.view", TRADE, _("See orders"), _("See orders, answers and the catalogue with its prices."), EVERYONE)
register(
    "orders.send",
    TRADE,
    _("Send orders"),
    _("Order from suppliers; change and cancel orders."),
    {"sales", "order_desk", "integration"},
)
register(
    "orders.respond",
    TRADE,
    _("Answer orders"),
    _("Take orders in hand; accept, change or reject their lines."),
    {"channel_manager", "order_desk", "integration"},
)
register(
    "orders.invoice",
    TRADE,
    _("Invoice orders"),
    _("Send invoices and credit notes for orders taken."),
    {"channel_manager", "order_desk", "finance", "integration"},
)
register(
    "quotes.write",
    TRADE,
    _("Write quotes"),
    _("Ask for quotes and offer them; withdraw and decline them."),
    {"sales", "channel_manager", "order_desk", "integration"},
)
register(
    "quotes.approve",
    TRADE,
    _("Approve discounts"),
    _("Approve quotes whose discount is over the limit of their author; set those limits."),
    {"approver", "channel_manager"},
)
register(
    "catalogue.manage",
    TRADE,
    _("Edit the catalogue"),
    _("Add and change products and prices."),
    {"channel_manager", "order_desk", "integration"},
)
