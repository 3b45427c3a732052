"""Named accounts, the rules by which customers are compared, and the try-out of two companies."""

import csv
import io
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from deals.actions.accounts import FIELDS, WEIGHTS
from deals.forms.pieces import CountryField, DayField, checked_vat
from deals.matching import Company, Rules
from deals.models import NamedAccount

LONGEST = 10_000  # characters of a cell
MOST_BYTES = 4_000_000
LABELS = {
    "known": gettext_lazy("One customer in your records"),
    "tax_id": gettext_lazy("Same VAT number"),
    "lei": gettext_lazy("Same LEI"),
    "duns": gettext_lazy("Same D-U-N-S number"),
    "gln": gettext_lazy("Same GLN"),
    "project_id": gettext_lazy("Same tender or project number"),
    "domain": gettext_lazy("Same web domain"),
    "email": gettext_lazy("Same contact’s e-mail"),
    "name_same": gettext_lazy("Same name at the same place"),
    "name_postcode": gettext_lazy("Like name, same postcode"),
    "name_country": gettext_lazy("Like name, same country"),
    "phone": gettext_lazy("Same telephone"),
    "affiliate": gettext_lazy("Parent or affiliate by name"),
    "name_close": gettext_lazy("A name is like with a postcode from, percent"),
    "name_near": gettext_lazy("A name is like with a country from, percent"),
    "same": gettext_lazy("The same customer from"),
    "possible": gettext_lazy("A possible match from"),
}
LEVELS = ("same", "possible", "name_close", "name_near")


class AccountForm(forms.Form):
    """A company that the vendor keeps to itself, or is at already."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=NamedAccount.Kind.choices)
    country = CountryField(label=gettext_lazy("Country"), initial="IT")
    vat = forms.CharField(label=gettext_lazy("VAT number"), max_length=20, required=False)
    domain = forms.CharField(label=gettext_lazy("Web domain"), max_length=120, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=100, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=12, required=False)
    product_line = forms.CharField(
        label=gettext_lazy("Product line"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Empty: for every product."),
    )
    until = DayField(label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: without an end."))
    reference = forms.CharField(
        label=pgettext_lazy("number in one's own system", "Reference"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("The number in your own system: a list that is imported again changes this row."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """The VAT number is checked by the rule of its country."""
        checked_vat(self, "vat", "country")
        return self.cleaned_data


class AccountsFileForm(forms.Form):
    """A list of named accounts as CSV, with the names of deals.actions.accounts.FIELDS in its first line."""

    file = forms.FileField(label=gettext_lazy("CSV file"))

    def clean_file(self) -> list[dict[str, Any]]:
        """The rows as they are named in the first line."""
        content = self.cleaned_data["file"].read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 4 MB. Cut it in two."))
        try:
            text = content.decode("utf-8-sig").replace("\x00", "")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file has to be a CSV in UTF-8.")) from error
        first = text.split("\n", 1)[0]
        try:
            reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
            rows = [{str(key).strip().lower(): value for key, value in row.items()} for row in reader]
        except csv.Error as error:
            raise forms.ValidationError(_("The file cannot be read as CSV.")) from error
        if any(len(str(value)) > LONGEST for row in rows for value in row.values()):  # a quote that is never closed
            raise forms.ValidationError(_("The file cannot be read as CSV."))
        if not rows or "name" not in rows[0]:
            raise forms.ValidationError(_("The first line has to name the columns; “name” is one of them."))
        return [_row(row) for row in rows]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """The cells that were filled in, as an account takes them."""
    known = {name: str(row[name]).strip() for name in FIELDS if row.get(name)}
    kind = known.get("kind", "").lower().replace(" ", "_")
    return {**known, "kind": kind or NamedAccount.Kind.NAMED, "country": known.get("country", "IT").upper()}


class RulesForm(forms.Form):
    """What each thing in common weighs."""

    def __init__(self, data: Any = None, *, rules: Rules) -> None:
        super().__init__(data, initial=rules.stored())
        for name in WEIGHTS:
            self.fields[name] = forms.IntegerField(label=LABELS[name], min_value=0, max_value=100)

    def weights(self) -> list[forms.BoundField]:
        """What speaks for one customer."""
        return [self[name] for name in WEIGHTS if name not in LEVELS]

    def levels(self) -> list[forms.BoundField]:
        """Where the verdicts begin."""
        return [self[name] for name in LEVELS]


class CompanyForm(forms.Form):
    """One company of the try-out, as a salesperson would write it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    country = CountryField(label=gettext_lazy("Country"), initial="IT", required=False)
    vat = forms.CharField(label=gettext_lazy("VAT number"), max_length=20, required=False)
    domain = forms.CharField(label=gettext_lazy("Web domain or e-mail"), max_length=120, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=100, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=12, required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)

    def company(self) -> Company:
        """In normal form; what cannot be right counts as unknown."""
        return Company.of(**self.cleaned_data) if self.is_valid() else Company()
