"""Everything that changes a deal."""

from deals.actions.closing import expire_deal, lose_deal, remind_of_end, set_stage, win_by_hand, win_deal, withdraw_deal
from deals.actions.customers import delete_customer, save_customer
from deals.actions.drafting import LineInput, add_evidence, delete_draft, remove_evidence, save_draft
from deals.actions.petitions import ask, drop, grant, refuse
from deals.actions.reviewing import (
    AlreadyProtected,
    approve_deal,
    deem_approved,
    reject_deal,
    release_deal,
    return_deal,
    take_deal,
)
from deals.actions.submitting import OwnDuplicate, resubmit_deal, submit_deal
from deals.actions.terms import set_terms

__all__ = [
    "AlreadyProtected",
    "LineInput",
    "OwnDuplicate",
    "add_evidence",
    "approve_deal",
    "ask",
    "deem_approved",
    "delete_customer",
    "delete_draft",
    "drop",
    "expire_deal",
    "grant",
    "lose_deal",
    "refuse",
    "reject_deal",
    "release_deal",
    "remind_of_end",
    "remove_evidence",
    "resubmit_deal",
    "return_deal",
    "save_customer",
    "save_draft",
    "set_stage",
    "set_terms",
    "submit_deal",
    "take_deal",
    "win_by_hand",
    "win_deal",
    "withdraw_deal",
]
