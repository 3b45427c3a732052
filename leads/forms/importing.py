"""The file of an import, and what its columns are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import imports
from deals.forms.pieces import CountryField
from leads.models import LeadImport
from leads.tables import FIELDS


class UploadForm(imports.UploadForm):
    """A table of leads."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV from any spreadsheet, to 10 MB; with a heading, and a line for each lead."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )


LABELS = {
    "company": _("Company"),
    "contact": _("Contact"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "website": _("Web site"),
    "country": _("Country"),
    "region": _("Region"),
    "city": _("City"),
    "need": _("Need"),
    "message": _("More"),
    "product_line": _("Product line"),
    "size": _("Size of the company"),
    "value": _("Value"),
    "score": _("Score"),
}


class MappingForm(imports.ColumnsForm):
    """The meaning of each column (`column-0`, `column-1`, …), and what holds for every line."""

    country = CountryField(label=_("Country where none is given"))
    campaign = forms.CharField(label=_("Campaign"), max_length=120, required=False)
    consent_source = forms.CharField(
        label=_("Consent"), max_length=120, required=False, help_text=_("Where these people agreed to be contacted.")
    )
    route = forms.BooleanField(label=_("Let the rules find partners at once"), required=False)

    LABELS = {name: LABELS[name] for name in FIELDS}
    WHOLE = ("country", "campaign", "consent_source", "route")

    def __init__(self, *args: Any, row: LeadImport, heading: tuple[str, ...], **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(row, name) for name in self.WHOLE}
        super().__init__(*args, mapping=row.mapping, heading=heading, **kwargs)
