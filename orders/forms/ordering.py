"""Orders by web form: the head, and lines chosen from the seller's catalogue."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from orders.documents import OrderDocument, OrderLineDocument, PartyDocument
from orders.explaining import Basket, PricedLine, Wanted, codes_of, explain
from orders.forms.fields import day_field, number_field
from orders.linking import deals_between
from orders.models import Product
from orders.pricing import prices_for
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
    codes = forms.CharField(
        label=_("Promotion codes"), max_length=400, required=False, help_text=_("Several are parted by commas.")
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

    def references(self) -> tuple[tuple[str, str], ...]:
        """The deal and the codes that the order names."""
        deal = self.cleaned_data.get("deal")
        codes = [code.strip()[:40] for code in self.cleaned_data.get("codes", "").split(",")]
        named = [("promotion", code) for code in dict.fromkeys(codes) if code]
        return (*([("deal", deal.number)] if deal else []), *named)

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
            references=self.references(),
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

    def basket(self, partnership: Partnership, form: OrderForm) -> Basket:
        """What is to be priced: the chosen lines, by their place from 0, with the deal and the codes of the head."""
        wanted = tuple(Wanted(str(at), row["product"], row["quantity"]) for at, row in enumerate(self.chosen()))
        deal = form.cleaned_data.get("deal")
        codes = codes_of(form.references())
        return Basket(partnership, localdate(), wanted, codes, deal.pk if deal else None)

    def documents(self, partnership: Partnership, form: OrderForm) -> tuple[tuple[OrderLineDocument, ...], str]:
        """The lines of the document, and the currency of their prices."""
        basket = self.basket(partnership, form)
        single = prices_for([(each.product, Decimal(1)) for each in basket.wanted], partnership, basket.on)
        priced = explain(basket).lines
        lines = [
            _line(n, row, price, one.amount)
            for n, (row, price, one) in enumerate(zip(self.chosen(), priced, single, strict=True), 1)
        ]
        return tuple(lines), priced[0].currency


def _is_line(form: forms.Form) -> bool:
    return bool(form.cleaned_data.get("product")) and not form.cleaned_data.get("DELETE")


def _line(position: int, row: dict[str, Any], price: PricedLine, offered: Decimal) -> OrderLineDocument:
    """`offered` is what the look-up filled in, for one unit and without promotions: left so, nobody chose it."""
    product: Product = row["product"]
    untouched = row["unit_price"] in (None, offered)
    return OrderLineDocument(
        number=str(position * 10),
        quantity=row["quantity"],
        unit=product.unit,
        gtin=product.gtin,
        seller_sku=product.sku,
        description=product.name,
        unit_price=price.unit_price if untouched else row["unit_price"],
    )


LinesFormSet = forms.formset_factory(
    OrderLineForm,
    formset=BaseLines,
    extra=1,
    can_delete=True,
    max_num=MAX_WEB_LINES,
    absolute_max=MAX_WEB_LINES + 1,
    validate_max=True,
)


def whole_document(
    form: OrderForm, lines: Any, partnership: Partnership, actor: Actor, seller: Organisation
) -> OrderDocument:
    """The order that the form and its lines describe."""
    documents, currency = lines.documents(partnership, form)
    return replace(form.head(actor.organisation, seller), lines=documents, currency=currency)
