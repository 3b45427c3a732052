"""A claim as the partner writes it and as the vendor decides and settles it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from deals.forms.pieces import DayField, NumberField
from funds.actions.claiming import FIELDS
from funds.actions.settling import kept_of, paid_of
from funds.forms.dialogs import DialogForm
from funds.models import Claim, FundRequest, ProofKind, Settlement


def _money(label: Any, **options: Any) -> NumberField:
    return NumberField(label=label, max_digits=14, decimal_places=2, min_value=Decimal(0), **options)


class ClaimForm(forms.Form):
    """One supplier's invoice for one activity."""

    line: Any = forms.ModelChoiceField(label=_("Activity"), queryset=None, empty_label=_("Choose…"))
    supplier = forms.CharField(label=_("Supplier"), max_length=120)
    invoice_number = forms.CharField(label=_("Supplier's invoice number"), max_length=60)
    invoice_day = DayField(label=_("Date of the invoice"))
    cost = _money(_("Amount of the invoice"))
    asked = _money(_("Claimed"))
    results = forms.CharField(
        label=_("What came of it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Visitors, leads, orders: what the vendor would like to know."),
    )

    def __init__(self, *args: Any, request: FundRequest, claim: Claim | None = None, **kwargs: Any) -> None:
        if claim is not None:
            kwargs["initial"] = {name: getattr(claim, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        granted = request.lines.filter(approved__gt=0)
        offer(self, "line", granted)
        if claim is None and len(granted) == 1:
            self.initial["line"] = granted[0]


class ProofForm(DialogForm):
    """A file, and what it shows."""

    kind = forms.ChoiceField(label=_("What it shows"), choices=ProofKind.choices)
    evidence = forms.FileField(
        label=_("File"), help_text=_("PDF, image, Office file, text or CSV, up to 10 MB. A file proves one claim only.")
    )


class DecideForm(DialogForm):
    """How much of a claim is granted."""

    approved = _money(_("Approved"), help_text=_("Nought denies the claim."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where it is less than was claimed."),
    )

    def begin(self, about: Claim) -> dict[str, Any]:
        """All that was claimed."""
        return {"approved": about.asked}


class SettleForm(DialogForm):
    """One instalment."""

    way = forms.ChoiceField(
        label=_("How"), choices=[each for each in Settlement.Way.choices if each[0] != Settlement.Way.CLAW_BACK]
    )
    amount = _money(_("Amount"))
    reference = forms.CharField(
        label=_("Reference"), max_length=80, help_text=_("Number of the transfer, the credit note or the invoice.")
    )
    day = DayField(label=_("On"))

    def begin(self, about: Claim) -> dict[str, Any]:
        """What is still owed, today."""
        return {"amount": (about.approved or Decimal(0)) - paid_of(about), "day": localdate()}


class TakeBackForm(DialogForm):
    """What is taken back of what was paid."""

    amount = _money(_("Amount"))
    reference = forms.CharField(label=_("Why"), max_length=80, help_text=_("The partner reads it."))

    def begin(self, about: Claim) -> dict[str, Any]:
        """All that was paid."""
        return {"amount": kept_of(about)}
