"""People, organisations and what ties them: memberships, roles, partnerships, agreements, service accounts."""

from partners.models.accounts import COUNTRY, CURRENCY, Organisation, OrganisationQuerySet, User, UserManager
from partners.models.invitations import Invitation
from partners.models.logos import Logo
from partners.models.members import Membership, Role
from partners.models.network import Agreement, AgreementAcceptance, Partnership, PartnershipQuerySet, Programme, Tier
from partners.models.services import ServiceAccount, ServiceKey

__all__ = [
    "COUNTRY",
    "CURRENCY",
    "Agreement",
    "AgreementAcceptance",
    "Invitation",
    "Logo",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "Partnership",
    "PartnershipQuerySet",
    "Programme",
    "Role",
    "ServiceAccount",
    "ServiceKey",
    "Tier",
    "User",
    "UserManager",
]
