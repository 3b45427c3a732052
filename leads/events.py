"""How the verbs of leads read, and who is told of them.

Verbs on a lead are its vendor's alone. Verbs on an offer are read by both sides for ever: neither their words nor their
data name the company.
"""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from leads.models import LeadOffer
from partners.models import Membership

SEE = "leads.view"

# Only ever in the vendor's own trail:
describe("lead.created", _("%(actor)s added the lead"), capability=SEE)
describe("lead.asked_again", _("The company wrote once more"), tone="info", capability=SEE)
describe("lead.changed", _("%(actor)s corrected the lead"), capability=SEE)
describe("lead.routed", _("A partner was found"), tone="info", capability=SEE)
describe("lead.unrouted", _("No partner was found"), tone="warn", capability=SEE)
describe("lead.closed", _("%(actor)s closed the lead"), capability=SEE)
describe("lead.registered", _("%(actor)s began a registration with %(vendor)s"), tone="good", capability=SEE)
describe("lead.reopened", _("%(actor)s took the lead up again"), tone="info", capability=SEE)
describe("lead.binned", _("%(actor)s put the lead aside as spam"), tone="warn", capability=SEE)
describe("lead.restored", _("%(actor)s brought the lead back"), capability=SEE)
describe("lead_rule.changed", _("%(actor)s changed the rule %(title)s"), capability="leads.rules")
describe("lead_rule.deleted", _("%(actor)s deleted the rule %(title)s"), capability="leads.rules")
describe("lead_rule.moved", _("%(actor)s changed the order of the rules"), capability="leads.rules")
describe("lead_intake.changed", _("%(actor)s changed what %(title)s takes"), capability="leads.rules")
describe("lead_form.changed", _("%(actor)s changed the form %(title)s"), capability="leads.rules")
describe("lead_form.opened", _("%(actor)s opened the form %(title)s"), tone="good", capability="leads.rules")
describe("lead_form.shut", _("%(actor)s closed the form %(title)s"), capability="leads.rules")
describe("lead_import.started", _("%(actor)s imported %(title)s"), capability=SEE)
describe("lead_import.finished", _("The import of %(title)s is done: %(taken)s leads"), tone="good", capability=SEE)
describe("lead_import.undone", _("%(actor)s undid the import of %(title)s"), tone="warn", capability=SEE)
# Both sides:
describe("lead.offered", _("%(organisation)s offered the lead"), tone="info", capability=SEE)
describe("lead.accepted", _("%(organisation)s accepted the lead"), tone="good", capability=SEE)
describe("lead.declined", _("%(organisation)s declined the lead"), tone="warn", capability=SEE)
describe("lead.reconsidered", _("%(organisation)s took its refusal back"), tone="info", capability=SEE)
describe("lead.expired", _("The offer ran out without an answer"), tone="warn", capability=SEE)
describe("lead.taken", _("Another partner was quicker"), capability=SEE)
describe("lead.recalled", _("%(organisation)s took the lead back"), tone="warn", capability=SEE)
describe("lead.pulled_back", _("The lead was taken back, as nothing happened in time"), tone="bad", capability=SEE)
describe("lead.touched", _("%(actor)s reported a contact"), tone="good", capability=SEE)
describe("lead.converted", _("%(organisation)s began a registration"), tone="good", capability=SEE)
describe("lead.finished", _("%(organisation)s closed the lead"), capability=SEE)

kind("leads", _("Leads"), _("Leads offered to you, and what partners do with yours."))


def _offer(entry: TrailEntry) -> LeadOffer | None:
    return LeadOffer.objects.filter(pk=entry.target_id).first()


def _partner(entry: TrailEntry) -> Iterable[Membership]:
    """Who works on leads for the partner."""
    offer = _offer(entry)
    return holders([offer.partner_id], "leads.work") if offer else ()


def _vendor(entry: TrailEntry) -> Iterable[Membership]:
    """Who passes leads on for the vendor."""
    offer = _offer(entry)
    return holders([offer.vendor_id], "leads.manage") if offer else ()


def _own(entry: TrailEntry) -> Iterable[Membership]:
    return holders([entry.organisation_id], "leads.manage")


def _offer_url(entry: TrailEntry) -> str:
    return reverse("leads:offer", args=[entry.target_id])


def _lead_url(entry: TrailEntry) -> str:
    return reverse("leads:detail", args=[entry.target_id])


def _titled(text: str | Promise) -> Callable[[TrailEntry], str]:
    return lambda entry: str(text) % {"title": entry.title, "who": entry.organisation}


notify(
    "lead.offered", to=_partner, url=_offer_url, kind="leads", title=_titled(_("%(who)s offers you %(title)s")),
    action=_("Answer"), urgent=True,
)  # fmt: skip
for told, says in (
    ("recalled", _("%(who)s took %(title)s back")),
    ("pulled_back", _("%(title)s was taken back, as nothing happened in time")),
    ("expired", _("The offer of %(title)s ran out")),
    ("taken", _("%(title)s went to another partner")),
):
    notify(f"lead.{told}", to=_partner, url=_offer_url, kind="leads", title=_titled(says))
for told, says in (
    ("accepted", _("%(who)s accepted %(title)s")),
    ("declined", _("%(who)s declined %(title)s")),
    ("converted", _("%(who)s registers %(title)s")),
    ("finished", _("%(who)s closed %(title)s")),
):
    notify(f"lead.{told}", to=_vendor, url=_offer_url, kind="leads", title=_titled(says))
notify(
    "lead.unrouted", to=_own, url=_lead_url, kind="leads", title=_titled(_("No partner was found for %(title)s")),
    action=_("Choose one"),
)  # fmt: skip
