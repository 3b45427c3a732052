"""What a role may hold in the exchange. Connections are set up with `integration.manage`, which partners registers."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

GROUP = _("Exchange")
register(
    "edi.view",
    GROUP,
    _("See the exchange"),
    _("See documents that came in and went out by EDI, with their findings."),
    {"channel_manager", "order_desk", "finance", "integration", "reader"},
)
register(
    "edi.send",
    GROUP,
    _("Exchange documents"),
    _("Send in documents by EDI and collect those that go out."),
    {"order_desk", "integration"},
)
