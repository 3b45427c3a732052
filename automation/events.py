"""How the verbs of triggers read, and who is told of them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from partners.models import Membership

SEE = "automation.view"

describe("trigger.saved", _("%(actor)s wrote version %(version)s of the trigger %(title)s"), capability=SEE)
describe("trigger.activated", _("%(actor)s started the trigger %(title)s"), tone="good", capability=SEE)
describe("trigger.paused", _("%(actor)s paused the trigger %(title)s"), tone="warn", capability=SEE)
describe("trigger.dropped", _("%(actor)s let go of what waited: %(total)s"), tone="warn", capability=SEE)
describe("trigger.deleted", _("%(actor)s deleted the trigger %(title)s"), tone="warn", capability=SEE)
describe("automation.told", _("The trigger “%(trigger)s” told colleagues: %(says)s"), tone="info")
describe(
    "automation.code_given", _("%(organisation)s gave %(to)s the code %(code)s of %(name)s"), tone="good",
    capability="promotions.view",
)  # fmt: skip

kind("triggers", _("Triggers"), _("What a trigger of your organisation tells you."))


def _named(entry: TrailEntry) -> Iterable[Membership]:
    """Whom the trigger named: members of its own organisation, and nobody else whatever the entry says."""
    rows = Membership.objects.filter(organisation=entry.organisation_id, pk__in=entry.data.get("members", ()))
    return list(rows.live().select_related("organisation"))


def _partner(entry: TrailEntry) -> Iterable[Membership]:
    told = entry.readers.exclude(organisation=entry.organisation_id).values_list("organisation_id", flat=True)
    return holders(list(told), "promotions.view")


notify(
    "automation.told", to=_named, url=lambda entry: str(entry.data.get("url", "")), kind="triggers",
    title=lambda entry: str(entry.data.get("says", "")),
)  # fmt: skip
notify(
    "automation.code_given", to=_partner, url=lambda entry: reverse("promotions:detail", args=[entry.target_id]),
    kind="promotions",
    title=lambda entry: str(_("%(who)s gives you a code of %(name)s: %(code)s"))
    % {"who": entry.organisation, "name": entry.data.get("name", ""), "code": entry.data.get("code", "")},
)  # fmt: skip
