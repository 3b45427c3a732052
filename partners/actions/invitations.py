"""Invitations by e-mail: of a colleague, or of a partner company. They work once, expire, and hold for one address."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from partners.access import person_of, require
from partners.actions.members import recheck
from partners.actions.organisations import found_organisation
from partners.actions.partnerships import activate, open_partnership
from partners.actors import Actor, acting
from partners.models import Invitation, Membership, Organisation, Partnership, Role, User
from partners.permissions import may_give, may_invite, may_manage_partnerships, may_revoke

MOST_WAITING = 200


def _create(actor: Actor, email: str, **fields: str) -> Invitation:
    waiting = Invitation.objects.visible_to(actor).open()
    if waiting.filter(email__iexact=email, company_name=fields.get("company_name", "")).exists():
        raise DomainError(_("This address has an invitation already. Send it again from the list."), field="email")
    if waiting.count() >= MOST_WAITING:
        raise DomainError(_("%(most)s invitations are waiting. Revoke some first.") % {"most": MOST_WAITING})
    by = person_of(actor)
    invitation = Invitation(organisation=actor.organisation, email=email.lower(), invited_by=by, **fields)
    invitation.renew()
    invitation.save()
    return invitation


@transaction.atomic
def invite_colleague(*, actor: Actor, email: str, roles: Iterable[Role]) -> Invitation:
    """Invite somebody into one's own organisation with some roles; the e-mail leaves on commit."""
    wanted = list(Role.objects.visible_to(actor).filter(pk__in=[role.pk for role in roles]))
    require(may_give(actor, wanted))
    if not wanted:
        raise DomainError(_("Choose at least one role."), field="roles")
    if Membership.objects.visible_to(actor).filter(user__email__iexact=email, active=True).exists():
        raise DomainError(_("This person is a member already."), field="email")
    invitation = _create(actor, email)
    invitation.roles.set(wanted)
    names = ", ".join(sorted(map(str, wanted)))
    record(actor=actor, verb="member.invited", target=invitation, roles=names)
    return invitation


@transaction.atomic
def invite_company(*, actor: Actor, email: str, company_name: str, kind: str) -> Invitation:
    """Invite a company to become a partner; who accepts founds it here, or accepts for a company that is here."""
    require(may_invite(actor, company=True))
    invitation = _create(actor, email, company_name=company_name, kind=kind)
    record(actor=actor, verb="partnership.invited", target=invitation, company=company_name)
    return invitation


def _mine(actor: Actor, invitation: Invitation) -> Invitation:
    return Invitation.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=invitation.pk)


@transaction.atomic
def resend_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Send it again with a new link and a new term; the old link is dead."""
    invitation = _mine(actor, invitation)
    require(may_revoke(actor, invitation))
    invitation.renew()
    invitation.save(update_fields=["nonce", "token_sha256", "expires_at"])
    record(actor=actor, verb="invitation.resent", target=invitation)
    return invitation


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Take it back: its link is dead."""
    invitation = _mine(actor, invitation)
    require(may_revoke(actor, invitation))
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])
    record(actor=actor, verb="invitation.revoked", target=invitation)
    return invitation


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link leads to, in whatever state: who holds the link may read what it says."""
    rows = Invitation.objects.with_token(token).select_related("organisation", "invited_by")
    return rows.prefetch_related("roles").first()


def account_exists(email: str) -> bool:
    """True when somebody signs in with this address already. Only for who holds a link sent to it."""
    return User.objects.filter(email__iexact=email).exists() or _address_taken(email)


def refusal(invitation: Invitation, user: User | None) -> str:
    """Why this person (None: nobody is signed in yet) cannot accept the invitation; empty when they can."""
    reasons = {
        "accepted": _("This invitation was used already. It works once."),
        "revoked": _("This invitation was taken back. Ask %(who)s for a new one."),
        "expired": _("This invitation has expired. Ask %(who)s to send it again."),
    }
    if invitation.state in reasons:
        return reasons[invitation.state] % {"who": invitation.invited_by}
    if user is not None and not owns_address(user, invitation.email):
        return _("This invitation is for another address than yours. Sign out, then open the link again.")
    return ""


def owns_address(user: User, email: str) -> bool:
    """True when the person has proved that the address is theirs."""
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


def _take(invitation: Invitation, user: User | None) -> Invitation:
    """The invitation under lock, still good for this person. Raises DomainError."""
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "invited_by")
    invitation = locked.get(pk=invitation.pk)
    if reason := refusal(invitation, user):
        raise DomainError(reason)
    return invitation


def _use(invitation: Invitation, user: User) -> None:
    invitation.accepted_at, invitation.accepted_by = now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])


@transaction.atomic
def create_invited_account(*, invitation: Invitation, name: str, password: str, language: str) -> User:
    """An account for the invited address; holding the link proves the address. The invitation is not yet used."""
    invitation = _take(invitation, None)
    if account_exists(invitation.email):
        raise DomainError(_("There is an account with this address already. Sign in with it."))
    user = User.objects.create_user(invitation.email, password, name=name, language=language)
    EmailAddress.objects.create(user=user, email=invitation.email, verified=True, primary=True)
    return user


def _address_taken(email: str) -> bool:
    return EmailAddress.objects.filter(email__iexact=email, verified=True).exists()


@transaction.atomic
def accept_as_colleague(*, user: User, invitation: Invitation) -> Membership:
    """Join the organisation that invited, with the roles it chose; a closed membership opens again."""
    invitation = _take(invitation, user)
    if invitation.company_name:
        raise DomainError(_("This invitation is for a company."))
    membership, _new = Membership.objects.get_or_create(user=user, organisation=invitation.organisation)
    if not membership.active:
        membership.active = True
        membership.save(update_fields=["active"])
        membership.roles.clear()
    membership.roles.add(*invitation.roles.all())
    _use(invitation, user)
    record(actor=acting(membership, "web"), verb="member.joined", target=membership)
    recheck([membership])
    return membership


@transaction.atomic
def accept_as_company(*, actor: Actor, invitation: Invitation) -> Partnership:
    """Become a partner of the company that invited, for the organisation one acts for.

    Without an agreement to accept the partnership is active at once. Raises DomainError for one's own invitation and
    where the two have an open partnership of that kind.
    """
    user = person_of(actor)
    invitation = _take(invitation, user)
    require(may_manage_partnerships(actor))
    if not invitation.company_name:
        raise DomainError(_("This invitation is for a colleague."))
    vendor: Organisation = invitation.organisation
    partnership = open_partnership(
        vendor=vendor, partner=actor.organisation, kind=invitation.kind, state=Partnership.State.INVITED
    )
    partnership.channel_manager = invitation.invited_by
    partnership.save(update_fields=["channel_manager"])
    _use(invitation, user)
    record(actor=actor, verb="partnership.accepted", target=partnership)
    if partnership.agreement_owed() is None:
        activate(actor, partnership)
    return partnership


@transaction.atomic
def found_and_accept(*, user: User, invitation: Invitation, name: str, country: str) -> Partnership:
    """Found a company for whoever was invited, and accept for it: both or neither."""
    membership = found_organisation(user=user, name=name, country=country)
    return accept_as_company(actor=acting(membership, "web"), invitation=invitation)
