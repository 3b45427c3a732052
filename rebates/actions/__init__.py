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
from rebates.actions.settling import close_statement, settle_statement

__all__ = [
    "FIELDS",
    "accept_agreement",
    "accrue_lines",
    "close_statement",
    "decline_agreement",
    "end_agreement",
    "propose_agreement",
    "save_agreement",
    "settle_statement",
    "withdraw_agreement",
]
