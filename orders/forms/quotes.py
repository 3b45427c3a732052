"""Quotes by web form: the head, and lines with options and discounts."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from core.web import key_of
from orders.configuring import Choice, Option, completed
from orders.explaining import codes_of
from orders.forms.fields import day_field, number_field, plain
from orders.linking import deals_between
from orders.models import Product, Quote
from orders.quoting import MAX_LINES, QuoteContent, QuoteLineInput
from partners.actors import Actor
from partners.models import Organisation, Partnership, Role


class QuoteForm(forms.Form):
    """The head of a quote; its lines are a formset beside it."""

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("What it is about, in a few words."))
    valid_until = day_field(label=_("Valid until"))
    deal: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Deal"), queryset=None, to_field_name="number", required=False
    )
    codes = forms.CharField(
        label=_("Promotion codes"), max_length=400, required=False, help_text=_("Several are parted by commas.")
    )
    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = {"buyer_id": partnership.partner_id, "seller_id": partnership.vendor_id}
        offer(self, "deal", deals_between(actor, **sides))
        self.fields["valid_until"].required = True
        if not actor.can("deals.view"):
            del self.fields["deal"]

    def content(self, lines: Any) -> QuoteContent:
        """What the form and its lines say."""
        said = self.cleaned_data
        codes = codes_of(("promotion", code) for code in said["codes"].split(","))
        chosen = [_input(form.cleaned_data) for form in lines.forms if _is_line(form)]
        return QuoteContent(said["title"], said["valid_until"], chosen, said["note"], codes, said.get("deal"))

    def typed(self, lines: Any) -> QuoteContent:
        """The lines that are whole already, for a look at their prices while the rest is being typed."""
        said = self.cleaned_data
        codes = codes_of(("promotion", code) for code in said.get("codes", "").split(","))
        chosen = [_input(form.cleaned_data) for form in lines.forms if form.is_valid() and _is_line(form)]
        return QuoteContent("–", localdate(), chosen, "", codes, said.get("deal"))


def _is_line(form: forms.Form) -> bool:
    return bool(form.cleaned_data.get("product")) and not form.cleaned_data.get("DELETE")


def codes_in(text: str) -> tuple[str, ...]:
    """The codes of choices, as they are typed or sent by several fields."""
    return tuple(code for code in re.split(r"[\s,;]+", text.upper()) if code)


def _input(row: dict[str, Any]) -> QuoteLineInput:
    return QuoteLineInput(
        row["product"],
        row["quantity"],
        codes_in(row["choices"]),
        row["discount_percent"] or Decimal(0),
        row["discount_reason"],
    )


class ChoicesInput(forms.TextInput):
    """Codes of choices: typed into one field, or chosen in a field for each option, all of the same name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """All of them, with blanks between."""
        return " ".join(data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")])


def offered(product: Product, chosen: str) -> list[tuple[Option, list[tuple[Choice, bool]]]]:
    """The options of a product with their choices, and which is chosen; the usual one where none is."""
    makeup = product.makeup
    codes = set(completed(makeup, codes_in(chosen)))
    return [(option, [(choice, choice.code in codes) for choice in option.choices]) for option in makeup.options]


def known_products(products: Any, data: Any, initial: list[dict[str, Any]]) -> dict[int, Product]:
    """The products that the lines name, by key; one query."""
    named = [value for name, value in data.items() if name.endswith("-product")] if data is not None else []
    keys = {key_of(value) for value in named} | {row["product"] for row in initial}
    return {row.pk: row for row in products.filter(pk__in=keys)}


class QuoteLineForm(forms.Form):
    """One line: a product, how many, with which options and at which discount."""

    product: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Product"), max_length=300, required=False)
    quantity = number_field(label=_("Quantity"), required=False, decimal_places=3, min_value=Decimal("0.001"))
    choices = forms.CharField(label=_("Options"), max_length=4000, required=False, widget=ChoicesInput)
    discount_percent = number_field(
        label=_("Discount %"), required=False, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100)
    )
    discount_reason = forms.CharField(label=_("Why the discount"), max_length=200, required=False)

    def __init__(
        self, *args: Any, products: Any, seller: Organisation, known: dict[int, Product] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = known or {}
        offer(self, "product", products)
        for field in self.fields.values():
            field.widget.attrs |= {"aria-label": str(field.label), "placeholder": str(field.label)}
        for name in ("text", "choices", "discount_reason"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.fields["text"].widget.attrs |= {
            "data-options-url": f"{reverse('orders:product_options')}?seller={seller.pk}",
            "data-value-in": "product",
        }

    @property
    def chosen(self) -> Product | None:
        """The product of the line, where one is known."""
        return self.known.get(key_of(str(self["product"].value() or "")) or 0)

    def options(self) -> list[tuple[Option, list[tuple[Choice, bool]]]]:
        """What is to be chosen of it."""
        return offered(self.chosen, self["choices"].value() or "") if self.chosen else []

    def clean(self) -> dict[str, Any]:
        """A line with a text or a quantity needs a product; a line with neither is not there."""
        data = super().clean() or {}
        if not data.get("product") and (data.get("text") or data.get("quantity")) and not self.errors:
            self.add_error("text", _("Choose a product from the list."))
        if data.get("product") and "quantity" not in self.errors and data.get("quantity") is None:
            self.add_error("quantity", _("How many?"))
        return data


QuoteLinesFormSet = forms.formset_factory(
    QuoteLineForm,
    extra=1,
    can_delete=True,
    max_num=MAX_LINES,
    absolute_max=MAX_LINES + 1,
    validate_max=True,
)


def head_of(quote: Quote | None) -> dict[str, Any]:
    """What the head starts with."""
    if quote is None:
        return {"valid_until": localdate() + timedelta(days=30)}
    return {
        "title": quote.title,
        "valid_until": quote.valid_until,
        "deal": quote.deal.number if quote.deal else None,
        "codes": ", ".join(quote.codes),
        "note": quote.note,
    }


def lines_of(quote: Quote | None) -> list[dict[str, Any]]:
    """What the lines start with."""
    if quote is None:
        return []
    return [
        {
            "product": line.product_id,
            "text": str(line.product),
            "quantity": plain(line.quantity),
            "choices": " ".join(line.choices),
            "discount_percent": plain(line.discount_percent) or None,
            "discount_reason": line.discount_reason,
        }
        for line in quote.lines.select_related("product")
    ]


class AcceptForm(forms.Form):
    """The order that a quote becomes."""

    number = forms.CharField(
        label=_("Your order number"), max_length=70, required=False, help_text=_("Left empty, the portal gives one.")
    )
    send = forms.BooleanField(label=_("Send the order at once"), required=False, initial=True)


class NoteForm(forms.Form):
    """Why it is declined, withdrawn or handed back."""

    note = forms.CharField(
        label=_("Why"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )


class LimitsForm(forms.Form):
    """How much discount each role gives alone, in percent."""

    def __init__(self, *args: Any, roles: list[Role], known: dict[int | None, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        for role in (*roles, None):
            key, label = (f"role-{role.pk}", role.name) if role else ("general", _("Everybody else"))
            self.fields[key] = number_field(
                label=label,
                required=False,
                decimal_places=2,
                min_value=Decimal(0),
                max_value=Decimal(100),
                initial=known.get(role.pk if role else None),
            )

    def limits(self) -> dict[Role | None, Decimal | None]:
        """The limits by role; None for who has none of their own."""
        return {
            **{role: self.cleaned_data[f"role-{role.pk}"] for role in self.roles},
            None: self.cleaned_data["general"],
        }
