"""May I? Which side of a deal one is on, and what one's roles allow. The state is judged by the table on the model."""

from django.utils.translation import gettext as _

from deals.models import ConflictCase, Deal, Note, Petition
from deals.models.aside import Beside
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor
from partners.models import Partnership


def is_vendor(actor: Actor, deal: Deal) -> bool:
    """True for the side that decides."""
    return actor.organisation.pk == deal.vendor_id


def _as_partner(actor: Actor, deal: Deal, capability: str) -> Verdict:
    if actor.organisation.pk != deal.partner_id:
        return no(_("Only %(who)s, who registered this deal, can do that.") % {"who": deal.partner})
    return holds(actor, capability)


def _as_reviewer(actor: Actor, deal: Deal, capability: str = "deals.decide") -> Verdict:
    if not is_vendor(actor, deal):
        return no(_("Only %(who)s decides on this deal.") % {"who": deal.vendor})
    if actor.user is not None and actor.user.pk == deal.submitter_id:
        return no(_("You registered this deal yourself. Somebody else has to decide on it."))
    return holds(actor, capability)


def _partnership_is_open(partnership: Partnership) -> Verdict:
    """Active, and nothing owed that should have been accepted by now."""
    if partnership.state != Partnership.State.ACTIVE:
        return no(_("The partnership with %(who)s is not active.") % {"who": partnership.vendor})
    owed = partnership.agreement_overdue()
    if owed:
        return no(
            _("Version %(version)s of the agreement with %(who)s has to be accepted first.")
            % {"version": owed.version, "who": partnership.vendor}
        )
    return YES


def may_see_customers(actor: Actor) -> Verdict:
    """End customers are part of deals."""
    return holds(actor, "deals.view")


def may_manage_customers(actor: Actor) -> Verdict:
    """Add and change end customers."""
    return holds(actor, "customers.manage")


def may_set_terms(actor: Actor) -> Verdict:
    """Say on what terms one's own organisation takes registrations."""
    return holds(actor, "deals.terms")


def may_register(actor: Actor, partnership: Partnership) -> Verdict:
    """Draft a deal with the vendor of this partnership."""
    if actor.organisation.pk != partnership.partner_id:
        return no(_("Deals are registered by the partner of a partnership."))
    return holds(actor, "deals.register") and _partnership_is_open(partnership)


def may_prepare(actor: Actor, partnership: Partnership) -> Verdict:
    """Draft a deal for one's partner, who submits it itself."""
    if actor.organisation.pk != partnership.vendor_id:
        return no(_("Deals are prepared by the vendor of a partnership."))
    return holds(actor, "deals.prepare") and _partnership_is_open(partnership)


def may_edit(actor: Actor, deal: Deal) -> Verdict:
    """Change a draft, or what was asked for on a returned deal. What the vendor prepares, it changes itself."""
    if deal.held_by_vendor:
        return holds(actor, "deals.prepare")
    return _as_partner(actor, deal, "deals.register")


def may_submit(actor: Actor, deal: Deal) -> Verdict:
    """Submit or resubmit."""
    return _as_partner(actor, deal, "deals.register") and _partnership_is_open(deal.partnership)


def may_withdraw(actor: Actor, deal: Deal) -> Verdict:
    """Take a registration back, or mark it lost."""
    return _as_partner(actor, deal, "deals.register")


def may_review(actor: Actor, deal: Deal) -> Verdict:
    """Take from the queue, give back to it, return and reject."""
    return _as_reviewer(actor, deal)


def may_approve(actor: Actor, deal: Deal) -> Verdict:
    """Approve and so protect."""
    verdict = _as_reviewer(actor, deal)
    if not verdict:
        return verdict
    return may_be_protected(deal)


def may_be_protected(deal: Deal) -> Verdict:
    """Only who is an active partner still is given a protection."""
    if deal.partnership.state != Partnership.State.ACTIVE:
        return no(_("The partnership with %(who)s is not active.") % {"who": deal.partner})
    return YES


def may_vote(actor: Actor, deal: Deal) -> Verdict:
    """Answer a step of an approval; whether the step asks this person is said by its plan."""
    verdict = _as_reviewer(actor, deal, "deals.approve")
    if verdict and actor.user is None:
        return no(_("Only a person can do that."))
    return verdict


def may_be_absent(actor: Actor, user_id: int | None) -> Verdict:
    """Say that somebody is away: oneself, or, for who manages people, a colleague."""
    return YES if actor.user is not None and actor.user.pk == user_id else holds(actor, "members.manage")


def may_ask(actor: Actor, deal: Deal, kind: str) -> Verdict:
    """Ask for more time, for reinstatement or a second look: the partner. Propose a revocation: the vendor."""
    if kind == Petition.Kind.REVOCATION:
        return _as_reviewer(actor, deal)
    return _as_partner(actor, deal, "deals.register") and _partnership_is_open(deal.partnership)


def may_decide_petition(actor: Actor, petition: Petition) -> Verdict:
    """Grant or refuse. Nobody judges an appeal against their own decision, nor confirms their own revocation."""
    verdict = _as_reviewer(actor, petition.deal)
    if not verdict:
        return verdict
    before = {Petition.Kind.APPEAL: petition.deal.decided_by_id, Petition.Kind.REVOCATION: petition.asked_by_id}
    if actor.user is not None and before.get(Petition.Kind(petition.kind)) == actor.user.pk:
        return no(_("A second person has to decide on this, as you decided before."))
    return YES


def may_drop(actor: Actor, petition: Petition) -> Verdict:
    """Take a request back: the side that asked."""
    if petition.kind == Petition.Kind.REVOCATION:
        return _as_reviewer(actor, petition.deal)
    return _as_partner(actor, petition.deal, "deals.register")


def may_link(actor: Actor, deal: Deal) -> Verdict:
    """Say by which key one's own system knows the deal: whoever works on it for one's side."""
    return holds(actor, "deals.decide" if is_vendor(actor, deal) else "deals.register")


def may_write_beside(actor: Actor, deal: Deal) -> Verdict:
    """Write notes and activities and add files, each side for itself: who registers, and who decides."""
    if actor.via == "system":
        return YES
    return holds(actor, "deals.decide" if is_vendor(actor, deal) else "deals.register")


def may_change_beside(actor: Actor, row: Beside) -> Verdict:
    """Change what one's own organisation wrote beside a deal."""
    if row.organisation_id != actor.organisation.pk:
        return no(_("%(who)s wrote this, and alone can change it.") % {"who": row.organisation})
    return may_write_beside(actor, row.deal)


def may_edit_note(actor: Actor, note: Note) -> Verdict:
    """Change the words of a note: who wrote it."""
    verdict = may_change_beside(actor, note)
    if verdict and (actor.user is None or actor.user.pk != note.author_id):
        return no(_("%(who)s wrote this, and alone can change it.") % {"who": note.author or note.organisation})
    return verdict


def may_win(actor: Actor, deal: Deal) -> Verdict:
    """The portal itself marks a deal won when its order is accepted."""
    return YES if actor.via == "system" else no(_("A deal is won by an accepted order that carries its number."))


def may_open_case(actor: Actor) -> Verdict:
    """Say that registrations with one's own organisation may name the same customer."""
    return holds(actor, "deals.decide")


def may_judge(actor: Actor, case: ConflictCase) -> Verdict:
    """Change and decide a case: who decides for its vendor, and registered none of its deals."""
    if actor.organisation.pk != case.vendor_id:
        return no(_("Only %(who)s decides on this case.") % {"who": case.vendor})
    if actor.user is not None and case.sides.filter(deal__submitter=actor.user).exists():
        return no(_("You registered one of these deals yourself. Somebody else has to decide on them."))
    return holds(actor, "deals.decide")


def may_talk(actor: Actor, deal: Deal) -> Verdict:
    """Open the private talk with a partner about its registration."""
    return _as_reviewer(actor, deal)
