"""How the verbs of deals read, and who is told of them."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from deals.models import Deal
from inbox.rules import holders, notify, people
from partners.models import Membership

SEE = "deals.view"
DECIDE = "deals.decide"

describe("deal.drafted", _("%(actor)s began a draft"), capability=SEE)
describe("deal.draft_deleted", _("%(actor)s deleted the draft “%(title)s”"), capability=SEE)
describe("deal.submitted", _("%(organisation)s submitted the deal"), tone="info", capability=SEE)
describe("deal.taken", _("%(actor)s took the deal for review"), tone="info", capability=SEE)
describe("deal.released", _("%(actor)s gave the deal back to the queue"), capability=SEE)
describe("deal.returned", _("%(organisation)s returned the deal for correction"), tone="warn", capability=SEE)
describe("deal.resubmitted", _("%(organisation)s sent the deal back, corrected"), tone="info", capability=SEE)
describe("deal.approved", _("%(organisation)s approved the deal"), tone="good", capability=SEE)
describe("deal.rejected", _("%(organisation)s rejected the deal"), tone="bad", capability=SEE)
describe("deal.withdrawn", _("%(organisation)s withdrew the deal"), capability=SEE)
describe("deal.won", _("The deal is won: order %(order)s was accepted"), tone="good", capability=SEE)
describe("deal.lost", _("%(organisation)s reported the deal as lost"), tone="bad", capability=SEE)
describe("deal.expired", _("The protection ended"), tone="warn", capability=SEE)
describe("deal.expiring", _("Days until the protection ends: %(days)s"), tone="warn", capability=SEE)
describe("deal.won_by_hand", _("The deal is won: %(proof)s"), tone="good", capability=SEE)
describe(
    "deal.deemed_approved", _("The deal counts as approved, as nobody answered in time"), tone="good", capability=SEE
)
describe("deal.revoked", _("%(organisation)s revoked the approval"), tone="bad", capability=SEE)
describe("deal.extension_asked", _("%(organisation)s asked for more time"), tone="info", capability=SEE)
describe("deal.extension_granted", _("%(organisation)s extended the protection"), tone="good", capability=SEE)
describe("deal.extension_refused", _("%(organisation)s refused more time"), tone="bad", capability=SEE)
describe("deal.extension_dropped", _("%(organisation)s no longer asks for more time"), capability=SEE)
describe("deal.reinstatement_asked", _("%(organisation)s asked to be protected again"), tone="info", capability=SEE)
describe("deal.reinstatement_granted", _("%(organisation)s reinstated the protection"), tone="good", capability=SEE)
describe(
    "deal.reinstatement_refused", _("%(organisation)s refused to reinstate the protection"), tone="bad", capability=SEE
)
describe("deal.reinstatement_dropped", _("%(organisation)s no longer asks to be protected again"), capability=SEE)
describe("deal.appeal_asked", _("%(organisation)s appealed the rejection"), tone="info", capability=SEE)
describe(
    "deal.appeal_granted",
    _("%(organisation)s upheld the appeal; the deal is reviewed anew"),
    tone="good",
    capability=SEE,
)
describe("deal.appeal_refused", _("%(organisation)s dismissed the appeal"), tone="bad", capability=SEE)
describe("deal.appeal_dropped", _("%(organisation)s took the appeal back"), capability=SEE)
describe("deal.revocation_granted", _("A second person agreed to the revocation"), capability=SEE)
describe("deal.stage_changed", _("%(actor)s moved the deal to another stage"), capability=SEE)
# Only ever in the vendor's own trail:
describe("deal.queued", _("Waits behind another partner's protection"), tone="warn", capability=DECIDE)
describe("deal.matched", _("May be the same customer as another open deal"), tone="warn", capability=DECIDE)
describe("deal.unblocked", _("The protection that stood in the way has ended"), tone="info", capability=DECIDE)
describe("deal.revocation_asked", _("%(actor)s proposed to revoke the approval"), tone="warn", capability=DECIDE)
describe("deal.revocation_refused", _("%(actor)s disagreed with the revocation"), capability=DECIDE)
describe("deal.revocation_dropped", _("%(actor)s gave the revocation up"), capability=DECIDE)
# Only ever in the owner's own trail:
describe("terms.changed", _("%(actor)s changed the terms of registration"), capability=SEE)
describe("customer.created", _("%(actor)s added the customer %(title)s"), capability=SEE)
describe("customer.changed", _("%(actor)s changed the customer %(title)s"), capability=SEE)
describe("customer.deleted", _("%(actor)s deleted the customer %(title)s"), capability=SEE)


def _deal(entry: TrailEntry) -> Deal | None:
    return Deal.objects.filter(pk=entry.target_id).first()


def _reviewers(entry: TrailEntry) -> Iterable[Membership]:
    """Who decides for the vendor; once somebody took the deal, that person."""
    deal = _deal(entry)
    if deal is None:
        return ()
    return people([deal.owner_id], [deal.vendor_id]) or holders([deal.vendor_id], DECIDE)


def _registrants(entry: TrailEntry) -> Iterable[Membership]:
    """Who registered the deal, or where that was a machine, who registers for the partner."""
    deal = _deal(entry)
    if deal is None:
        return ()
    return people([deal.submitter_id], [deal.partner_id]) or holders([deal.partner_id], "deals.register")


def _deciders(entry: TrailEntry) -> Iterable[Membership]:
    """Everybody who decides for the vendor: a request may want another person than the one before."""
    deal = _deal(entry)
    return holders([deal.vendor_id], DECIDE) if deal else ()


def _sales(entry: TrailEntry) -> Iterable[Membership]:
    """Everybody who registers for the partner."""
    deal = _deal(entry)
    return holders([deal.partner_id], "deals.register") if deal else ()


def _url(entry: TrailEntry) -> str:
    return reverse("deals:detail", args=[entry.target_id])


def _titled(text: str | Promise) -> Callable[[TrailEntry], str]:
    return lambda entry: (
        str(text)
        % {
            "title": entry.title,
            "who": entry.organisation,
            "days": entry.data.get("days", ""),
            "order": entry.data.get("order", ""),
        }
    )


notify(
    "deal.submitted", to=_reviewers, url=_url, kind="deals", title=_titled(_("%(who)s registered %(title)s")),
    action=_("Review"), urgent=True,
)  # fmt: skip
notify(
    "deal.resubmitted", to=_reviewers, url=_url, kind="deals", title=_titled(_("%(who)s corrected %(title)s")),
    action=_("Review"), urgent=True,
)  # fmt: skip
notify(
    "deal.returned", to=_registrants, url=_url, kind="deals", title=_titled(_("%(who)s asks you to correct %(title)s")),
    action=_("Correct"), urgent=True,
)  # fmt: skip
notify("deal.approved", to=_sales, url=_url, kind="deals", title=_titled(_("%(who)s approved %(title)s")))
notify("deal.rejected", to=_sales, url=_url, kind="deals", title=_titled(_("%(who)s rejected %(title)s")))
notify("deal.withdrawn", to=_reviewers, url=_url, kind="deals", title=_titled(_("%(who)s withdrew %(title)s")))
notify("deal.lost", to=_reviewers, url=_url, kind="deals", title=_titled(_("%(who)s lost %(title)s")))
notify("deal.won", to=_sales, url=_url, kind="deals", title=_titled(_("%(title)s is won: order %(order)s")))
notify(
    "deal.expiring", to=_registrants, url=_url, kind="deals",
    title=_titled(_("Days until the protection of %(title)s ends: %(days)s")), urgent=True,
)  # fmt: skip
for asked, asks in (
    ("extension", _("%(who)s asks for more time for %(title)s")),
    ("reinstatement", _("%(who)s asks to be protected again: %(title)s")),
    ("appeal", _("%(who)s appeals the rejection of %(title)s")),
    ("revocation", _("The approval of %(title)s shall be revoked: a second person decides")),
):
    notify(
        f"deal.{asked}_asked",
        to=_deciders,
        url=_url,
        kind="deals",
        title=_titled(asks),
        action=_("Decide"),
        urgent=True,
    )
for answered, says in (
    ("extension_granted", _("%(who)s extended the protection of %(title)s")),
    ("extension_refused", _("%(who)s gives no more time for %(title)s")),
    ("reinstatement_granted", _("%(title)s is protected again")),
    ("reinstatement_refused", _("%(who)s does not protect %(title)s again")),
    ("appeal_granted", _("%(who)s upheld your appeal: %(title)s is reviewed anew")),
    ("appeal_refused", _("%(who)s dismissed your appeal on %(title)s")),
    ("revoked", _("%(who)s revoked the approval of %(title)s")),
    ("won_by_hand", _("%(title)s is won")),
    ("deemed_approved", _("%(title)s counts as approved")),
):
    notify(f"deal.{answered}", to=_sales, url=_url, kind="deals", title=_titled(says))
notify("deal.expired", to=_sales, url=_url, kind="deals", title=_titled(_("The protection of %(title)s ended")))
notify("deal.unblocked", to=_reviewers, url=_url, kind="deals", title=_titled(_("%(title)s need not wait any longer")))
