"""What people type about deals."""

from deals.forms.approvals import AbsenceForm, AgreeForm, HandBackForm, LimitForm, PolicyForm, RefuseStepForm
from deals.forms.calendars import CalendarForm
from deals.forms.customers import CustomerForm
from deals.forms.decisions import AnswerForm, AskForm, LoseForm, RejectForm, ReturnForm, WinForm
from deals.forms.registration import LINES_PREFIX, DealForm, LineFormSet, lines_for
from deals.forms.terms import AsksForm, EvidenceKinds, OwnFields, TypeForm, rows_for

__all__ = [
    "LINES_PREFIX",
    "AbsenceForm",
    "AgreeForm",
    "AnswerForm",
    "AskForm",
    "AsksForm",
    "CalendarForm",
    "CustomerForm",
    "DealForm",
    "EvidenceKinds",
    "HandBackForm",
    "LimitForm",
    "LineFormSet",
    "LoseForm",
    "OwnFields",
    "PolicyForm",
    "RefuseStepForm",
    "RejectForm",
    "ReturnForm",
    "TypeForm",
    "WinForm",
    "lines_for",
    "rows_for",
]
