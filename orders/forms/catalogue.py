"""Products of one's own catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.forms.fields import offer
from orders.models import Product
from partners.actors import Actor


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
