"""What the forms of every app need."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

# What a number out of bounds is told, in the words of the portal.
AT_LEAST = _("Write %(limit_value)s or more.")
AT_MOST = _("Write %(limit_value)s or less.")


def offer(form: forms.BaseForm, name: str, rows: QuerySet) -> None:
    """Let a field choose among these rows, which the actor may see, and no others."""
    cast(forms.ModelChoiceField, form.fields[name]).queryset = rows


def at_its_field(form: forms.BaseForm, error: DomainError) -> None:
    """Show what an action refused at the field that it names, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


def first_error(form: forms.BaseForm) -> str:
    """The first thing that is wrong with a form, for a page that shows one sentence."""
    return str(next(iter(form.errors.values()))[0])


def tried(form: forms.BaseForm, run: Callable[[dict[str, Any]], Any]) -> bool:
    """Run an action with what a sound form says; True when it was done, else the form says why not."""
    if not form.is_valid():
        return False
    try:
        run(form.cleaned_data)
    except DomainError as error:
        at_its_field(form, error)
    return not form.errors
