"""A trigger as a form: only what its event and its act ask for is shown, and pressing a button shows what else is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from automation.models import Trigger
from automation.occasions import OCCASIONS, Occasion
from deals.forms.beside import colleagues_of
from partners.actors import Actor
from partners.models import Role, User
from promotions.models import Promotion

LIMITS = ("once", "per_week", "daily_max", "quiet_begins", "quiet_ends", "workdays")
OF_ACT: dict[str, tuple[str, ...]] = {
    "letter": ("to", "purpose", "sender_name", "reply_to", "subject", "body"),
    "notice": ("role", "person", "subject", "body"),
    "code": ("promotion",),
    "task": ("person", "subject", "body", "due_days"),
}
BUT: dict[str, tuple[str, ...]] = {
    "notice": ("per_week", "quiet_begins", "quiet_ends", "workdays"),
    "code": ("per_week",),
}
BUT["task"] = BUT["notice"]
MUST: dict[str, tuple[str, ...]] = {
    "letter": ("sender_name", "subject", "body"),
    "notice": ("subject",),
    "code": ("promotion",),
    "task": ("subject",),
}
UNITS = (("1", _("hours")), ("24", _("days")))


class TriggerForm(forms.ModelForm):
    """When, after, then and the limits; the conditions have an editor of their own."""

    event = forms.ChoiceField(label=_("When"))
    wait = forms.IntegerField(label=_("Wait"), min_value=0, max_value=8760)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    quiet_begins = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_ends = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    class Meta:
        model = Trigger
        fields = [
            "name", "event", "days", "act", "to", "purpose", "sender_name", "reply_to", "subject", "body", "role",
            "person", "promotion", "due_days", "once", "per_week", "daily_max", "workdays",
        ]  # fmt: skip
        widgets = {"body": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "per_week": _("Of all triggers of your organisation together."),
            "daily_max": _("What is beyond waits until the next day."),
            "purpose": _("Only who agreed to this gets it."),
            "role": _("Those of this role who may see such records."),
        }

    def __init__(self, *args: Any, actor: Actor, trigger: Trigger, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None) or {}
        hours = trigger.delay_hours
        unit = 24 if hours and hours % 24 == 0 else 1
        quiet = {"quiet_begins": trigger.quiet_begins, "quiet_ends": trigger.quiet_ends}
        initial = {"wait": hours // unit, "unit": str(unit), "event": trigger.event, **quiet, **given}
        super().__init__(*args, **{"instance": trigger, "initial": initial, **kwargs})
        self._offer(actor)
        event, act = self._said("event", trigger.event), self._said("act", trigger.act)
        self.occasion = OCCASIONS.get(event) or next(iter(OCCASIONS.values()))
        self.shown = OF_ACT.get(act, ())
        hidden = {name for names in OF_ACT.values() for name in names} - set(self.shown) | set(BUT.get(act, ()))
        if not self.occasion.days:
            hidden.add("days")
        for name in hidden:
            del self.fields[name]
        for name in MUST.get(act, ()):
            self.fields[name].required = True
        if "to" in self.fields:
            self._offer_addressees()
        if act == "notice":
            self.fields["body"].label, self.fields["subject"].label = _("Note"), _("What they read")

    def _said(self, name: str, otherwise: str) -> str:
        return str((self.data if self.is_bound else self.initial).get(name) or otherwise)

    def _offer(self, actor: Actor) -> None:
        fields: Any = self.fields
        fields["event"].choices = [
            (key, occasion.in_words(self._days(occasion))) for key, occasion in OCCASIONS.items()
        ]
        fields["role"].queryset = Role.objects.visible_to(actor)
        fields["role"].empty_label = _("nobody")
        fields["person"].queryset = User.objects.none()
        fields["person"] = forms.TypedChoiceField(
            label=_("Colleague"), coerce=int, empty_value=None, required=False,
            choices=[("", _("nobody in particular")), *colleagues_of(actor)],
        )  # fmt: skip
        mine = Promotion.objects.visible_to(actor).filter(vendor=actor.organisation, codes_kind="many")
        fields["promotion"].queryset = mine.exclude(state__in=("ended", "cancelled"))
        fields["promotion"].empty_label = _("choose one with codes for one order each")

    def _days(self, occasion: Occasion) -> int:
        """The days of the chosen event as typed, of the others as they are proposed."""
        typed = self._said("days", str(self.instance.days))
        chosen = occasion.key == self._said("event", self.instance.event)
        return int(typed) if chosen and typed.isdecimal() and len(typed) < 4 else occasion.days

    def _offer_addressees(self) -> None:
        kind, field = self.occasion.kind, self.fields["to"]
        choices: list[tuple[str, Any]] = []
        if kind.person:
            choices.append((Trigger.To.PERSON, kind.person))
        if kind.partner:
            choices.append((Trigger.To.PARTNER, Trigger.To.PARTNER.label))
        field.choices = choices  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The action judges and stores; the form must not write into the row that the page shows."""

    def values(self) -> dict[str, Any]:
        """By column of the trigger; what the form did not show stays as it is."""
        said = dict(self.cleaned_data)
        said["delay_hours"] = said.pop("wait") * int(said.pop("unit"))
        if "person" in said:
            said["person"] = User(pk=said["person"]) if said["person"] else None
        return said
