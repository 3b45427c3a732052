"""How the verbs of webhooks read, and who is told of them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, notify
from partners.models import Membership

MANAGE = "integration.manage"

describe("webhook.made", _("%(actor)s set up the webhook %(title)s"), capability=MANAGE)
describe("webhook.changed", _("%(actor)s changed the webhook %(title)s"), capability=MANAGE)
describe("webhook.removed", _("%(actor)s removed the webhook %(title)s"), capability=MANAGE)
describe("webhook.switched_on", _("%(actor)s switched the webhook %(title)s on"), tone="good", capability=MANAGE)
describe("webhook.paused", _("%(actor)s switched the webhook %(title)s off"), capability=MANAGE)
describe("webhook.secret_made", _("%(actor)s made a new signing secret for %(title)s"), capability=MANAGE)
describe("webhook.resent", _("%(actor)s had something sent again to %(title)s"), capability=MANAGE)
describe("webhook.switched_off", _("The webhook %(title)s was switched off"), tone="bad", capability=MANAGE)


def _integrators(entry: TrailEntry) -> Iterable[Membership]:
    return holders([entry.organisation_id], MANAGE)


def _endpoint(entry: TrailEntry) -> str:
    return reverse("webhooks:detail", args=[entry.target_id])


notify(
    "webhook.switched_off", to=_integrators, url=_endpoint, kind="edi", action=_("See what is wrong"), urgent=True
)  # fmt: skip
