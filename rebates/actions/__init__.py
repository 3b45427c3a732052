"""Everything that changes an agreement, a statement or what accrued."""

from rebates.actions.accruing import accrue_lines
from rebates.actions.agreeing import (
    FIELDS,
    accept_agreement,
    decline_agreement,
    end_agreement,
    propose_agreement,
    save_agreement,
    withdraw_agreement,
)
from rebates.actions.clearing import dismiss_credit, match_credit, reopen_credit
from rebates.actions.matching import match_credits
from rebates.actions.promising import follow_promotions
from rebates.actions.settling import (
    answer_dispute,
    close_statement,
    confirm_statement,
    dispute_statement,
    settle_statement,
)

__all__ = [
    "FIELDS",
    "accept_agreement",
    "accrue_lines",
    "answer_dispute",
    "close_statement",
    "confirm_statement",
    "decline_agreement",
    "dismiss_credit",
    "dispute_statement",
    "end_agreement",
    "follow_promotions",
    "match_credit",
    "match_credits",
    "propose_agreement",
    "reopen_credit",
    "save_agreement",
    "settle_statement",
    "withdraw_agreement",
]
