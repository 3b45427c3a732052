"""What people type and choose for rooms."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from chat.actions.policy import LONGEST, SHORTEST
from chat.models import Room, TalkPolicy
from chat.people import reachable
from core.forms import offer
from partners.actors import Actor
from partners.models import Membership, Organisation, Role


class FilesInput(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Cleans to a list; the checks by content are the action's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=FilesInput(), **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Whatever was sent, as a list."""
        return [each for each in (data if isinstance(data, list | tuple) else [data]) if each]


class MessageForm(forms.Form):
    """A message with its files. Length and content are the action's to judge."""

    body = forms.CharField(label=_("Message"), required=False, strip=False, widget=forms.Textarea)
    client_id = forms.RegexField(r"^[A-Za-z0-9_-]{1,64}$", required=False)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    files = FilesField(label=_("Files"), required=False)  # type: ignore[assignment]  # a field, not what was sent


class MemberChoice(forms.ModelMultipleChoiceField):
    """People by name, with their organisation."""

    def label_from_instance(self, obj: Membership) -> str:
        """ "Marta Riva, Brenta Impianti"."""
        return f"{obj.user}, {obj.organisation}"


class OneMemberChoice(forms.ModelChoiceField):
    """One person by name, with their organisation."""

    label_from_instance = MemberChoice.label_from_instance


class DirectForm(forms.Form):
    """To whom to write."""

    member = OneMemberChoice(label=_("Person"), queryset=Membership.objects.none(), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "member", reachable(actor))


class RoomForm(forms.Form):
    """A new room: of people, or with a whole partner organisation."""

    title = forms.CharField(label=_("Name"), max_length=200, help_text=_("What the talk is about."))
    purpose = forms.CharField(label=_("What it is for"), max_length=300, required=False)
    organisation = forms.ModelChoiceField(
        label=_("Partner organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("No organisation: only the people below"),
        help_text=_("Everybody of both organisations may then read the room."),
    )
    members = MemberChoice(
        label=_("People"), queryset=Membership.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "members", reachable(actor))
        partners = Organisation.objects.visible_to(actor).partners_of(actor.organisation)
        offer(self, "organisation", partners)

    def clean(self) -> dict[str, Any]:
        """One or the other."""
        chosen = super().clean() or {}
        if not chosen.get("organisation") and not chosen.get("members") and not self.errors:
            self.add_error("members", _("Choose at least one person, or an organisation."))
        return chosen


class SettingsForm(forms.Form):
    """What a room is for and how it is kept."""

    purpose = forms.CharField(label=_("What it is for"), max_length=300, required=False)
    open_to = forms.ModelMultipleChoiceField(
        label=_("Open to"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People of these organisations find the room in the list of open rooms and join by themselves."),
    )
    history = forms.ChoiceField(label=_("Who comes later sees"), choices=Room.History.choices)
    pinning = forms.ChoiceField(label=_("Who pins messages"), choices=Room.Pinning.choices)

    def __init__(self, *args: Any, actor: Actor, room: Room, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if room.kind != Room.Kind.GROUP:
            del self.fields["open_to"]
            return
        near = Organisation.objects.visible_to(actor)
        mine, partners = near.filter(pk=actor.organisation.pk), near.partners_of(actor.organisation)
        offer(self, "open_to", mine | partners)


class PolicyForm(forms.Form):
    """The rules of an organisation for its talk."""

    seats = forms.ChoiceField(
        label=_("Who sits in rooms with other organisations"),
        choices=TalkPolicy.Seats.choices,
        widget=forms.RadioSelect,
        help_text=_("It holds at once: who is kept out no longer sees those rooms. Talk among colleagues is free."),
    )
    roles = forms.ModelMultipleChoiceField(
        label=_("Roles"), queryset=Role.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    members = MemberChoice(
        label=_("People"), queryset=Membership.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    receipts = forms.BooleanField(
        label=_("Tell partners which messages our people have read"),
        required=False,
        help_text=_("Without it we are not told what theirs have read either."),
    )
    keep_days = forms.IntegerField(
        label=_("Days to keep talk"),
        required=False,
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_(
            "Older messages and files of rooms that are ours alone are removed each night. Rooms with partners are "
            "kept as long as the one who keeps longest says. Empty keeps all."
        ),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "roles", Role.objects.visible_to(actor).order_by("name"))
        live = Membership.objects.visible_to(actor).live()
        offer(self, "members", live.select_related("user", "organisation").order_by("user__name", "pk"))


class HoldForm(forms.Form):
    """Why, and where, nothing may be removed."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Such as the name of the case."))
    room = forms.ModelChoiceField(
        label=_("Room"), queryset=Room.objects.none(), required=False, empty_label=_("All our talk")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "room", Room.objects.visible_to(actor).whole().order_by("title", "pk"))


class SeatForm(forms.Form):
    """One more person or organisation for a room."""

    member = OneMemberChoice(label=_("Person"), queryset=Membership.objects.none(), required=False)
    organisation = forms.ModelChoiceField(
        label=_("Partner organisation"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "member", reachable(actor))
        partners = Organisation.objects.visible_to(actor).partners_of(actor.organisation)
        offer(self, "organisation", partners)


class TitleForm(forms.Form):
    """Another name for a room."""

    title = forms.CharField(label=_("Name"), max_length=200)
