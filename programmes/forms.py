"""The forms of programmes."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from deals.evidence import MAX_SIZE
from deals.forms.pieces import DayField, NumberField
from partners.actors import Actor
from partners.models import Membership, Partnership, Tier
from programmes.models import Certification, Figure, Requirement, Scheme


class SchemeForm(forms.ModelForm):
    """How tiers are reckoned."""

    class Meta:
        model = Scheme
        fields = ["window", "grace_days", "active"]
        help_texts = {
            "grace_days": _("A tier that is no longer reached is kept so long. The partner is told at once."),
            "active": _("Promotes at once, and warns before a fall."),
        }


class TierForm(forms.ModelForm):
    """A tier, its benefits, and the least that each figure has to be."""

    class Meta:
        model = Tier
        fields = ["name", "rank", "discount_percent", "protection_days", "open_deals"]
        labels = {
            "name": _("Name"),
            "rank": _("Rank"),
            "discount_percent": _("Discount, %"),
            "protection_days": _("Days of protection"),
            "open_deals": _("Open registrations"),
        }
        help_texts = {"rank": _("1 is the lowest: whoever reaches no other tier stands there.")}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {}
        if self.instance.pk:
            rows = Requirement.objects.visible_to(actor).filter(tier=self.instance)
            asked = dict(rows.values_list("figure", "at_least"))
        for figure in Figure:
            money = figure == Figure.REVENUE
            label = f"{figure.label}, {actor.organisation.currency}" if money else figure.label
            self.fields[figure.value] = NumberField(
                label=label,
                required=False,
                min_value=0,
                max_digits=15,
                decimal_places=2 if money else 0,
                initial=asked.get(figure.value),
            )

    def terms(self) -> dict[str, Any]:
        """The columns of the tier."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def asks(self) -> dict[str, Decimal | None]:
        """By figure."""
        return {figure.value: self.cleaned_data[figure.value] for figure in Figure}

    def asked_fields(self) -> list[forms.BoundField]:
        """The fields of the figures."""
        return [self[figure.value] for figure in Figure]

    def validate_unique(self) -> None:
        """The action says it, under lock."""


class FixForm(forms.Form):
    """Set a tier by hand."""

    tier = forms.ModelChoiceField(Tier.objects.none(), label=_("Tier"), empty_label=None)
    until = DayField(label=_("Until"), initial=lambda: localdate().replace(month=12, day=31))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner reads it."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Tier.objects.visible_to(actor).select_related("programme")
        offer(self, "tier", own.filter(programme__vendor=actor.organisation))


class RefuseForm(forms.Form):
    """Refuse a certificate."""

    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("The partner reads it."))


class VendorField(forms.ModelChoiceField):
    """A partnership, by the name of its vendor."""

    def label_from_instance(self, obj: Any) -> str:
        """The vendor."""
        return str(obj.vendor)


class CertificationForm(forms.ModelForm):
    """Report a certificate of a colleague."""

    partnership = VendorField(Partnership.objects.none(), label=_("Vendor"), empty_label=None)
    upload = forms.FileField(label=_("Certificate"), required=False, help_text=_("PDF or an image, at most 10 MB."))

    class Meta:
        model = Certification
        fields = ["membership", "name", "given_by", "given_on", "valid_until"]
        field_classes = {"given_on": DayField, "valid_until": DayField}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edges = Partnership.objects.visible_to(actor).active().filter(partner=actor.organisation)
        offer(self, "partnership", edges.select_related("vendor").order_by("vendor__name", "pk"))
        members = Membership.objects.visible_to(actor).filter(active=True).select_related("user")
        offer(self, "membership", members)
        self.fields["given_by"].required = False
        self.fields["given_by"].help_text = _("Empty: the vendor.")
        self.order_fields(["partnership", *self.Meta.fields, "upload"])

    def values(self) -> dict[str, Any]:
        """What the action asks for."""
        said = {name: self.cleaned_data[name] for name in ("partnership", *self.Meta.fields)}
        upload = self.cleaned_data.get("upload")
        return {**said, "file": (upload.name, upload.read(MAX_SIZE + 1)) if upload else None}
