"""Price lists, and tables that are pasted or uploaded."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from orders.actions.price_lists import FOR_WHOM
from orders.forms.fields import DAY_FORMAT, number_field
from orders.models import PriceList
from orders.pasting import MAX_TEXT, text_of
from partners.actors import Actor
from partners.models import Partnership, Tier

DAY = forms.DateInput(attrs={"type": "date"}, format=DAY_FORMAT)


def partners_of(actor: Actor) -> Any:
    """The partnerships that a vendor may agree prices with."""
    edges = Partnership.objects.visible_to(actor).unfinished().filter(vendor=actor.organisation.pk)
    return edges.select_related("partner", "vendor").order_by("partner__name")


class PartnerField(forms.ModelChoiceField):
    """A partnership, called by its partner."""

    def label_from_instance(self, obj: Any) -> str:
        """The partner alone: the vendor is oneself."""
        return str(obj.partner)


class PriceListForm(forms.ModelForm):
    """For whom a list is, in which currency and when."""

    partnership = PartnerField(
        label=_("Partner"), queryset=None, required=False, help_text=_("Prices agreed with one partner.")
    )

    class Meta:
        model = PriceList
        fields = ["name", "currency", "partnership", "tier", "valid_from", "valid_until"]
        widgets = {"valid_from": DAY, "valid_until": DAY}
        labels = {"tier": _("Tier")}
        help_texts = {
            "tier": _("Or prices for everybody of a tier."),
            "valid_until": _("Left empty, they hold until you end them."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "partnership", partners_of(actor))
        offer(self, "tier", Tier.objects.visible_to(actor).order_by("rank"))

    def clean(self) -> dict[str, Any]:
        """For a partner or for a tier: said here, as the model would name the constraint of the database."""
        data = super().clean() or {}
        if not self.errors and bool(data.get("partnership")) == bool(data.get("tier")):
            self.add_error("tier", FOR_WHOM)
        return data


class TableForm(forms.Form):
    """A table, pasted or as a file."""

    text = forms.CharField(
        label=_("Paste the lines"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 10, "class": "code", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("CSV from any spreadsheet, to 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def clean(self) -> dict[str, Any]:
        """The text of the file where there is one; one of both is needed."""
        data = super().clean() or {}
        upload = data.get("file")
        if upload is not None and upload.size > MAX_TEXT:
            self.add_error("file", _("The file is larger than 1 MB. Nothing was taken."))
        elif upload is not None:
            data["text"] = text_of(upload.read())
        elif not data.get("text", "").strip() and not self.errors:
            self.add_error("text", _("Paste some lines, or choose a file."))
        return data


class PricesForm(TableForm):
    """Prices for a list."""

    replace = forms.BooleanField(
        label=_("Take away the prices that the table does not name"), required=False, widget=forms.CheckboxInput
    )


class TryForm(forms.Form):
    """What is a product for whom, at which quantity?"""

    partnership = PartnerField(label=_("Partner"), queryset=None)
    quantity = number_field(label=_("Quantity"), decimal_places=3, min_value=Decimal("0.001"), initial=1)
    codes = forms.CharField(label=_("Promotion codes"), max_length=200, required=False)

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "partnership", partners)
