"""The registration: one short form, at most nine mandatory fields."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MinValueValidator
from django.urls import reverse_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from deals import identity
from deals.actions import LineInput
from deals.actions.drafting import MAX_LINES
from deals.fields import MUST_BE_FILLED, RETURNABLE, columns_of
from deals.forms.pieces import CURRENCIES, CountryField, DayField, NumberField, checked_vat, choose_from
from deals.models import Deal, DealLine, EndCustomer, Stage
from deals.models.deals import MAX_AMOUNT
from partners.actors import Actor
from partners.models import Partnership

LINES_PREFIX = "lines"
Product: Any = DealLine._meta.get_field("product").related_model


class PartnershipField(forms.ModelChoiceField):
    """A partnership, shown as the vendor."""

    def label_from_instance(self, obj: Partnership) -> str:
        """The vendor's name."""
        return str(obj.vendor)


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files, perhaps empty."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each file is looked at by the action that stores it."""
        return [super(FilesField, self).clean(each, initial) for each in data] if data else []


class DealForm(forms.Form):
    """A registration. `only` keeps the fields of those parts that a reviewer asked for."""

    partnership = PartnershipField(label=_("Vendor"), queryset=None, empty_label=None)
    customer: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    customer_name = forms.CharField(
        label=_("End customer"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"data-options-url": reverse_lazy("deals:customer_options"), "data-value-in": "customer"}
        ),
        help_text=_("Choose one of yours, or write a new name."),
    )
    customer_country = CountryField(label=_("Country"), initial="IT")
    customer_vat = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    customer_city = forms.CharField(label=_("City"), max_length=100, required=False)
    customer_postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    customer_domain = forms.CharField(label=_("Web domain"), max_length=120, required=False)
    title = forms.CharField(label=_("Project"), max_length=200)
    amount = NumberField(label=_("Value"), max_digits=14, decimal_places=2, max_value=MAX_AMOUNT, min_value=Decimal(0))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], required=False)
    decision_date = DayField(label=_("Decision expected"))
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices, required=False)
    competitor = forms.CharField(label=_("Competitor"), max_length=120, required=False)
    requested_benefit = forms.CharField(
        label=_("Benefit asked"), max_length=200, required=False, help_text=_("Such as a special price, −7 %.")
    )
    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = FilesField(
        label=_("Evidence"), required=False, help_text=_("Site survey, tender, e-mail: PDF, image or Office, to 10 MB.")
    )
    terms = forms.BooleanField(
        label=_("The customer knows of our offer, and what is written here is true."),
        error_messages={"required": _("Accept the terms of registration first.")},
    )

    def __init__(
        self, *args: Any, actor: Actor, deal: Deal | None = None, only: Collection[str] = (), **kwargs: Any
    ) -> None:
        kwargs["initial"] = {**(values_of(deal) if deal else {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        mine = Partnership.objects.visible_to(actor).active().filter(partner=actor.organisation)
        choose_from(self, "partnership", mine.select_related("vendor").order_by("vendor__name", "pk"))
        choose_from(self, "customer", EndCustomer.objects.visible_to(actor))
        self.deal = deal
        if only:
            self._keep_only(only)

    def _keep_only(self, parts: Collection[str]) -> None:
        kept = {column for part in parts for column in columns_of(part)}
        kept |= {"evidence"} & set(parts)
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        for name in MUST_BE_FILLED & set(parts):
            self.fields[name].required = True

    def clean_customer_domain(self) -> str:
        """Addresses become the bare domain."""
        return identity.domain_of(self.cleaned_data["customer_domain"])

    def clean_stage(self) -> str:
        """Left out, it is as it was."""
        return self.cleaned_data["stage"] or (self.deal.stage if self.deal else Stage.QUALIFIED)

    def clean_currency(self) -> str:
        """Left out, it is the vendor's."""
        return self.cleaned_data["currency"] or (self.deal.currency if self.deal else "EUR")

    def clean_decision_date(self) -> date:
        """A decision lies ahead."""
        day: date = self.cleaned_data["decision_date"]
        if day < localdate():
            raise forms.ValidationError(_("That day is past. Write the day on which the decision is expected."))
        return day

    def clean(self) -> dict[str, Any]:
        """The VAT number is checked by the rule of its country."""
        if "customer_country" not in self.fields and self.deal:
            self.cleaned_data.setdefault("customer_country", self.deal.customer_country)
        checked_vat(self, "customer_vat", "customer_country")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """What was typed and is sound, by column of the deal."""
        skipped = {"partnership", "terms", "evidence"}
        return {name: value for name, value in self.cleaned_data.items() if name not in skipped and name in self.fields}


def values_of(deal: Deal) -> dict[str, Any]:
    """A deal as the form's initial values."""
    columns = {column for part in RETURNABLE for column in columns_of(part)} | {"currency", "partnership"}
    values = {name: getattr(deal, name) for name in columns}
    return {**values, "amount": deal.amount or None}


class LineForm(forms.Form):
    """One product of a registration."""

    product: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    product_text = forms.CharField(
        label=_("Product"),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "size": 60,
                "data-options-url": reverse_lazy("deals:product_options"),
                "data-value-in": "product",
            }
        ),
    )
    quantity = NumberField(
        label=_("Quantity"),
        max_digits=12,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001"))],
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "class": "form-control num", "size": 8, "data-qty": True}
        ),
    )
    asked_price = NumberField(
        label=_("Price asked"),
        max_digits=15,
        decimal_places=4,
        min_value=Decimal(0),
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "class": "form-control num", "size": 12, "data-price": True}
        ),
    )

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "product", products)
        for name, label in (("product_text", _("Product")), ("quantity", _("Quantity")), ("asked_price", _("Price"))):
            self.fields[name].widget.attrs["aria-label"] = label


class BaseLines(forms.BaseFormSet):
    """The lines. All count as new, so that a line which the page emptied is simply left out."""

    def initial_form_count(self) -> int:
        """None is stored under its own key."""
        return 0

    def lines(self) -> list[LineInput]:
        """The lines that were filled in and are sound."""
        filled = (form.cleaned_data for form in self.forms if form.is_valid() and form.has_changed())
        return [LineInput(**values) for values in filled]


LineFormSet: Any = forms.formset_factory(LineForm, formset=BaseLines, max_num=MAX_LINES, validate_max=True, extra=1)


def lines_for(
    actor: Actor, vendor_id: int | None, data: Mapping[str, Any] | None = None, deal: Deal | None = None
) -> BaseLines:
    """The formset of lines over the products of one vendor that the actor may see."""
    products = Product.objects.visible_to(actor).filter(vendor=vendor_id)
    initial: Sequence[dict[str, Any]] = []
    if deal is not None and data is None:
        names = ("product", "product_text", "quantity", "asked_price")
        initial = [{name: getattr(line, name) for name in names} for line in deal.lines.select_related("product")]
    formset: BaseLines = LineFormSet(data, prefix=LINES_PREFIX, initial=initial, form_kwargs={"products": products})
    formset.extra = max(len(initial), 1)
    return formset
