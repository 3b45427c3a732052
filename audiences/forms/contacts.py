"""A contact, its consents, and what is imported."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audiences.actions import FIELDS as COLUMNS
from audiences.models import AudienceSettings, Contact, Purpose
from audiences.rows import FIELDS, OWN, tags_of
from core import imports
from deals.forms.pieces import countries
from partners.actors import Actor


class TagsField(forms.CharField):
    """Words with commas between them, as a list in small letters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=800, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A list as people write it."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Each word once; twenty at most."""
        return tags_of(super().clean(value))


def _countries() -> list[tuple[str, Any]]:
    return [("", _("not known")), *countries()]


class ContactForm(forms.ModelForm):
    """One person, with the organisation's own fields."""

    country = forms.ChoiceField(label=_("Country"), choices=_countries, required=False)
    tags = TagsField(label=_("Tags"), help_text=_("Several with commas."))

    class Meta:
        model = Contact
        fields = ["name", "first_name", "email", "phone", "company", "country", "language", "source"]
        help_texts = {"first_name": _("Empty: the first word of the name."), "language": _("Two letters, such as it.")}

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        tags = [tag.name for tag in contact.tags.all()] if contact.pk else []
        super().__init__(*args, **{"instance": contact, "initial": {"tags": tags}, **kwargs})
        known = AudienceSettings.of(contact.organisation).fields
        self.own = list(dict.fromkeys([*known, *contact.more]))
        for at, name in enumerate(self.own):
            self.fields[f"own-{at}"] = forms.CharField(
                label=name, max_length=500, required=False, initial=contact.more.get(name, "")
            )

    def _post_clean(self) -> None:
        """The action judges and stores; the form must not write into the row that the page shows."""

    @property
    def own_bound(self) -> list[forms.BoundField]:
        """The organisation's own fields."""
        return [self[f"own-{at}"] for at in range(len(self.own))]

    def values(self) -> dict[str, Any]:
        """By column of the contact."""
        said = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        return {**said, "more": {name: self.cleaned_data[f"own-{at}"] for at, name in enumerate(self.own)}}


class ConsentForm(forms.Form):
    """A consent that was given elsewhere."""

    purpose = forms.ChoiceField(label=_("They agreed to"), choices=Purpose.choices)
    source = forms.CharField(label=_("Where"), max_length=120, help_text=_("Such as: fair in Bologna, stand 21."))
    wording = forms.CharField(
        label=_("In which words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class WithdrawForm(forms.Form):
    """A consent that was withdrawn elsewhere."""

    purpose = forms.ChoiceField(label=_("They no longer want"), choices=Purpose.choices)
    how = forms.CharField(label=_("How they said so"), max_length=120, required=False)


class LiftForm(forms.Form):
    """Why an address may be written to again."""

    note = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class MergeForm(forms.Form):
    """Which other contact is the same person."""

    def __init__(self, *args: Any, actor: Actor, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _("That contact goes; what this one lacks, its tags, consents and letters come over.")
        field: Any = forms.ModelChoiceField(
            label=_("The same person"), queryset=alike(actor, contact), help_text=help_text
        )
        self.fields["other"] = field
        field.label_from_instance = lambda row: " · ".join(part for part in (row.name, row.company, row.email) if part)


def alike(actor: Actor, contact: Contact) -> Any:
    """Contacts that may be the same person: of the same company, address host or name; fifty at most."""
    rows = Contact.objects.visible_to(actor).exclude(pk=contact.pk)
    close = rows.filter(name__iexact=contact.name) | rows.filter(name__istartswith=contact.called)
    if contact.company:
        close |= rows.filter(company__iexact=contact.company)
    if contact.domain:
        close |= rows.filter(domain=contact.domain)
    # through a subquery, as the field still has to look one up
    return rows.filter(pk__in=close.order_by("name", "pk").values("pk")[:50]).order_by("name", "pk")


class UploadForm(imports.UploadForm):
    """A table or cards."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with a heading, or vCard (.vcf), to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.vcf,.vcard,text/csv,text/vcard"}),
    )


LABELS = {
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "company": _("Company"),
    "country": _("Country"),
    "language": _("Language"),
    "tags": _("Tags"),
}


class MappingForm(imports.ColumnsForm):
    """The meaning of each column (`column-0`, …), and what holds for every line."""

    tags = TagsField(label=_("Tags for all"), help_text=_("Several with commas."))
    update = forms.BooleanField(label=_("Fill in what is missing of contacts that are known"), required=False)
    purpose = forms.ChoiceField(
        label=_("These people agreed to"),
        choices=[("", _("nothing that can be shown")), *Purpose.choices],
        required=False,
    )
    consent_source = forms.CharField(label=_("Where"), max_length=120, required=False)
    consent_wording = forms.CharField(
        label=_("In which words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    LABELS = {name: LABELS[name] for name in FIELDS}
    WHOLE = ("tags", "update", "purpose", "consent_source", "consent_wording")

    def own(self, heading: str) -> list[tuple[str, Any]]:
        """A field of one's own, named as the column."""
        key = own_name(heading)
        return [(f"{OWN}{key}", _("own field “%(name)s”") % {"name": key})] if key else []


def own_name(heading: str) -> str:
    """A heading as the name of one's own field; "" where nothing of it is left."""
    return " ".join(re.sub(r"[^\w -]+", " ", heading).split())[:40]


class TagForm(forms.Form):
    """Which tags the chosen contacts get, or lose."""

    tags = TagsField(label=_("Tags"), help_text=_("Several with commas."))
    remove = forms.BooleanField(label=_("Take them away instead"), required=False)

    def clean_tags(self) -> list[str]:
        """At least one."""
        if not self.cleaned_data["tags"]:
            raise forms.ValidationError(_("Write at least one tag."))
        return list(self.cleaned_data["tags"])
