"""What people write beside a deal: activities, notes, files, contacts, and how the sale stands."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deals.actions.revising import revisable
from deals.forms.pieces import DayField, NumberField
from deals.models import Activity, Contact, Deal, Forecast, Stage
from deals.models.stages import MAX_AMOUNT
from partners.actors import Actor
from partners.models import Membership

REMINDERS = (("", _("No reminder")), (0, _("At its time")), (15, _("15 minutes before")), (60, _("An hour before")),
             (1440, _("A day before")), (10080, _("A week before")))  # fmt: skip


def colleagues_of(actor: Actor) -> list[tuple[int, str]]:
    """The people of one's own organisation, by name."""
    live = Membership.objects.visible_to(actor).live().prefetch_related(None)
    return [
        (each.user_id, str(each.user)) for each in live.order_by("user__name", "pk").only("user__name", "user__email")
    ]


class MomentField(forms.DateTimeField):
    """A day and a time, chosen with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, **kwargs)
        self.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class ColleagueField(forms.TypedChoiceField):
    """One of one's own colleagues, by the id of the person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def offer(self, actor: Actor, nobody: Any) -> None:
        """Offer the actor's colleagues, and nobody under these words."""
        self.choices = [("", nobody), *colleagues_of(actor)]


def _shared() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("The other company may read this"),
        required=False,
        help_text=_("Otherwise it stays with your own organisation."),
    )


class ActivityForm(forms.Form):
    """A call, meeting, mail or task."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Activity.Kind.choices, initial=Activity.Kind.CALL)
    subject = forms.CharField(label=_("What is to be done"), max_length=200)
    due_at = MomentField(label=_("When"))
    minutes = forms.IntegerField(label=_("Minutes it takes"), min_value=0, max_value=1440, required=False)
    assignee = ColleagueField(label=_("Who does it"), required=False)
    remind = forms.TypedChoiceField(
        label=_("Reminder"), choices=REMINDERS, coerce=int, empty_value=None, required=False, initial=60
    )
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    shared = _shared()

    def __init__(self, *args: Any, actor: Actor, activity: Activity | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _values_of(activity) if activity else _tomorrow(actor)
        super().__init__(*args, **kwargs)
        self.fields["assignee"].offer(actor, _("Nobody yet"))  # type: ignore[attr-defined]
        if activity:
            del self.fields["shared"]

    def values(self) -> dict[str, Any]:
        """The columns of the activity; the reminder as the moment in which it comes."""
        found = dict(self.cleaned_data)
        found.pop("shared", None)
        before = found.pop("remind")
        found["remind_at"] = None if before is None else found["due_at"] - timedelta(minutes=before)
        found["minutes"] = found["minutes"] or 0
        person = found.pop("assignee")
        return {**found, "assignee": Membership._meta.get_field("user").related_model(pk=person) if person else None}


def _tomorrow(actor: Actor) -> dict[str, Any]:
    day = (localtime() + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    return {"due_at": day, "assignee": actor.user.pk if actor.user else None}


def _values_of(activity: Activity) -> dict[str, Any]:
    values = {name: getattr(activity, name) for name in ("kind", "subject", "due_at", "minutes", "note")}
    remind = activity.remind_at and int((activity.due_at - activity.remind_at).total_seconds() // 60)
    known = {minutes for minutes, _words in REMINDERS}
    return {**values, "assignee": activity.assignee_id, "remind": remind if remind in known else ""}


class NoteForm(forms.Form):
    """A note."""

    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    pinned = forms.BooleanField(label=_("Keep it on top"), required=False)
    shared = _shared()


class NoteTextForm(forms.Form):
    """The words of a note, changed."""

    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


class FileForm(forms.Form):
    """A file."""

    file = forms.FileField(label=_("File"), max_length=300, help_text=_("PDF, image, Office, text or CSV, to 10 MB."))
    shared = _shared()


class ContactForm(forms.Form):
    """A person at an end customer."""

    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.CharField(label=pgettext_lazy("of a person", "Role"), max_length=120, required=False)
    part = forms.ChoiceField(
        label=_("Part in the decision"), choices=Contact.Part.choices, initial=Contact.Part.OTHER, required=False
    )
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, help_text=_("Abroad with + and the country's code.")
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Never told to a vendor."),
    )

    def clean_part(self) -> str:
        """Left out, it is not known."""
        return self.cleaned_data["part"] or Contact.Part.OTHER


class ReviseForm(forms.Form):
    """How the sale stands now: the fields that the deal's state leaves open."""

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    probability = forms.IntegerField(
        label=_("Probability, %"), min_value=0, max_value=100, help_text=_("Follows the stage unless you change it.")
    )
    forecast = forms.ChoiceField(
        label=_("Forecast"), choices=[("", _("As the stage says")), *Forecast.choices], required=False
    )
    decision_date = DayField(label=_("Decision expected"))
    amount = NumberField(label=_("Value"), max_digits=14, decimal_places=2, max_value=MAX_AMOUNT, min_value=0)
    competitor = forms.CharField(label=_("Competitor"), max_length=120, required=False)
    seller = ColleagueField(label=_("Sold by"), required=False)
    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("The vendor reads this."))

    def __init__(self, *args: Any, actor: Actor, deal: Deal, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name in revisable(deal)]
        initial = {name: getattr(deal, f"{name}_id" if name == "seller" else name) for name in names}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {*names, "reason"}:
            del self.fields[name]
        if "seller" in self.fields:
            self.fields["seller"].offer(actor, _("Nobody"))  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Only what was changed: what stays as it was needs no check."""
        found = {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}
        if "seller" in found:
            person = found["seller"]
            found["seller"] = Membership._meta.get_field("user").related_model(pk=person) if person else None
        return found
