"""A mailing: what it says and to whom, when it starts, and how the organisation sends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audiences.actions.mailing import FIELDS
from audiences.models import AudienceSettings, Contact, Mailing, Segment
from deals.forms.beside import MomentField
from partners.actors import Actor


class MailingForm(forms.ModelForm):
    """One letter to many."""

    share_b = forms.IntegerField(label=_("Share of the second, in percent"), min_value=1, max_value=99, required=False)

    class Meta:
        model = Mailing
        fields = list(FIELDS)
        widgets = {"body": forms.Textarea(attrs={"rows": 16})}
        help_texts = {
            "subject_b": _("With a second subject both are tried, and the results stand beside each other."),
            "purpose": _("Only who agreed to this gets it."),
            "tracking": _(
                "By a small picture and through links of this portal. Off: nothing is counted but what arrives."
            ),
        }

    def __init__(self, *args: Any, actor: Actor, mailing: Mailing, **kwargs: Any) -> None:
        super().__init__(*args, **{"instance": mailing, **kwargs})
        field: Any = self.fields["segment"]
        field.queryset, field.label = Segment.objects.visible_to(actor), _("Goes to")
        field.empty_label = _("choose a segment")

    def _post_clean(self) -> None:
        """The action judges and stores; the form must not write into the row that the page shows."""

    def values(self) -> dict[str, Any]:
        """By column of the mailing."""
        said = dict(self.cleaned_data)
        return {**said, "share_b": said["share_b"] or 50}


class ScheduleForm(forms.Form):
    """When it starts."""

    at = MomentField(label=_("Starts"))


class PreviewForm(forms.Form):
    """As whom one looks at a letter."""

    contact = forms.ModelChoiceField(
        label=_("As"), queryset=Contact.objects.none(), required=False, empty_label=_("yourself")
    )
    variant = forms.ChoiceField(label=_("Subject"), choices=[("A", "A"), ("B", "B")], required=False)

    def __init__(self, *args: Any, actor: Actor, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contact"]
        field.queryset = Contact.objects.visible_to(actor).filter(pk__in=rows)


class SettingsForm(forms.ModelForm):
    """How the organisation writes to its contacts."""

    class Meta:
        model = AudienceSettings
        fields = ["tracking", "four_eyes", "per_minute"]
        help_texts = {"per_minute": _("What your mail server takes. Of each mailing.")}

    def _post_clean(self) -> None:
        """The action judges and stores."""
