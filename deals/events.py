"""How the verbs of deals read, and who is told of them."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from deals.approvers import Cast
from deals.models import ApprovalStep, Deal
from deals.plans import plan_of
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
describe("deal.changed", _("%(actor)s changed the deal"), capability=SEE)
describe("deal.amount_changed", _("%(actor)s changed the value by more than a fifth"), tone="warn", capability=SEE)
describe("activity.planned", _("%(actor)s planned: %(subject)s"), capability=SEE)
describe("activity.changed", _("%(actor)s changed what is planned: %(subject)s"), capability=SEE)
describe("activity.done", _("%(actor)s did: %(subject)s"), tone="good", capability=SEE)
describe("activity.reopened", _("%(actor)s opened again: %(subject)s"), capability=SEE)
describe("activity.deleted", _("%(actor)s no longer plans: %(subject)s"), capability=SEE)
describe("activity.due", _("It is time: %(subject)s"), tone="info", capability=SEE)
describe("note.added", _("%(actor)s wrote a note"), capability=SEE)
describe("note.changed", _("%(actor)s changed a note"), capability=SEE)
describe("note.pinned", _("%(actor)s pinned a note"), capability=SEE)
describe("note.unpinned", _("%(actor)s no longer pins a note"), capability=SEE)
describe("file.added", _("%(actor)s added the file %(file)s"), capability=SEE)
describe("file.removed", _("%(actor)s removed the file %(file)s"), capability=SEE)
describe("contact.told", _("%(organisation)s named a contact: %(name)s"), capability=SEE)
describe("contact.untold", _("%(organisation)s no longer names the contact %(name)s"), capability=SEE)
describe("deal.talk_opened", _("%(organisation)s would like to talk about the review"), tone="info", capability=SEE)
# Only ever in the vendor's own trail:
describe("deal.queued", _("Waits behind another partner's protection"), tone="warn", capability=DECIDE)
describe("deal.matched", _("May be the same customer as another open deal"), tone="warn", capability=DECIDE)
describe("deal.rechecked", _("%(actor)s had the deal checked anew"), capability=DECIDE)
describe("deal.unblocked", _("The protection that stood in the way has ended"), tone="info", capability=DECIDE)
describe(
    "deal.many_missed", _("Of %(ended)s decided deals of %(who)s, %(missed)s were rejected or withdrawn"),
    tone="warn", capability=DECIDE,
)  # fmt: skip
describe("probing.changed", _("%(actor)s changed how often partners may try"), capability="deals.terms")
describe("case.opened", _("The case %(title)s was opened"), tone="warn", capability=DECIDE)
describe("case.deal_added", _("%(number)s came into the case"), tone="warn", capability=DECIDE)
describe("case.deal_removed", _("%(actor)s took %(number)s out of the case"), capability=DECIDE)
describe("case.assigned", _("%(actor)s gave the case to %(who)s"), capability=DECIDE)
describe("case.noted", _("%(actor)s changed the internal note"), capability=DECIDE)
describe("case.talked", _("%(actor)s opened private talks with the partners"), tone="info", capability=DECIDE)
describe("case.decided", _("%(actor)s decided the case"), tone="good", capability=DECIDE)
describe("case.dismissed", _("The case was closed without a decision"), capability=DECIDE)
describe("case.reopened", _("%(actor)s reopened the case"), tone="warn", capability=DECIDE)
describe("cluster.merged", _("%(actor)s merged %(gone)s into %(title)s"), capability=DECIDE)
describe("cluster.split", _("%(actor)s told %(into)s apart from %(title)s"), capability=DECIDE)
describe("deal.revocation_asked", _("%(actor)s proposed to revoke the approval"), tone="warn", capability=DECIDE)
describe("deal.revocation_refused", _("%(actor)s disagreed with the revocation"), capability=DECIDE)
describe("deal.revocation_dropped", _("%(actor)s gave the revocation up"), capability=DECIDE)
describe("deal.approval_started", _("%(actor)s sent the deal for approval"), tone="info", capability=SEE)
describe("deal.approval_asked", _("Waits for approval: %(step)s"), tone="info", capability=SEE)
describe("deal.approval_given", _("%(who)s agreed: %(step)s"), tone="good", capability=SEE)
describe("deal.approval_refused", _("%(who)s refused: %(step)s"), tone="bad", capability=SEE)
describe("deal.approval_handed_back", _("%(who)s gave it back to the reviewer: %(step)s"), tone="warn", capability=SEE)
describe("deal.approval_cancelled", _("No longer waits for approval"), capability=SEE)
describe("deal.approval_reminded", _("Half of the time for “%(step)s” is over"), tone="warn", capability=SEE)
describe("deal.approval_escalated", _("The time for “%(step)s” is over: others were asked"), tone="bad", capability=SEE)
# Only ever in the owner's own trail:
describe("deal.linked", _("%(actor)s linked the deal with %(system)s"), capability=SEE)
describe("deal.unlinked", _("%(actor)s no longer links the deal with %(system)s"), capability=SEE)
describe("account.added", _("%(actor)s added the named account %(title)s"), capability="deals.terms")
describe("account.changed", _("%(actor)s changed the named account %(title)s"), capability="deals.terms")
describe("account.removed", _("%(actor)s took the named account %(title)s off the list"), capability="deals.terms")
describe("accounts.imported", _("%(actor)s imported named accounts: %(count)s"), capability="deals.terms")
describe("conflict_rules.changed", _("%(actor)s changed the conflict rules to version %(version)s"), capability=DECIDE)
describe("calendar.changed", _("%(actor)s changed the business calendar"), capability=SEE)
describe("deal.handed_over", _("%(organisation)s prepared this draft for its partner"), tone="info", capability=SEE)
describe(
    "deal.approved_by_rule",
    _("Approved by the rule “%(rule)s”, version %(rule_version)s"),
    tone="good",
    capability=SEE,
)
describe("terms.added", _("%(actor)s added the registration type %(title)s"), capability=SEE)
describe("terms.archived", _("%(actor)s archived the registration type %(title)s"), capability=SEE)
describe("terms.restored", _("%(actor)s offers the registration type %(title)s again"), capability=SEE)
describe("terms.made_default", _("%(actor)s made %(title)s the default registration type"), capability=SEE)
describe("approval_policy.changed", _("%(actor)s changed the approval step %(title)s"), capability=SEE)
describe("approval_policy.deleted", _("%(actor)s deleted the approval step %(title)s"), capability=SEE)
describe("approval_limit.changed", _("%(actor)s changed up to what value somebody may approve"), capability=SEE)
describe("absence.set", _("%(actor)s noted an absence: %(who)s"), capability=SEE)
describe("absence.ended", _("%(actor)s ended an absence: %(who)s"), capability=SEE)
describe("terms.changed", _("%(actor)s changed the terms of registration"), capability=SEE)
describe("customer.created", _("%(actor)s added the customer %(title)s"), capability=SEE)
describe("customer.changed", _("%(actor)s changed the customer %(title)s"), capability=SEE)
describe("customer.merged", _("%(actor)s merged the customer %(gone_name)s into %(title)s"), capability=SEE)
describe("customer.unmerged", _("%(actor)s parted %(gone_name)s from %(title)s again"), capability=SEE)
describe("customer.deleted", _("%(actor)s deleted the customer %(title)s"), capability=SEE)
describe("contact.added", _("%(actor)s added the contact %(name)s"), capability=SEE)
describe("contact.changed", _("%(actor)s changed the contact %(name)s"), capability=SEE)
describe("contact.deleted", _("%(actor)s deleted the contact %(name)s"), capability=SEE)


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


def _approvers(entry: TrailEntry) -> Iterable[Membership]:
    """Who may answer the step now, in their own name or for somebody who is away."""
    step = ApprovalStep.objects.filter(pk=entry.data.get("step_id")).select_related("approval").first()
    deal = _deal(entry)
    if step is None or deal is None:
        return ()
    cast = Cast(deal.vendor_id)
    plan = plan_of(step.approval, deal, cast)
    asked = next((each.approvers for each in plan.asked if each.row and each.row.pk == step.pk), [])
    return [cast.members[approver.user.pk] for approver in asked]


def _escalated(entry: TrailEntry) -> Iterable[Membership]:
    """Who may answer now, and the administrators."""
    found = {member.pk: member for member in (*_approvers(entry), *Cast(entry.organisation_id).administrators)}
    return found.values()


def _sales(entry: TrailEntry) -> Iterable[Membership]:
    """Everybody who registers for the partner."""
    deal = _deal(entry)
    return holders([deal.partner_id], "deals.register") if deal else ()


def _assignee(entry: TrailEntry) -> Iterable[Membership]:
    """Whom an activity is assigned to, in the organisation that planned it."""
    return people([entry.data.get("assignee")], [entry.organisation_id])


def _other_side(entry: TrailEntry) -> Iterable[Membership]:
    """Those at the other company who work on the deal."""
    deal = _deal(entry)
    if deal is None:
        return ()
    return _registrants(entry) if entry.organisation_id == deal.vendor_id else _reviewers(entry)


def _judges(entry: TrailEntry) -> Iterable[Membership]:
    """Who decides for the vendor of a case."""
    return holders([entry.organisation_id], DECIDE)


def _case_url(entry: TrailEntry) -> str:
    return reverse("deals:case", args=[entry.target_id])


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
            "subject": entry.data.get("subject", ""),
            "file": entry.data.get("file", ""),
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
notify("deal.approved_by_rule", to=_sales, url=_url, kind="deals", title=_titled(_("%(who)s approved %(title)s")))
notify(
    "deal.handed_over", to=_sales, url=_url, kind="deals",
    title=_titled(_("%(who)s prepared a registration for you: %(title)s")), action=_("Go on"), urgent=True,
)  # fmt: skip
notify("deal.rejected", to=_sales, url=_url, kind="deals", title=_titled(_("%(who)s rejected %(title)s")))
notify("deal.withdrawn", to=_reviewers, url=_url, kind="deals", title=_titled(_("%(who)s withdrew %(title)s")))
notify("deal.lost", to=_reviewers, url=_url, kind="deals", title=_titled(_("%(who)s lost %(title)s")))
notify("deal.won", to=_sales, url=_url, kind="deals", title=_titled(_("%(title)s is won: order %(order)s")))
notify(
    "deal.expiring", to=_registrants, url=_url, kind="deals",
    title=_titled(_("Days until the protection of %(title)s ends: %(days)s")), urgent=True,
)  # fmt: skip
notify(
    "deal.approval_asked", to=_approvers, url=_url, kind="deals",
    title=_titled(_("%(title)s waits for your approval")), action=_("Decide"), urgent=True,
)  # fmt: skip
notify(
    "deal.approval_reminded", to=_approvers, url=_url, kind="deals",
    title=_titled(_("%(title)s still waits for your approval")), action=_("Decide"), urgent=True,
)  # fmt: skip
notify(
    "deal.approval_escalated", to=_escalated, url=_url, kind="deals",
    title=_titled(_("Nobody approved %(title)s in time")), action=_("Open"), urgent=True,
)  # fmt: skip
notify(
    "deal.approval_handed_back", to=_reviewers, url=_url, kind="deals",
    title=_titled(_("An approver gave %(title)s back to you")), action=_("Review"), urgent=True,
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
notify("activity.due", to=_assignee, url=_url, kind="deals", title=_titled(_("%(subject)s · %(title)s")), urgent=True)
notify("activity.planned", to=_assignee, url=_url, kind="deals", title=_titled(_("For you: %(subject)s · %(title)s")))
notify(
    "deal.amount_changed",
    to=_reviewers,
    url=_url,
    kind="deals",
    title=_titled(_("%(who)s changed the value of %(title)s")),
)
notify("note.added", to=_other_side, url=_url, kind="deals", title=_titled(_("%(who)s wrote a note on %(title)s")))
notify("file.added", to=_other_side, url=_url, kind="deals", title=_titled(_("%(who)s added %(file)s to %(title)s")))
notify(
    "case.opened", to=_judges, url=_case_url, kind="deals",
    title=_titled(_("%(title)s: several partners may be after the same customer")), action=_("Compare"),
)  # fmt: skip
notify(
    "deal.talk_opened", to=_registrants, url=_url, kind="deals",
    title=_titled(_("%(who)s would like to talk about %(title)s")), action=_("Answer"), urgent=True,
)  # fmt: skip
notify("deal.many_missed", to=_deciders, url=_url, kind="deals")
