"""May I? for people, roles, machines and partnerships: one verdict each, with the sentence to show when it is no."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.states import can_move
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor
from partners.capabilities import REGISTRY, label_of
from partners.models import Agreement, Invitation, Membership, Partnership, Role


def may_manage_organisation(actor: Actor) -> Verdict:
    """Change names, identifiers and currency."""
    return holds(actor, "organisation.manage")


def may_require_second_factor(actor: Actor, *, has_one: bool) -> Verdict:
    """Ask everybody for a second factor: only who has one, as the rule holds for them at once."""
    verdict = may_manage_organisation(actor)
    if verdict and not has_one:
        return no(_("Set up your own second factor first: the rule will hold for you at once."))
    return verdict


def may_manage_people(actor: Actor) -> Verdict:
    """Invite, give and take roles, close memberships."""
    return holds(actor, "members.manage")


def may_manage_roles(actor: Actor) -> Verdict:
    """Make roles and say what they hold."""
    return holds(actor, "roles.manage")


def may_manage_machines(actor: Actor) -> Verdict:
    """Service accounts and their keys."""
    return holds(actor, "integration.manage")


def may_pass_on(actor: Actor, codes: Iterable[str]) -> Verdict:
    """Give these capabilities to somebody: nobody gives what they do not hold themselves.

    A capability that bars others (the channel firewall) takes away more than it gives; who holds all that it bars may
    put it on a role.
    """
    for code in sorted(set(codes)):
        barred = REGISTRY[code].excludes if code in REGISTRY else frozenset()
        if actor.can(code) or (barred and barred <= actor.capabilities):
            continue
        return no(
            _("You cannot give “%(what)s”, as you do not hold it yourself. Ask an administrator of %(who)s.")
            % {"what": label_of(code), "who": actor.organisation}
        )
    return YES


def may_give(actor: Actor, roles: Iterable[Role]) -> Verdict:
    """Give these roles to a member or to somebody who is invited."""
    verdict = may_manage_people(actor)
    return verdict and may_pass_on(actor, {code for role in roles for code in role.codes() if code in REGISTRY})


def may_edit(actor: Actor, role: Role) -> Verdict:
    """Rename a role, delete it, or change what it holds."""
    verdict = may_manage_roles(actor)
    if verdict and role.fixed:
        return no(_("The administrator's role always holds everything, so that nothing can get lost."))
    return verdict


def may_delete(actor: Actor, role: Role, *, used_by: int) -> Verdict:
    """Delete a role that nobody has any more."""
    verdict = may_edit(actor, role)
    if verdict and used_by:
        return no(_("Somebody still has this role. Give them another one first."))
    return verdict


def may_close(actor: Actor, membership: Membership) -> Verdict:
    """Close a colleague's membership, or one's own."""
    verdict = may_manage_people(actor)
    if verdict and not membership.active:
        return no(_("This membership is closed already."))
    return verdict


def may_reopen(actor: Actor, membership: Membership) -> Verdict:
    """Let a former colleague in again; the roles they had come back, so one must be able to give them."""
    verdict = may_give(actor, membership.roles.all())
    if verdict and membership.active:
        return no(_("This membership is open."))
    return verdict


def may_revoke(actor: Actor, invitation: Invitation) -> Verdict:
    """Take back an invitation that nobody has accepted, or send it again."""
    verdict = may_invite(actor, company=bool(invitation.company_name))
    if verdict and invitation.accepted_at:
        return no(_("This invitation was accepted already."))
    if verdict and invitation.revoked_at:
        return no(_("This invitation was revoked. Write a new one."))
    return verdict


def may_invite(actor: Actor, *, company: bool) -> Verdict:
    """Invite a colleague, or a company."""
    return holds(actor, "partnerships.manage" if company else "members.manage")


def may_manage_partnerships(actor: Actor) -> Verdict:
    """Invite, review, suspend, end; set terms; publish and accept agreements."""
    return holds(actor, "partnerships.manage")


STEP_SIDES = {
    "review": "vendor",
    "activate": "vendor",
    "suspend": "vendor",
    "resume": "vendor",
    "end": "both",
    "decline": "both",
}


def may_step(actor: Actor, partnership: Partnership, step: str) -> Verdict:
    """Move a partnership by one step of its table: review, activate, suspend, resume, end, decline."""
    verdict = may_manage_partnerships(actor)
    if not verdict:
        return verdict
    if STEP_SIDES[step] == "vendor" and partnership.vendor_id != actor.organisation.pk:
        return no(_("Only %(vendor)s can do that.") % {"vendor": partnership.vendor})
    if not can_move(partnership, step):
        shown = str(partnership.get_state_display()).lower()
        return no(_("That step is not possible now: the partnership is %(state)s.") % {"state": shown})
    if step == "decline":
        return _may_decline(actor, partnership)
    return _may_activate(partnership) if step == "activate" else YES


def _may_decline(actor: Actor, partnership: Partnership) -> Verdict:
    answers = "partner" if partnership.state == Partnership.State.INVITED else "vendor"
    if partnership.side_of(actor.organisation) == answers:
        return YES
    return no(_("That answer is the other company's to give."))


def _may_activate(partnership: Partnership) -> Verdict:
    owed = partnership.agreement_owed()
    if owed is not None:
        return no(
            _("%(partner)s has not accepted version %(version)s of the agreement yet.")
            % {"partner": partnership.partner, "version": owed.version}
        )
    if partnership.state == Partnership.State.IN_REVIEW and set(partnership.checklist) < set(Partnership.CHECKLIST):
        return no(_("The checklist of the review is not complete yet."))
    return YES


def may_set_terms(actor: Actor, partnership: Partnership) -> Verdict:
    """Change tier, territory and channel manager: the vendor's to say, or its programme's by the figures."""
    verdict = YES if actor.via == "system" else may_manage_partnerships(actor)
    if verdict and partnership.vendor_id != actor.organisation.pk:
        return no(_("Only %(vendor)s can change the terms.") % {"vendor": partnership.vendor})
    return verdict


def may_accept(actor: Actor, partnership: Partnership, agreement: Agreement) -> Verdict:
    """Accept the vendor's current agreement for one's own organisation, while the partnership is open."""
    verdict = may_manage_partnerships(actor)
    if not verdict:
        return verdict
    if partnership.partner_id != actor.organisation.pk or agreement.vendor_id != partnership.vendor_id:
        return no(_("Only %(partner)s can accept this agreement.") % {"partner": partnership.partner})
    if partnership.state in {Partnership.State.ENDED, Partnership.State.DECLINED}:
        return no(_("This partnership is over."))
    if partnership.agreement_owed() != agreement:
        return no(_("This version is accepted already, or there is a newer one."))
    return YES
