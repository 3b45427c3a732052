"""Forms that open in a dialog on a record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DialogForm(forms.Form):
    """A form that knows the record it is about, and what to begin with."""

    def __init__(self, *args: Any, about: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": self.begin(about)})

    def begin(self, about: Any) -> dict[str, Any]:
        """What stands in the fields when the dialog opens."""
        return {}


class ReasonForm(DialogForm):
    """Why."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other company reads it."),
    )
