"""A rule of routing, and what one partner takes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.forms.pieces import NumberField, countries
from deals.models.stages import MAX_AMOUNT
from leads.forms.answers import PartnerChoices
from leads.models import Intake, Lead, RoutingRule, Size
from partners.actors import Actor
from partners.models import Partnership


class NamesField(forms.CharField):
    """Names with commas between them, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A list as people write it."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Each name once, in the order written; 30 at most."""
        text = super().clean(value)
        names = [" ".join(part.split())[:80] for part in text.replace(";", ",").replace("\n", ",").split(",")]
        return list(dict.fromkeys(name for name in names if name))[:30]


class RuleForm(forms.Form):
    """One rule: for which leads it holds, who fits, how one is chosen, how long each step may take."""

    name = forms.CharField(label=_("Name"), max_length=80)
    active = forms.BooleanField(label=_("In force"), required=False)
    countries = forms.MultipleChoiceField(label=_("Country"), choices=countries, required=False)
    regions = NamesField(label=_("Region"), help_text=_("Several with commas. Empty: any."))
    product_lines = NamesField(label=_("Product line"), help_text=_("Several with commas. Empty: any."))
    sizes = forms.MultipleChoiceField(
        label=_("Size of the company"),
        choices=[choice for choice in Size.choices if choice[0]],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sources = forms.MultipleChoiceField(
        label=_("Source"), choices=Lead.Source.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    min_value = NumberField(
        label=_("Value at least"), max_digits=14, decimal_places=2, max_value=MAX_AMOUNT, min_value=0, required=False
    )
    way = forms.ChoiceField(label=_("Offer it to"), choices=RoutingRule.Way.choices, widget=forms.RadioSelect)
    partners = PartnerChoices(
        label=_("Only these partners"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all. Where they are asked in order, it is the one shown here."),
    )
    in_territory = forms.BooleanField(label=_("Only partners whose territory it is"), required=False)
    min_rank = forms.IntegerField(label=_("From this tier up"), min_value=0, max_value=99, required=False)
    certificate = forms.CharField(label=_("Certificate asked for"), max_length=80, required=False)
    offer_hours = forms.IntegerField(label=_("Hours to answer"), min_value=1, max_value=500)
    touch_hours = forms.IntegerField(label=_("Hours to the first contact"), min_value=1, max_value=500)
    idle_days = forms.IntegerField(label=_("Days without a word"), min_value=1, max_value=250)

    def __init__(self, *args: Any, actor: Actor, rule: RoutingRule, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(rule, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        mine = Partnership.objects.visible_to(actor).filter(vendor=actor.organisation).unfinished()
        field: Any = self.fields["partners"]
        field.queryset = mine.select_related("partner", "tier").order_by("-tier__rank", "partner__name", "pk")

    def values(self) -> dict[str, Any]:
        """By column of the rule."""
        values = dict(self.cleaned_data)
        ordered = [edge.pk for edge in values["partners"]]
        return {**values, "partners": ordered, "min_rank": values["min_rank"] or 0}


class IntakeForm(forms.ModelForm):
    """How many leads a partner gets."""

    certificates = NamesField(label=_("Certificates"), help_text=_("Several with commas."))

    class Meta:
        model = Intake
        fields = ["capacity", "weight", "certificates", "paused"]
        help_texts = {
            "capacity": _("Beyond it the partner gets no further lead until one is settled."),
            "weight": _("Twice the weight, twice the leads, where a rule goes by weight."),
        }
