"""Forms of promotions."""

from promotions.forms.codes import CodesForm
from promotions.forms.entry import EntryForm, LateForm, entry_form

__all__ = ["CodesForm", "EntryForm", "LateForm", "entry_form"]
