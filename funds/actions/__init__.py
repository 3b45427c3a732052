"""Everything that changes funds, requests and claims."""

from funds.actions.asking import LineInput, change_request, delete_request, draft_request, submit_request
from funds.actions.claiming import add_proof, change_claim, delete_claim, draft_claim, remove_proof, submit_claim
from funds.actions.funds import allocate_to_fund, change_fund, expire_fund, open_fund
from funds.actions.reviewing import (
    LineDecision,
    hand_back_request,
    reject_request,
    release_request,
    review_request,
    take_request,
)
from funds.actions.running import cancel_request, follow_clock
from funds.actions.settling import claw_back, decide_claim, return_claim, settle_claim, take_claim

__all__ = [
    "LineDecision",
    "LineInput",
    "add_proof",
    "allocate_to_fund",
    "cancel_request",
    "change_claim",
    "change_fund",
    "change_request",
    "claw_back",
    "decide_claim",
    "delete_claim",
    "delete_request",
    "draft_claim",
    "draft_request",
    "expire_fund",
    "follow_clock",
    "hand_back_request",
    "open_fund",
    "reject_request",
    "release_request",
    "remove_proof",
    "return_claim",
    "review_request",
    "settle_claim",
    "submit_claim",
    "submit_request",
    "take_claim",
    "take_request",
]
