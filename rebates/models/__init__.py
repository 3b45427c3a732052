"""Agreements on rebates, the statements of their periods, and what accrued on which invoice line."""

from rebates.models.agreements import RebateAgreement
from rebates.models.credits import CreditedLine, CreditPart
from rebates.models.statements import Accrual, Statement

__all__ = ["Accrual", "CreditPart", "CreditedLine", "RebateAgreement", "Statement"]
