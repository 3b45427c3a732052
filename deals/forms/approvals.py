"""Approval steps, limits and absences, as typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from deals.approvers import NOBODY, colleagues
from deals.forms.pieces import CURRENCIES, CountryField, DayField, NumberField
from deals.models import ApprovalPolicy, Deal, RegistrationType, Who
from partners.actors import Actor

MONEY = [("", _("Any")), *((code, code) for code in CURRENCIES)]


class PolicyForm(forms.Form):
    """One step: when it is needed, and who is asked."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as “Head of sales”."))
    position = forms.IntegerField(
        label=_("Position"),
        min_value=1,
        max_value=20,
        initial=1,
        help_text=_("Steps of the same position are asked side by side, the next position after them."),
    )
    amount_from = NumberField(label=_("Value from"), min_value=0, max_digits=14, decimal_places=2, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=MONEY, required=False)
    discount_from = NumberField(
        label=_("Discount from, percent"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    product_line = forms.CharField(label=_("Product line"), max_length=80, required=False)
    country = CountryField(label=_("Country of the customer"), required=False)
    type = forms.ModelChoiceField(
        RegistrationType.objects.none(), label=_("Type"), required=False, empty_label=_("Any")
    )
    who = forms.ChoiceField(label=_("Who is asked"), choices=Who.choices)
    persons = forms.ModelMultipleChoiceField(
        NOBODY, label=_("Named persons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    needed = forms.IntegerField(
        label=_("How many of them have to agree"),
        min_value=0,
        max_value=20,
        initial=1,
        help_text=_("0 stands for all."),
    )
    hours = forms.IntegerField(label=_("Within, business hours"), min_value=1, max_value=200, initial=8)
    second = forms.ModelChoiceField(
        NOBODY,
        label=_("If nobody answers in time"),
        required=False,
        empty_label=_("Whoever may approve"),
        help_text=_("Asked then too. Without a name, everybody who may approve is asked."),
    )

    def __init__(self, data: Any = None, *, actor: Actor, policy: ApprovalPolicy | None = None) -> None:
        names = [name for name in self.base_fields if name != "persons"]
        first = {name: getattr(policy, name) for name in names} if policy else {}
        if policy:
            first |= {"persons": [person.pk for person in policy.persons.all()]}
        super().__init__(data, initial=first)
        self.fields["country"].choices = [("", _("Any")), *self.fields["country"].choices]  # type: ignore[attr-defined]
        offer(self, "type", RegistrationType.objects.visible_to(actor).order_by("name"))
        for name in ("persons", "second"):
            offer(self, name, colleagues(actor))

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        parts = (
            (_("The step"), ("name", "position")),
            (_("Which deals need it"), ("amount_from", "currency", "discount_from", "product_line", "country", "type")),
            (_("Who agrees"), ("who", "persons", "needed", "hours", "second")),
        )
        return [(str(heading), [self[name] for name in names]) for heading, names in parts]


class LimitForm(forms.Form):
    """Up to what value somebody may approve."""

    user = forms.ModelChoiceField(NOBODY, label=_("Who"), empty_label=_("Choose…"))
    amount = NumberField(label=_("Up to"), min_value=0, max_digits=14, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data, prefix="limit")
        offer(self, "user", colleagues(actor))


class AbsenceForm(forms.Form):
    """From when until when somebody is away, and who stands in."""

    user = forms.ModelChoiceField(NOBODY, label=_("Who is away"), empty_label=_("Choose…"))
    start = DayField(label=_("First day away"))
    end = DayField(label=_("Last day away"))
    delegate = forms.ModelChoiceField(
        NOBODY,
        label=_("Who stands in"),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Answers approvals in your place. It is shown as done for you."),
    )

    def __init__(self, data: Any = None, *, actor: Actor, everybody: bool) -> None:
        super().__init__(data, initial={"user": actor.user})
        people = colleagues(actor)
        mine = people.filter(pk=actor.user.pk) if actor.user else NOBODY
        offer(self, "user", people if everybody else mine)
        offer(self, "delegate", people)


class AgreeForm(forms.Form):
    """A note that goes with one's agreement."""

    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your colleagues read this; the partner does not."),
    )


class HandBackForm(forms.Form):
    """What the reviewer has to find out."""

    note = forms.CharField(
        label=_("What has to be found out"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your colleagues read this; the partner does not."),
    )


class RefuseStepForm(forms.Form):
    """Why a deal is refused."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose…")), *Deal.Reason.choices])
    note = forms.CharField(
        label=_("Note to the partner"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner reads this."),
    )
