"""The forms of rebates."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from deals.forms.pieces import DayField, NumberField
from leads.forms.rules import NamesField
from orders.models import Product
from partners.actors import Actor
from partners.models import Membership, Partnership, Tier
from rebates.models import RebateAgreement, Statement


class PartnerField(forms.ModelChoiceField):
    """A partnership, by the name of its partner."""

    def label_from_instance(self, obj: Any) -> str:
        """The partner."""
        return str(obj.partner)


class StepsField(forms.CharField):
    """Steps as people write them, one a line: from which volume, which rate."""

    widget = forms.Textarea(attrs={"rows": 4, "placeholder": "0: 1\n50000: 2.5"})

    def prepare_value(self, value: Any) -> Any:
        """One step a line."""
        return "\n".join(f"{start}: {rate}" for start, rate in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Pairs of volume and rate as text."""
        lines = [line for line in (super().to_python(value) or "").splitlines() if line.strip()]
        return [self._pair(line) for line in lines]

    def _pair(self, line: str) -> list[str]:
        try:
            start, rate = (Decimal(part.strip()) for part in line.split(":"))
        except (ValueError, InvalidOperation) as error:
            raise ValidationError(_("Write each step as “volume: rate”, such as 50000: 2.5.")) from error
        return [str(start), str(rate)]


class AgreementForm(forms.ModelForm):
    """An agreement with one partner, or one with each partner of a tier."""

    partnership = PartnerField(Partnership.objects.none(), label=_("Partner"), required=False)
    tier = forms.ModelChoiceField(
        Tier.objects.none(),
        label=_("or every partner of the tier"),
        required=False,
        help_text=_("One agreement is written for each of them; each accepts its own."),
    )
    product_lines = NamesField(
        label=_("Product lines"), help_text=_("Several with commas. Empty, and no products: all.")
    )
    rate = NumberField(label=_("Rate"), required=False, help_text=_("In percent, or money for each unit."))
    steps = StepsField(label=_("Steps"), required=False, help_text=_("One a line: from which volume, which rate."))

    class Meta:
        model = RebateAgreement
        fields = [
            "name", "form", "starts_on", "ends_on", "period", "rule", "basis", "rate", "steps", "retroactive",
            "grace_days", "product_lines", "products",
        ]  # fmt: skip
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        help_texts = {"grace_days": _("Then a period that is over closes by itself and its statement is issued.")}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "products", Product.objects.visible_to(actor).filter(vendor=actor.organisation))
        self.fields["products"].required = False
        self.fields["form"].choices = [  # type: ignore[attr-defined]
            each for each in RebateAgreement.Form.choices if each[0] != RebateAgreement.Form.PROMOTION
        ]
        if self.instance.pk:
            del self.fields["partnership"], self.fields["tier"]
            return
        year = localdate().year
        self.fields["starts_on"].initial = localdate().replace(day=1)
        self.fields["ends_on"].initial = localdate().replace(year, 12, 31)
        edges = Partnership.objects.visible_to(actor).active().filter(vendor=actor.organisation)
        offer(self, "partnership", edges.select_related("partner").order_by("partner__name", "pk"))
        offer(self, "tier", Tier.objects.visible_to(actor).filter(programme__vendor=actor.organisation))

    def clean(self) -> dict[str, Any]:
        """A new agreement names one partner, or one tier."""
        said = super().clean() or self.cleaned_data
        said["rate"] = said.get("rate") or Decimal(0)
        if not self.instance.pk and bool(said.get("partnership")) == bool(said.get("tier")):
            self.add_error("partnership", _("Choose a partner, or a tier."))
        return said

    def _post_clean(self) -> None:
        """The action builds the row, and says what does not fit."""

    def fields_said(self) -> dict[str, Any]:
        """What the action asks for."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def edges(self, actor: Actor) -> list[Partnership]:
        """The partnerships that it is for."""
        if edge := self.cleaned_data.get("partnership"):
            return [edge]
        active = Partnership.objects.visible_to(actor).active().filter(vendor=actor.organisation)
        return list(active.filter(tier=self.cleaned_data["tier"]).order_by("pk"))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("The other company reads it."))


class EndForm(ReasonForm):
    """When it ends, and why."""

    day = DayField(label=_("Last day"), initial=localdate)


class MemberForm(forms.Form):
    """Whose bonus it is."""

    member = forms.ModelChoiceField(Membership.objects.none(), label=_("Who gets it"), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "member", Membership.objects.visible_to(actor).filter(active=True).select_related("user"))


class SettleForm(forms.Form):
    """How a period was settled."""

    settlement = forms.ChoiceField(label=_("By"), choices=Statement.Settlement.choices)
    reference = forms.CharField(
        label=_("Reference"), max_length=70, help_text=_("The number by which the partner finds it in its books.")
    )
    day = DayField(label=_("On"), initial=localdate)


class DisputeForm(forms.Form):
    """What a partner does not agree with."""

    reason = forms.CharField(
        label=_("What is wrong"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Name the invoices and lines that are wrong or missing. The vendor reads it."),
    )  # fmt: skip


class ReplyForm(forms.Form):
    """What a vendor found."""

    reply = forms.CharField(
        label=_("What you found"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was wrong is put right by an invoice or a credit note: nobody types an amount."),
    )  # fmt: skip


class CompareForm(forms.Form):
    """A list of one's own."""

    file = forms.FileField(label=_("Your list"), help_text=_("CSV with the columns invoice, line and amount."))
