"""What a promotion's form reads from text: names, SKUs, countries, steps by quantity."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.numbers import format_number
from deals.forms.pieces import NumberField, countries
from orders.models import Product
from partners.actors import Actor

MOST = 200
STEP = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*[:;=\s]\s*(\d+(?:[.,]\d+)?)\s*%?\s*")


def number(**options: Any) -> NumberField:
    """A number that is not below zero."""
    return NumberField(**{"min_value": 0, "required": False, "max_digits": 15, "decimal_places": 4, **options})


class ListField(forms.CharField):
    """Words with commas between them, as a list; each once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A list as people write it."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Each word once, in the order written."""
        text = str(super().clean(value))
        words = [" ".join(part.split()) for part in re.split(r"[,;\n]", text)]
        found = list(dict.fromkeys(word for word in words if word))
        if len(found) > MOST:
            raise forms.ValidationError(_("That is more than 200."), code="too_many")
        return found


class CountriesField(ListField):
    """Countries by their two letters."""

    def clean(self, value: Any) -> Any:
        """Known countries alone."""
        found = [code.upper() for code in super().clean(value)]
        known = {code for code, _name in countries()}
        if wrong := [code for code in found if code not in known]:
            raise forms.ValidationError(
                _("“%(code)s” is no country. Write two letters each, such as IT, DE."),
                params={"code": wrong[0][:20]},
                code="country",
            )
        return found


class ProductsField(ListField):
    """Products of the actor's own catalogue by their SKUs."""

    actor: Actor

    def clean(self, value: Any) -> Any:
        """The products; each SKU has to be in the catalogue."""
        skus = super().clean(value)
        own = Product.objects.visible_to(self.actor).filter(vendor=self.actor.organisation)
        known = {row.sku.upper(): row for row in own} if skus else {}
        if wrong := [sku for sku in skus if sku.upper() not in known]:
            raise forms.ValidationError(
                _("There is no product “%(sku)s” in your catalogue."), params={"sku": wrong[0][:60]}, code="sku"
            )
        return [known[sku.upper()] for sku in skus]


class BreaksField(forms.CharField):
    """Steps by quantity, one a line: from so many units, so many percent."""

    widget = forms.Textarea(attrs={"rows": 4, "placeholder": "10: 5\n50: 8"})

    def prepare_value(self, value: Any) -> Any:
        """The steps as people write them."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{format_number(Decimal(start))}: {format_number(Decimal(cut))}" for start, cut in value)

    def clean(self, value: Any) -> Any:
        """The steps, the smallest quantity first."""
        lines = [line for line in str(super().clean(value)).splitlines() if line.strip()]
        matches = [STEP.fullmatch(line) for line in lines]
        if None in matches:
            raise forms.ValidationError(_("Write each step as “10: 5”: from 10 units, 5 percent."), code="step")
        found = [[part.replace(",", ".") for part in match.groups()] for match in matches if match]
        return sorted(found, key=lambda step: Decimal(step[0]))
