"""What people type about deals."""

from deals.forms.customers import CustomerForm
from deals.forms.decisions import AnswerForm, AskForm, LoseForm, RejectForm, ReturnForm, WinForm
from deals.forms.registration import LINES_PREFIX, DealForm, LineFormSet, lines_for
from deals.forms.terms import TermsForm

__all__ = [
    "LINES_PREFIX",
    "AnswerForm",
    "AskForm",
    "CustomerForm",
    "DealForm",
    "LineFormSet",
    "LoseForm",
    "RejectForm",
    "ReturnForm",
    "TermsForm",
    "WinForm",
    "lines_for",
]
