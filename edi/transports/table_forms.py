"""What is asked about a table beside its columns, and how its fields are called on the page."""

import hashlib
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from edi.exchange import MAX_BYTES
from edi.mapping.tables import DATE_FORMATS

KINDS = [
    ("order", _("Orders")),
    ("response", _("Order responses")),
    ("catalogue", _("Catalogue")),
    ("stock", _("Stock")),
]
LABELS: dict[str, Any] = {
    "number": _("Number"),
    "issued_on": _("Date"),
    "currency": _("Currency"),
    "note": _("Note"),
    "buyer.id": _("Buyer: identifier"),
    "buyer.name": _("Buyer: name"),
    "seller.id": _("Seller: identifier"),
    "seller.name": _("Seller: name"),
    "ship_to.id": _("Ship to: identifier"),
    "ship_to.name": _("Ship to: name"),
    "ship_to.street": _("Ship to: street"),
    "ship_to.city": _("Ship to: city"),
    "ship_to.postcode": _("Ship to: postcode"),
    "ship_to.country": _("Ship to: country"),
    "contract": _("Contract"),
    "deal": _("Deal"),
    "delivery_date": _("Delivery of the whole"),
    "terms": _("Payment terms"),
    "incoterm": _("Incoterm"),
    "order_number": _("Order answered"),
    "seller_order_number": _("Seller's own number"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "as_of": _("Stock on"),
    "line.item": _("A number of the item (GTIN, seller's or buyer's)"),
    "line.number": _("Line: number"),
    "line.gtin": _("Line: GTIN (EAN)"),
    "line.seller_sku": _("Line: seller's item number"),
    "line.buyer_sku": _("Line: buyer's item number"),
    "line.description": _("Line: description"),
    "line.note": _("Line: note"),
    "line.quantity": _("Line: quantity"),
    "line.ordered_quantity": _("Line: quantity ordered"),
    "line.unit": _("Line: unit"),
    "line.unit_price": _("Line: unit price"),
    "line.price_base": _("Line: units the price is for"),
    "line.from_quantity": _("Line: price from quantity"),
    "line.stated_amount": _("Line: amount"),
    "line.delivery_date": _("Line: delivery date"),
    "line.answer": _("Line: answer"),
    "line.reason": _("Line: reason"),
    "line.substitute": _("Line: item instead"),
    "line.pack_quantity": _("Line: pack"),
    "line.minimum": _("Line: minimum"),
    "line.lead_days": _("Line: lead time in days"),
    "line.available_from": _("Line: available from"),
    "line.available_until": _("Line: available until"),
    "line.replaces": _("Line: replaces"),
    "line.location": _("Line: location"),
}


class TableForm(forms.Form):
    """A sample, and how its values are written."""

    CONSTANTS: ClassVar[tuple[str, ...]] = ("number", "currency", "line.unit")

    file = forms.FileField(label=_("A file"), required=False, help_text=_("CSV or XLSX, 20 MB at most."))
    kind = forms.ChoiceField(label=_("What it holds"), choices=KINDS, initial="order")
    date_format = forms.ChoiceField(
        label=_("Dates are written"),
        required=False,
        choices=[("", DATE_FORMATS[0]), *((each, each) for each in DATE_FORMATS[1:])],
    )
    decimal_mark = forms.ChoiceField(
        label=_("Decimals are written"), initial=".", choices=[(".", "1234.50"), (",", "1234,50")]
    )
    header_row = forms.IntegerField(
        label=_("Row of headers"), required=False, min_value=0, max_value=1_000, help_text=_("0: it is found.")
    )
    sheet = forms.CharField(label=_("Sheet"), required=False, max_length=100)
    number = forms.CharField(label=_("Number of all, where no column has it"), required=False, max_length=100)
    currency = forms.RegexField(r"[A-Z]{3}\Z", label=_("Currency, where no column has it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line.unit"] = forms.CharField(
            label=_("Unit, where no column has it"), required=False, max_length=10
        )

    @staticmethod
    def digest(data: bytes) -> str:
        """What tells one sample from another."""
        return hashlib.sha256(data).hexdigest()[:16]

    def clean(self) -> dict[str, Any]:
        """A file, not too large."""
        found = super().clean() or {}
        upload = found.get("file")
        if not upload:
            raise ValidationError(_("Choose a file; its columns are shown then."))
        if upload.size > MAX_BYTES:
            raise ValidationError(_("A file may have 20 MB at most."))
        found["data"] = upload.read()
        found["digest"] = self.digest(found["data"])
        return found
