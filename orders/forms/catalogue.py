"""Products of one's own catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from orders.models import Product
from partners.actors import Actor


class OptionsForm(forms.Form):
    """How a product can be configured, as lines of text."""

    options = forms.CharField(
        label=_("Options"),
        required=False,
        max_length=30_000,
        help_text=_("A line for each choice: option; code; choice; surcharge. The first choice of an option is usual."),
        widget=forms.Textarea(attrs={"rows": 10, "class": "code", "spellcheck": "false"}),
    )
    rules = forms.CharField(
        label=_("Rules"),
        required=False,
        max_length=20_000,
        help_text=_("A line for each: “M-5 requires S-HOT” or “M-5 excludes S-STD”."),
        widget=forms.Textarea(attrs={"rows": 5, "class": "code", "spellcheck": "false"}),
    )


class ProductForm(forms.ModelForm):
    """A product of one's own catalogue."""

    gtin = forms.CharField(label=_("GTIN"), required=False, max_length=24)

    class Meta:
        model = Product
        fields = [
            "sku",
            "name",
            "gtin",
            "product_line",
            "description",
            "unit",
            "pack_size",
            "list_price",
            "currency",
            "lifecycle",
            "replacement",
        ]
        widgets = {
            "list_price": forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        localized_fields = ["list_price"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Product.objects.visible_to(actor).filter(vendor=actor.organisation.pk)
        offer(self, "replacement", own.exclude(pk=self.instance.pk))
        self.fields["replacement"].required = False

    def clean_gtin(self) -> str:
        """Spaces and hyphens of a printed number do not count."""
        return str(self.cleaned_data["gtin"]).replace(" ", "").replace("-", "")
