"""Writing topics and posts. Length, tags and content are the actions' to judge."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.files import ACCEPT
from chat.forms import FilesField
from forums.models import Board, Topic
from forums.permissions import may_moderate
from partners.actors import Actor


def new_client_id() -> str:
    """A name for what is about to be sent, so that sending it twice is harmless."""
    return secrets.token_urlsafe(16)


class ReplyForm(forms.Form):
    """An answer."""

    body = forms.CharField(label=_("Your post"), required=False, strip=False, widget=forms.Textarea)
    client_id = forms.RegexField(r"^[A-Za-z0-9_-]{1,64}$", required=False, widget=forms.HiddenInput)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    files = FilesField(label=_("Files"), required=False)  # type: ignore[assignment]  # a field, not what was sent


class TopicForm(forms.Form):
    """A new topic, or (without its first post) a changed one."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Topic.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("Say it so that others find it again."))
    body = forms.CharField(label=_("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 10}))
    tags = forms.CharField(
        label=_("Tags"), max_length=200, required=False, help_text=_("Up to five words, with commas between them.")
    )
    files = FilesField(label=_("Files"), required=False)  # type: ignore[assignment]  # a field, not what was sent
    client_id = forms.RegexField(r"^[A-Za-z0-9_-]{1,64}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, board: Board, topic: Topic | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(Topic.Kind.choices)
        announced = topic is not None and topic.kind == Topic.Kind.ANNOUNCEMENT
        if not may_moderate(actor, board) and not announced:
            kinds = [choice for choice in kinds if choice[0] != Topic.Kind.ANNOUNCEMENT]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["files"].widget.attrs["accept"] = ACCEPT
        if topic is not None:
            for name in ("body", "files", "client_id"):
                del self.fields[name]

    def clean_tags(self) -> list[str]:
        """The words between the commas."""
        return [tag for tag in self.cleaned_data["tags"].split(",") if tag.strip()]


class EditForm(forms.Form):
    """Other words for a post."""

    body = forms.CharField(label=_("Text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12}))
    reason = forms.CharField(
        label=_("Why you change it"), max_length=300, required=False, help_text=_("The author will read this.")
    )


class WordsForm(forms.Form):
    """A sentence that goes with an act: a reason, a note."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
