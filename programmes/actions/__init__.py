"""Everything that changes a programme, a standing or a certification."""

from programmes.actions.certifying import judge_certification, report_certification, withdraw_certification
from programmes.actions.reckoning import fix_tier, free_tier, reckon
from programmes.actions.ruling import save_scheme, save_tier

__all__ = [
    "fix_tier",
    "free_tier",
    "judge_certification",
    "reckon",
    "report_certification",
    "save_scheme",
    "save_tier",
    "withdraw_certification",
]
