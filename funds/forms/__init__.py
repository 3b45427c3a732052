"""What people type: funds, requests and their decisions, claims and how they are settled."""

from funds.forms.claims import ClaimForm, DecideForm, ProofForm, SettleForm, TakeBackForm
from funds.forms.dialogs import DialogForm, ReasonForm
from funds.forms.funds import AllocateForm, FundForm
from funds.forms.requests import LinesFormSet, RequestForm, ReviewForm

__all__ = [
    "AllocateForm",
    "ClaimForm",
    "DecideForm",
    "DialogForm",
    "FundForm",
    "LinesFormSet",
    "ProofForm",
    "ReasonForm",
    "RequestForm",
    "ReviewForm",
    "SettleForm",
    "TakeBackForm",
]
