"""The form of a promotion: all of it while it is a draft, a little once partners know it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from deals.forms.pieces import CURRENCIES, DayField
from partners.actors import Actor
from partners.models import Organisation, Partnership, Tier
from promotions.forms.fields import BreaksField, CountriesField, ListField, ProductsField, number
from promotions.models import Promotion

PAYERS = (1, 2)  # the form's rows; the API takes more


class PartnerChoices(forms.ModelMultipleChoiceField):
    """Partnerships by the name of the partner."""

    def label_from_instance(self, edge: Any) -> str:
        """Who it is."""
        return f"{edge.partner} · {edge.tier}" if edge.tier else str(edge.partner)


class LateForm(forms.Form):
    """What may change once partners were told of the rest."""

    sentence = forms.CharField(
        label=_("What partners read"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A sentence or two: what it is for. The terms are written below it by themselves."),
    )
    until = DayField(label=_("Last day"), required=False)
    budget = number(label=_("Budget"), help_text=_("In its currency. Empty: without a limit."))
    max_uses = forms.IntegerField(label=_("Orders at most"), min_value=1, required=False)
    max_uses_each = forms.IntegerField(label=_("Of one partner at most"), min_value=1, required=False)

    def __init__(self, *args: Any, actor: Actor, promotion: Promotion, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.shown(promotion))
        super().__init__(*args, **kwargs)

    def shown(self, promotion: Promotion) -> dict[str, Any]:
        """The promotion as the fields show it."""
        return {name: getattr(promotion, name) for name in LateForm.base_fields}

    def values(self) -> dict[str, Any]:
        """By what `save_promotion` calls it."""
        return dict(self.cleaned_data)


class EntryForm(LateForm):
    """A whole promotion."""

    name = forms.CharField(label=_("Name"), max_length=120)
    start = DayField(label=_("First day"))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    kind = forms.ChoiceField(label=_("What it does"), choices=Promotion.Kind.choices)
    value = number(label=_("How much"), help_text=_("Percent, or an amount for each unit."))
    breaks = BreaksField(label=_("Percentage by quantity"), required=False, help_text=_("One step a line: 10: 5"))
    buy = forms.IntegerField(label=_("For each"), min_value=0, max_value=100_000, required=False)
    get = forms.IntegerField(label=_("On top"), min_value=0, max_value=100_000, required=False)
    reward = ProductsField(label=_("Of another product"), max_length=60, help_text=_("Its SKU. Empty: of the same."))
    products = ProductsField(label=_("Products"), max_length=4000, help_text=_("SKUs with commas."))
    product_lines = ListField(label=_("Product lines"), max_length=1000, help_text=_("Several with commas."))
    tiers: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label=_("Tiers"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    partnerships = PartnerChoices(
        label=_("Partners"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    countries = CountriesField(label=_("Countries"), max_length=800, help_text=_("Two letters each: IT, DE."))
    min_quantity = number(label=_("At least so many units"), decimal_places=3, max_digits=12)
    min_value = number(label=_("For at least"), help_text=_("The sum of its lines, before promotions."))
    needs_deal = forms.BooleanField(label=_("Only with a registered deal"), required=False)
    codes_kind = forms.ChoiceField(label=_("Codes"), choices=Promotion.Codes.choices, widget=forms.RadioSelect)
    code = forms.CharField(label=_("The code"), max_length=40, required=False)
    stacking = forms.ChoiceField(label=_("Beside others"), choices=Promotion.Stacking.choices)
    group = forms.CharField(label=_("Group"), max_length=40, required=False)
    priority = forms.IntegerField(label=_("Priority"), min_value=0, max_value=100, required=False)

    def __init__(self, *args: Any, actor: Actor, promotion: Promotion, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, promotion=promotion, **kwargs)
        for name in ("reward", "products"):
            field: Any = self.fields[name]
            field.actor = actor
        mine = actor.organisation
        offer(self, "tiers", Tier.objects.visible_to(actor).filter(programme__vendor=mine))
        edges = Partnership.objects.visible_to(actor).filter(vendor=mine).unfinished()
        offer(self, "partnerships", edges.select_related("partner", "tier").order_by("partner__name", "pk"))
        others = Organisation.objects.visible_to(actor).exclude(pk=mine.pk).order_by("name", "pk")
        for row in PAYERS:
            self.fields[f"payer_{row}"] = forms.ModelChoiceField(
                label=_("Shared with"), queryset=others, required=False, empty_label=_("nobody")
            )
            self.fields[f"percent_{row}"] = number(
                label=_("Pays of it, %"), max_digits=5, decimal_places=2, max_value=100
            )

    def shown(self, promotion: Promotion) -> dict[str, Any]:
        """The promotion as the fields show it; a new one starts today."""
        columns = {column.name for column in Promotion._meta.fields}
        found = {name: getattr(promotion, name) for name in self.base_fields if name in columns}
        found["countries"] = promotion.countries
        found["start"] = promotion.start or localdate()
        found["min_quantity"], found["min_value"] = promotion.min_quantity or None, promotion.min_value or None
        found |= {"value": promotion.value or None, "buy": promotion.buy or None, "get": promotion.get or None}
        found["reward"] = promotion.reward.sku if promotion.reward else ""
        if promotion.pk is None:
            return found | {"products": [], "tiers": [], "partnerships": []}
        found["products"] = list(promotion.products.values_list("sku", flat=True))
        found["tiers"], found["partnerships"] = promotion.tiers.all(), promotion.partnerships.all()
        code = promotion.codes.filter(single=False).first()
        found["code"] = code.text if code else ""
        for row, share in zip(PAYERS, promotion.shares.all(), strict=False):
            found |= {f"payer_{row}": share.organisation_id, f"percent_{row}": share.percent}
        return found

    def clean(self) -> dict[str, Any]:
        """A payer and its percentage stand together."""
        data = super().clean() or {}
        for row in PAYERS:
            if bool(data.get(f"payer_{row}")) != bool(data.get(f"percent_{row}")):
                self.add_error(f"percent_{row}", _("Who pays, and how many percent?"))
        return data

    def values(self) -> dict[str, Any]:
        """By what `save_promotion` calls it."""
        data = dict(self.cleaned_data)
        shares = [(data.pop(f"payer_{row}"), data.pop(f"percent_{row}")) for row in PAYERS]
        data["shares"] = [(payer, percent) for payer, percent in shares if payer]
        data["territories"] = " ".join(data.pop("countries"))
        data["reward"] = next(iter(data["reward"]), None)
        for name in ("value", "min_quantity", "min_value"):
            data[name] = data[name] or Decimal(0)
        for name in ("buy", "get", "priority"):
            data[name] = data[name] or 0
        return data


def entry_form(data: Any, *, actor: Actor, promotion: Promotion) -> LateForm:
    """The form for a promotion as it stands."""
    kind = EntryForm if promotion.state == Promotion.State.DRAFT else LateForm
    return kind(data, actor=actor, promotion=promotion)
