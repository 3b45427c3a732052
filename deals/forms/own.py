"""Form fields for what a type of registration asks for on top of the common form."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from deals.asked import EVIDENCE, MAX_NUMBER, MAX_TEXT, OWN, Asks
from deals.forms.pieces import DayField, NumberField


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files, perhaps empty."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each file is looked at by the action that stores it."""
        return [super(FilesField, self).clean(each, initial) for each in data] if data else []


def _text(common: dict[str, Any], _field: Mapping[str, Any]) -> forms.Field:
    return forms.CharField(max_length=MAX_TEXT, **common)


def _number(common: dict[str, Any], _field: Mapping[str, Any]) -> forms.Field:
    return NumberField(max_digits=16, decimal_places=4, min_value=-MAX_NUMBER, max_value=MAX_NUMBER, **common)


def _date(common: dict[str, Any], _field: Mapping[str, Any]) -> forms.Field:
    return DayField(**common)


def _choice(common: dict[str, Any], field: Mapping[str, Any]) -> forms.Field:
    choices = [("", _("Choose…")), *((text, text) for text in field["choices"])]
    return forms.ChoiceField(choices=choices, **common)


def _yes_no(common: dict[str, Any], _field: Mapping[str, Any]) -> forms.Field:
    choices = [("", _("Choose…")), ("yes", _("Yes")), ("no", _("No"))]
    return forms.TypedChoiceField(choices=choices, coerce=lambda text: text == "yes", empty_value=None, **common)


MADE = {"text": _text, "number": _number, "date": _date, "choice": _choice, "yes_no": _yes_no}


def fields_of(asks: Asks) -> dict[str, forms.Field]:
    """The form fields of a type, by name: its own fields, then its kinds of evidence."""
    found = {
        OWN + field["key"]: MADE[field["kind"]](
            {"label": field["label"], "help_text": field["help"], "required": field["required"]}, field
        )
        for field in asks.own_fields
    }
    return found | {EVIDENCE + kind["key"]: _evidence(kind) for kind in asks.evidence_kinds}


def _evidence(kind: Mapping[str, Any]) -> FilesField:
    # Marked as asked for, but never missed by the field: what was uploaded before counts, which the action knows.
    return FilesField(label=kind["label"], help_text=kind["help"])


def initial_of(asks: Asks, values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values as the form shows them, by the name of the form field."""
    return {OWN + field["key"]: _shown(field["kind"], values.get(field["key"])) for field in asks.own_fields}


def _shown(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "yes_no":
        return "yes" if value else "no"
    return Decimal(str(value)) if kind == "number" else value
