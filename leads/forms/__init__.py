"""Forms of leads."""

from leads.forms.answers import CloseForm, DeclineForm, OfferForm, RecallForm, TouchForm
from leads.forms.entry import EntryForm

__all__ = ["CloseForm", "DeclineForm", "EntryForm", "OfferForm", "RecallForm", "TouchForm"]
