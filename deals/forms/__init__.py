"""What people type about deals."""

from deals.forms.customers import CustomerForm
from deals.forms.decisions import LoseForm, RejectForm, ReturnForm
from deals.forms.registration import LINES_PREFIX, DealForm, LineFormSet, lines_for

__all__ = [
    "LINES_PREFIX",
    "CustomerForm",
    "DealForm",
    "LineFormSet",
    "LoseForm",
    "RejectForm",
    "ReturnForm",
    "lines_for",
]
