"""What changes people, roles, machines and partnerships: each a function, in a transaction, with its trail entry."""

from partners.actions.agreements import accept_agreement, publish_agreement
from partners.actions.invitations import (
    accept_as_colleague,
    accept_as_company,
    account_exists,
    create_invited_account,
    found_and_accept,
    invitation_of,
    invite_colleague,
    invite_company,
    refusal,
    resend_invitation,
    revoke_invitation,
)
from partners.actions.logos import remove_logo, set_logo
from partners.actions.members import change_roles, close_membership, reopen_membership
from partners.actions.organisations import change_sign_in_policy, found_organisation, update_organisation
from partners.actions.partnerships import (
    apply_for_partnership,
    change_programme,
    change_terms,
    check_off,
    move_partnership,
    programme_of,
)
from partners.actions.roles import create_role, delete_role, rename_role, set_capability
from partners.actions.services import (
    create_key,
    create_service_account,
    revoke_key,
    set_service_account_active,
    update_service_account,
)

__all__ = [
    "accept_agreement",
    "accept_as_colleague",
    "accept_as_company",
    "account_exists",
    "apply_for_partnership",
    "change_programme",
    "change_roles",
    "change_sign_in_policy",
    "change_terms",
    "check_off",
    "close_membership",
    "create_invited_account",
    "create_key",
    "create_role",
    "create_service_account",
    "delete_role",
    "found_and_accept",
    "found_organisation",
    "invitation_of",
    "invite_colleague",
    "invite_company",
    "move_partnership",
    "programme_of",
    "publish_agreement",
    "refusal",
    "remove_logo",
    "rename_role",
    "reopen_membership",
    "resend_invitation",
    "revoke_invitation",
    "revoke_key",
    "set_capability",
    "set_logo",
    "set_service_account_active",
    "update_organisation",
    "update_service_account",
]
