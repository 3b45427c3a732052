"""The types of registration that a vendor offers: what it gives, and what it asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals import asked
from deals.actions.terms import TERMS
from deals.fields import CUSTOMER_LABELS, RETURNABLE
from deals.models import RegistrationType
from partners.actors import Actor
from partners.models import Partnership, Tier


class TypeForm(forms.ModelForm):
    """What a type is called, for whom it is there and what it gives."""

    kinds = forms.MultipleChoiceField(
        label=_("Kinds of partnership"),
        choices=Partnership.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: it is offered to all of them."),
    )
    tiers = forms.TypedMultipleChoiceField(
        label=_("Tiers"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: it is offered to all of them."),
    )

    class Meta:
        model = RegistrationType
        fields = ["name", "help", "kinds", "tiers", *TERMS, "benefit", "benefit_percent"]
        labels = {
            "name": _("Name"),
            "help": _("When to choose it"),
            "exclusive": _("One partner for each customer and product line"),
            "protection_days": _("An approval protects for, days"),
            "extensions": _("It can be extended, times"),
            "extension_days": _("Each time by, days"),
            "grace_days": _("An ended protection can be reinstated for, days"),
            "cool_off_days": _("And not registered anew for, days"),
            "review_hours": _("We answer within, business hours"),
            "keeps_priority_days": _("A returned deal keeps its place for, business days"),
            "needs_evidence": _("A file is asked for as evidence"),
            "deemed_approval": _("What we do not answer counts as approved"),
            "benefit": _("With an approval comes"),
            "benefit_percent": _("Discount on list prices, percent"),
        }
        help_texts = {
            "help": _("One sentence that partners read where they choose."),
            "exclusive": _("Otherwise several partners may be protected beside each other."),
            "cool_off_days": _("By the same partner, for the same customer and product line."),
            "deemed_approval": _("After twice the time, and only where the check found no conflict."),
            "benefit": _("Such as a demo unit, or help with the tender. It ends with the protection."),
            "benefit_percent": _("For lines that ask for no price of their own."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiers = Tier.objects.visible_to(actor).order_by("rank")
        self.fields["tiers"].choices = [(tier.pk, tier.name) for tier in tiers]  # type: ignore[attr-defined]
        if self.instance.is_default or not self.fields["tiers"].choices:  # type: ignore[attr-defined]
            del self.fields["tiers"]
        if self.instance.is_default:
            del self.fields["kinds"]

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, in the order in which a partner meets them."""
        parts = (
            (_("Name"), ("name", "help", "kinds", "tiers")),
            (_("Review"), ("review_hours", "keeps_priority_days", "deemed_approval", "needs_evidence")),
            (_("Protection"), ("exclusive", "protection_days")),
            (_("More time"), ("extensions", "extension_days", "grace_days", "cool_off_days")),
            (_("Benefit"), ("benefit", "benefit_percent")),
        )
        return [(str(head), [self[name] for name in names if name in self.fields]) for head, names in parts]


class AsksForm(forms.Form):
    """Which optional parts of the common form a type asks for."""

    required = forms.MultipleChoiceField(
        label=_("Asked for, although optional elsewhere"),
        choices=[(name, CUSTOMER_LABELS.get(name) or RETURNABLE[name]) for name in asked.OPTIONAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tender = forms.BooleanField(
        label=_("For tenders: the day of publication is asked for"),
        required=False,
    )


class OwnFieldForm(forms.Form):
    """One field of a type's own."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose…")), *asked.KINDS.items()])
    help = forms.CharField(label=_("Help"), max_length=200, required=False)
    choices = forms.CharField(
        label=_("Choices, one a line"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    required = forms.BooleanField(label=_("Asked for"), required=False)


class EvidenceKindForm(forms.Form):
    """One kind of evidence that a type asks for."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Name"), max_length=80)
    help = forms.CharField(label=_("Help"), max_length=200, required=False)
    count = forms.IntegerField(label=_("Files"), min_value=1, max_value=asked.MAX_FILES)


class BaseRows(forms.BaseFormSet):
    """Rows that all count as new, so that one which the page emptied is simply left out."""

    def initial_form_count(self) -> int:
        """None is stored under its own key."""
        return 0

    def rows(self) -> list[dict[str, Any]]:
        """The rows that were filled in."""
        return [form.cleaned_data for form in self.forms if form.has_changed()]


def _rows(form: type[forms.Form], most: int) -> Any:
    return forms.formset_factory(
        form, formset=BaseRows, max_num=most, absolute_max=most + 1, validate_max=True, extra=1
    )


OwnFields: Any = _rows(OwnFieldForm, asked.MAX_FIELDS)
EvidenceKinds: Any = _rows(EvidenceKindForm, asked.MAX_KINDS)


def rows_for(kind: Any, prefix: str, data: Any, stored: list[dict[str, Any]]) -> Any:
    """The formset over stored rows, with an empty one below; over what was sent, where `data` is given."""
    initial = [{**row, "choices": "\n".join(row.get("choices", ()))} for row in stored]
    formset = kind(data, prefix=prefix, initial=None if data is not None else initial)
    formset.extra = len(initial) + 1
    for form in formset.forms:
        form.empty_permitted = True
        form.use_required_attribute = False
    return formset
