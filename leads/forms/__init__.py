"""Forms of leads."""

from leads.forms.answers import CloseForm, DeclineForm, OfferForm, RecallForm, RegisterForm, TouchForm, vendors_of
from leads.forms.entry import EntryForm

__all__ = [
    "CloseForm",
    "DeclineForm",
    "EntryForm",
    "OfferForm",
    "RecallForm",
    "RegisterForm",
    "TouchForm",
    "vendors_of",
]
