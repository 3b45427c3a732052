"""The answer to an order, line by line; and what else a person says about an order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import offer
from orders.actions import Answer
from orders.documents import LineAnswer
from orders.forms.fields import day_field, number_field, plain
from orders.linking import deals_between
from orders.models import Order, OrderLine, Product
from partners.actors import Actor


class AnswerLineForm(forms.Form):
    """The answer to one line, prefilled with what was ordered."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (LineAnswer.ACCEPTED.value, _("Accept")),
            (LineAnswer.BACKORDERED.value, _("Backorder")),
            (LineAnswer.REJECTED.value, _("Reject")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    quantity = number_field(label=_("Quantity"), required=False, decimal_places=6, min_value=0)
    unit_price = number_field(label=_("Price"), required=False, decimal_places=6)
    delivery_date = day_field(label=_("Delivery"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = str(field.label)
            if name == "reason":
                field.widget.attrs |= {"placeholder": str(_("Reason of a change")), "class": "form-control"}

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        data = super().clean() or {}
        if data.get("answer") == LineAnswer.REJECTED and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why, so that the buyer can decide what to do."))
        return data

    def to_answer(self, position: int) -> Answer:
        """What the action takes."""
        data = self.cleaned_data
        return Answer(
            position=position,
            answer=LineAnswer(data["answer"]),
            quantity=data["quantity"],
            unit_price=data["unit_price"],
            delivery_date=data["delivery_date"],
            reason=data["reason"].strip(),
        )


class AnswerForm(forms.Form):
    """All lines of one order and a note."""

    note = forms.CharField(label=_("Note to the buyer"), max_length=2000, required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, order: Order, lines: list[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [
            (line, AnswerLineForm(self._data, initial=_ordered(order, line), prefix=f"l{line.position}"))
            for line in lines
        ]

    @property
    def _data(self) -> Any:
        return self.data if self.is_bound else None

    def is_valid(self) -> bool:
        """Head and lines."""
        return all([super().is_valid(), *(form.is_valid() for _line, form in self.rows)])

    def answers(self) -> list[Answer]:
        """What the action takes."""
        return [form.to_answer(line.position) for line, form in self.rows]

    def add_refusal(self, error: DomainError) -> None:
        """Put a refusal of the action where it belongs: at its line, or on top."""
        row = next((form for line, form in self.rows if str(line.position) == error.field), None)
        (row or self).add_error(None, error.message)


def _ordered(order: Order, line: OrderLine) -> dict[str, Any]:
    return {
        "answer": LineAnswer.ACCEPTED.value,
        "quantity": plain(line.quantity),
        "unit_price": plain(line.expected_price if line.unit_price is None else line.unit_price),
        "delivery_date": line.delivery_date or order.delivery_date,
    }


class ReasonForm(forms.Form):
    """Why an order is cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea)


class LinkForm(forms.Form):
    """To which deal an order belongs."""

    deal: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Deal"), queryset=None)

    def __init__(self, *args: Any, actor: Actor, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "deal", deals_between(actor, buyer_id=order.buyer_id, seller_id=order.seller_id))


class MatchForm(forms.Form):
    """Which product a line means."""

    product: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "product", Product.objects.visible_to(actor).filter(vendor=order.seller_id))
