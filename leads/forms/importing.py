"""The file of an import, and what its columns are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.forms.pieces import CountryField
from leads.models import LeadImport
from leads.tables import FIELDS, MAX_SIZE


class UploadForm(forms.Form):
    """A table of leads."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV from any spreadsheet, to 10 MB; with a heading, and a line for each lead."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_SIZE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Nothing was stored."))
        return upload


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


class MappingForm(forms.Form):
    """The meaning of each column (`column-0`, `column-1`, …), and what holds for every line."""

    country = CountryField(label=_("Country where none is given"))
    campaign = forms.CharField(label=_("Campaign"), max_length=120, required=False)
    consent_source = forms.CharField(
        label=_("Consent"), max_length=120, required=False, help_text=_("Where these people agreed to be contacted.")
    )
    route = forms.BooleanField(label=_("Let the rules find partners at once"), required=False)

    def __init__(self, *args: Any, row: LeadImport, heading: tuple[str, ...], **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(row, name) for name in ("country", "campaign", "consent_source", "route")}
        super().__init__(*args, **kwargs)
        meaning = {at: field for field, at in row.mapping.items()}
        choices = [("", _("leave out")), *((name, LABELS[name]) for name in FIELDS)]
        for at, name in enumerate(heading):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=name or _("no name"), choices=choices, required=False, initial=meaning.get(at, "")
            )
        self.heading = heading

    def clean(self) -> dict[str, Any]:
        """Nothing is taken from two columns."""
        chosen = [self.cleaned_data.get(f"column-{at}") for at in range(len(self.heading))]
        twice = {LABELS[name] for name in chosen if name and chosen.count(name) > 1}
        if twice:
            raise forms.ValidationError(
                _("Two columns are taken for the same: %(names)s."), params={"names": ", ".join(map(str, twice))}
            )
        return self.cleaned_data

    def mapping(self) -> dict[str, int]:
        """The column of each field, from 0."""
        return {name: at for at in range(len(self.heading)) if (name := self.cleaned_data[f"column-{at}"])}

    def options(self) -> dict[str, Any]:
        """What holds for every line."""
        return {name: self.cleaned_data[name] for name in ("country", "campaign", "consent_source", "route")}
