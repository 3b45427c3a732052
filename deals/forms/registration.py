"""The registration: one short form, at most nine mandatory fields."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MinValueValidator
from django.urls import reverse_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from deals import identity
from deals.actions import LineInput
from deals.actions.drafting import MAX_LINES
from deals.asked import EVIDENCE, OWN
from deals.fields import MUST_BE_FILLED, RETURNABLE, columns_of
from deals.forms.own import FilesField, fields_of, initial_of
from deals.forms.pieces import (
    CURRENCIES,
    CountryField,
    DayField,
    NumberField,
    add_particulars,
    check_particulars,
    checked_vat,
)
from deals.models import Deal, DealLine, EndCustomer, Evidence, RegistrationType, Stage
from deals.models.stages import MAX_AMOUNT
from deals.particulars import PARTICULARS, PROJECT
from partners.actors import Actor
from partners.models import Partnership

LINES_PREFIX = "lines"
APART = frozenset({"partnership", "type", "terms", "evidence"})
PREFIXES = (OWN, EVIDENCE)
Product: Any = DealLine._meta.get_field("product").related_model


class PartnershipField(forms.ModelChoiceField):
    """A partnership, shown as the company at its other end."""

    as_vendor = False

    def label_from_instance(self, obj: Partnership) -> str:
        """The vendor's name, or for the vendor the partner's."""
        return str(obj.partner if self.as_vendor else obj.vendor)


class DealForm(forms.Form):
    """A registration of the type `type_`, which says what is asked for on top of the common form; `types` are those
    that may be chosen. `only` keeps the fields of those parts that a reviewer asked for. `as_vendor` is the form in
    which a vendor prepares a draft for a partner."""

    partnership = PartnershipField(label=_("Vendor"), queryset=None, empty_label=None)
    type = forms.ChoiceField(label=_("Type of registration"), required=False)
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
    project_number = forms.CharField(
        label=PROJECT.label, max_length=PROJECT.length, required=False, help_text=PROJECT.help
    )
    amount = NumberField(label=_("Value"), max_digits=14, decimal_places=2, max_value=MAX_AMOUNT, min_value=Decimal(0))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], required=False)
    decision_date = DayField(label=_("Decision expected"))
    tender_published_on = DayField(label=_("Tender published"))
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
        self,
        *args: Any,
        actor: Actor,
        type_: RegistrationType,
        types: Sequence[RegistrationType] = (),
        deal: Deal | None = None,
        only: Collection[str] = (),
        as_vendor: bool = False,
        **kwargs: Any,
    ) -> None:
        stored = {**values_of(deal), **initial_of(type_, deal.values)} if deal else {}
        kwargs["initial"] = {**stored, "type": type_.pk, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.deal, self.type_ = deal, type_
        self.type_choices = [(row.pk, row.name) for row in types]
        self.fields["type"].choices = self.type_choices or [(type_.pk, type_.name)]  # type: ignore[attr-defined]
        self.fields["type"].required = len(self.type_choices) > 1
        # One is chosen already: it is nothing that has to be filled in.
        self.fields["type"].widget.use_required_attribute = lambda _initial: False
        self._choose_company(actor, as_vendor)
        offer(self, "customer", EndCustomer.objects.visible_to(actor))
        add_particulars(self, "customer_")
        self._ask_for(type_)
        if as_vendor:
            del self.fields["terms"]
            self.fields["customer_name"].widget.attrs.pop("data-options-url")
            self.fields["customer_name"].help_text = ""
        if only:
            self._keep_only(only)

    def _choose_company(self, actor: Actor, as_vendor: bool) -> None:
        edges = Partnership.objects.visible_to(actor).active()
        mine = edges.filter(vendor=actor.organisation) if as_vendor else edges.filter(partner=actor.organisation)
        cast("PartnershipField", self.fields["partnership"]).as_vendor = as_vendor
        rows = mine.select_related("vendor", "partner")
        offer(self, "partnership", rows.order_by("partner__name" if as_vendor else "vendor__name", "pk"))
        if as_vendor:
            self.fields["partnership"].label = _("Partner")

    def _ask_for(self, type_: RegistrationType) -> None:
        """Add what the type asks for, and mark what it asks for of the common form."""
        self.fields.update(fields_of(type_))
        for name in type_.required:
            self.fields[name].required = True
        if not type_.tender:
            del self.fields["tender_published_on"]

    @property
    def own(self) -> list[forms.BoundField]:
        """The type's own fields."""
        return [self[name] for name in self.fields if name.startswith(OWN)]

    @property
    def kinds(self) -> list[tuple[forms.BoundField, dict[str, Any], list[Evidence]]]:
        """The kinds of evidence asked for, with the files that there are of each."""
        found = ((EVIDENCE + kind["key"], kind) for kind in self.type_.evidence_kinds)
        return [(self[name], kind, self._files(kind["key"])) for name, kind in found if name in self.fields]

    @property
    def other_files(self) -> list[Evidence]:
        """The files of no kind that this type asks for."""
        asked = {kind["key"] for kind in self.type_.evidence_kinds}
        return [file for file in self._files() if file.kind not in asked]

    def _files(self, kind: str | None = None) -> list[Evidence]:
        files = self.deal.evidence.all() if self.deal else ()
        return [file for file in files if kind is None or file.kind == kind]

    def _keep_only(self, parts: Collection[str]) -> None:
        kept = {column for part in parts for column in columns_of(part)}
        kept |= {name for name in parts if name.startswith((OWN, EVIDENCE))} | ({"evidence"} & set(parts))
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        for name in self.fields:
            if name in MUST_BE_FILLED & set(parts) or name.startswith(OWN):
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
        """Numbers are checked by their own rules, the VAT number by that of its country."""
        if "customer_country" not in self.fields and self.deal:
            self.cleaned_data.setdefault("customer_country", self.deal.customer_country)
        checked_vat(self, "customer_vat", "customer_country")
        country = self.cleaned_data.get("customer_country") or (self.deal.customer_country if self.deal else "IT")
        check_particulars(self, country, "customer_")
        return self.cleaned_data

    def particulars(self) -> list[forms.BoundField]:
        """Further numbers and addresses of the customer, as far as the form has them."""
        return [self[f"customer_{name}"] for name in PARTICULARS if f"customer_{name}" in self.fields]

    def particulars_open(self) -> bool:
        """True when something of what the page folds away was written, is wrong, or was asked for."""
        names = ("customer_vat", "customer_domain", "customer_city", "customer_postcode", "project_number")
        folded = [self[name] for name in names if name in self.fields] + self.particulars()
        return any(bound.errors or bound.value() or bound.field.required for bound in folded)

    def values(self) -> dict[str, Any]:
        """What was typed and is sound, by column of the deal."""
        said = {name: value for name, value in self.cleaned_data.items() if name in self.fields}
        found = {name: value for name, value in said.items() if name not in APART and not name.startswith(PREFIXES)}
        own = {name.removeprefix(OWN): value for name, value in said.items() if name.startswith(OWN)}
        return {**found, "values": {key: None if value == "" else value for key, value in own.items()}}

    def uploads(self) -> list[tuple[str, UploadedFile]]:
        """The files that were sent, each with the kind of evidence that it is."""
        kinds = {name: name.removeprefix(EVIDENCE) for name in self.fields if name.startswith(EVIDENCE)}
        kinds["evidence"] = ""
        return [(kind, file) for name, kind in kinds.items() for file in self.cleaned_data.get(name) or []]


def values_of(deal: Deal) -> dict[str, Any]:
    """A deal as the form's initial values."""
    columns = {column for part in RETURNABLE for column in columns_of(part)}
    columns |= {"currency", "partnership", "tender_published_on"}
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
                "data-options-with": "partnership side",
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
        offer(self, "product", products)
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


LineFormSet: Any = forms.formset_factory(
    LineForm, formset=BaseLines, max_num=MAX_LINES, absolute_max=MAX_LINES + 1, validate_max=True, extra=1
)


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
