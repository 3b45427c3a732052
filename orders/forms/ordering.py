"""Orders by web form: the head, and lines chosen from the seller's catalogue."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from orders.documents import OrderDocument, OrderLineDocument, PartyDocument
from orders.forms.fields import day_field, number_field, offer
from orders.linking import deals_between
from orders.models import Product
from orders.pricing import Price, prices_for
from partners.actors import Actor
from partners.models import Organisation, Partnership

MAX_WEB_LINES = 200
ADDRESS = ("name", "street", "postcode", "city", "country")


class OrderForm(forms.Form):
    """The head of an order; its lines are a formset beside it."""

    number = forms.CharField(
        label=_("Your order number"), max_length=70, required=False, help_text=_("Left empty, the portal gives one.")
    )
    delivery_date = day_field(label=_("Delivery wanted"))
    deal: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Deal"),
        queryset=None,
        to_field_name="number",
        required=False,
        help_text=_("The registered deal that this order comes from."),
    )
    note = forms.CharField(label=_("Note to the seller"), max_length=1000, required=False, widget=forms.Textarea)
    ship_name = forms.CharField(label=_("Deliver to"), max_length=120, required=False)
    ship_street = forms.CharField(label=_("Street"), max_length=120, required=False)
    ship_postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    ship_city = forms.CharField(label=_("City"), max_length=80, required=False)
    ship_country = forms.CharField(label=_("Country"), max_length=2, min_length=2, required=False)

    def __init__(self, *args: Any, actor: Actor, seller: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "deal", deals_between(actor, buyer_id=actor.organisation.pk, seller_id=seller.pk))
        if not actor.can("deals.view"):
            del self.fields["deal"]

    def head(self, buyer: Organisation, seller: Organisation) -> OrderDocument:
        """The document without its lines."""
        data = self.cleaned_data
        ship_to = {part: data[f"ship_{part}"].strip() for part in ADDRESS}
        return OrderDocument(
            number=data["number"],
            issued_on=localdate(),
            buyer=party_of(buyer),
            seller=party_of(seller),
            ship_to=PartyDocument(**{**ship_to, "country": ship_to["country"].upper()})
            if any(ship_to.values())
            else None,
            delivery_date=data["delivery_date"],
            references=(("deal", data["deal"].number),) if data.get("deal") else (),
            notes=(data["note"].strip(),) if data["note"].strip() else (),
        )


def party_of(organisation: Organisation) -> PartyDocument:
    """An organisation as a party of a document."""
    return PartyDocument(name=organisation.name, city=organisation.city, country=organisation.country)


class OrderLineForm(forms.Form):
    """One line: a product of the seller, how many, and at what price."""

    product: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Product"), max_length=300, required=False)
    quantity = number_field(label=_("Quantity"), required=False, decimal_places=3, min_value=Decimal("0.001"))
    unit_price = number_field(label=_("Price"), required=False, decimal_places=6, min_value=Decimal(0))

    def __init__(self, *args: Any, products: Any, seller: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "product", products)
        self.fields["text"].widget.attrs |= {
            "data-options-url": f"{reverse('orders:product_options')}?seller={seller.pk}",
            "data-value-in": "product",
            "class": "form-control",
            "aria-label": str(_("Product")),
        }
        self.fields["quantity"].widget.attrs |= {"data-qty": True, "aria-label": str(_("Quantity"))}
        self.fields["unit_price"].widget.attrs |= {"data-price": True, "aria-label": str(_("Price"))}

    def clean(self) -> dict[str, Any]:
        """A line with a text or a quantity needs a product; a line with neither is not there."""
        data = super().clean() or {}
        if not data.get("product") and (data.get("text") or data.get("quantity")) and not self.errors:
            self.add_error("text", _("Choose a product from the list."))
        if data.get("product") and "quantity" not in self.errors and data.get("quantity") is None:
            self.add_error("quantity", _("How many?"))
        return data


class BaseLines(forms.BaseFormSet):
    """The lines of an order, priced by the catalogue where the buyer left the price alone."""

    def clean(self) -> None:
        """At least one line."""
        if not any(self.errors) and not self.chosen():
            raise forms.ValidationError(_("Add at least one line."), code="no_lines")

    def chosen(self) -> list[dict[str, Any]]:
        """The lines that have a product and were not taken away."""
        return [form.cleaned_data for form in self.forms if _is_line(form)]

    def documents(self, partnership: Partnership) -> tuple[tuple[OrderLineDocument, ...], str]:
        """The lines of the document, and the currency of their prices."""
        rows = self.chosen()
        prices = prices_for([(row["product"], row["quantity"]) for row in rows], partnership, localdate())
        lines = [_line(n, row, price) for n, (row, price) in enumerate(zip(rows, prices, strict=True), 1)]
        return tuple(lines), prices[0].currency


def _is_line(form: forms.Form) -> bool:
    return bool(form.cleaned_data.get("product")) and not form.cleaned_data.get("DELETE")


def _line(position: int, row: dict[str, Any], price: Price) -> OrderLineDocument:
    product: Product = row["product"]
    return OrderLineDocument(
        number=str(position * 10),
        quantity=row["quantity"],
        unit=product.unit,
        gtin=product.gtin,
        seller_sku=product.sku,
        description=product.name,
        unit_price=price.amount if row["unit_price"] is None else row["unit_price"],
    )


LinesFormSet = forms.formset_factory(
    OrderLineForm, formset=BaseLines, extra=1, can_delete=True, max_num=MAX_WEB_LINES, validate_max=True
)


def whole_document(
    form: OrderForm, lines: Any, partnership: Partnership, actor: Actor, seller: Organisation
) -> OrderDocument:
    """The order that the form and its lines describe."""
    documents, currency = lines.documents(partnership)
    return replace(form.head(actor.organisation, seller), lines=documents, currency=currency)
