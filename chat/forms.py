"""What people type and choose for rooms."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from chat.people import reachable
from core.forms import offer
from partners.actors import Actor
from partners.models import Membership, Organisation


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
