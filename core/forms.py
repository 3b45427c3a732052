"""What the forms of every app need."""

from typing import cast

from django import forms
from django.db.models import QuerySet


def offer(form: forms.BaseForm, name: str, rows: QuerySet) -> None:
    """Let a field choose among these rows, which the actor may see, and no others."""
    cast(forms.ModelChoiceField, form.fields[name]).queryset = rows
