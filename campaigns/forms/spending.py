"""A cost as its participant writes it down."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.actions.spending import FIELDS, MOST_AMOUNT
from campaigns.models import Campaign, Expense
from core.forms import offer
from deals.evidence import MAX_SIZE
from deals.forms.pieces import DayField, NumberField
from funds.models import Claim
from partners.actors import Actor


class ExpenseForm(forms.Form):
    """What was spent, when and on what."""

    day = DayField(label=_("Date"))
    what = forms.CharField(label=_("What for"), max_length=160)
    amount = NumberField(label=_("Amount"), max_digits=14, decimal_places=2, min_value=0, max_value=MOST_AMOUNT)
    supplier = forms.CharField(label=pgettext_lazy("cost", "Supplier"), max_length=120, required=False)
    invoice_number = forms.CharField(label=_("Supplier's invoice number"), max_length=60, required=False)
    step: Any = forms.ModelChoiceField(label=_("For which step"), queryset=None, required=False, empty_label=_("none"))
    claim: Any = forms.ModelChoiceField(
        label=_("Claimed back with"), queryset=None, required=False, empty_label=_("not claimed"),
        help_text=_("What a fund pays on this claim comes off what you spent."),
    )  # fmt: skip
    evidence = forms.FileField(
        label=_("File"), required=False,
        help_text=_("The supplier's invoice, up to %(n)d MB. Only your company reads it.")
        % {"n": MAX_SIZE // 1_000_000},
    )  # fmt: skip

    def __init__(
        self, *args: Any, actor: Actor, campaign: Campaign, expense: Expense | None = None, **kwargs: Any
    ) -> None:
        if expense is not None:
            kwargs["initial"] = {name: getattr(expense, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        offer(self, "step", campaign.steps.all())
        own = Claim.objects.visible_to(actor).filter(
            partner=actor.organisation, request__fund__currency=campaign.currency
        )
        free = own.filter(expense=None) | own.filter(expense=expense) if expense else own.filter(expense=None)
        offer(self, "claim", free.order_by("-pk"))
        if not actor.can("funds.view") or not self.fields["claim"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["claim"]

    def values(self) -> dict[str, Any]:
        """By column of the cost; a claim that was not asked for stays what it was."""
        return {name: value for name, value in self.cleaned_data.items() if name in FIELDS}
