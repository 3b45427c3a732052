"""Forms of people, roles, machines and partnerships. They offer only what the actor may see."""

import ipaddress
from typing import Any, cast
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum import ean, get_cc_module, vatin
from stdnum.exceptions import ValidationError

from core.forms import offer
from core.listing.filters import Choices
from partners.actors import Actor
from partners.logos import ACCEPT
from partners.models import Membership, Organisation, Partnership, Role, Tier, User

MOST_NETWORKS = 20


def countries() -> Choices:
    """The countries of ISO 3166-1 in the reader's language, by name."""
    names = Locale.parse(get_language() or "en", sep="-").territories
    real = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code < "XA"]
    return sorted(real, key=lambda pair: pair[1])


def time_zones() -> Choices:
    """The zones of the IANA database that people name."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if zone.startswith(regions)]


class ProfileForm(forms.ModelForm):
    """How a person is called, and in which language and time zone they read."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]


class FoundForm(forms.Form):
    """A new company."""

    name = forms.CharField(label=_("Name of the company"), max_length=200)
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="IT")


class OrganisationForm(forms.ModelForm):
    """The details of a company, its identifiers checked by their own arithmetic."""

    country = forms.ChoiceField(label=_("Country"), choices=countries)
    website = forms.URLField(label=_("Web site"), required=False, assume_scheme="https")
    # wider than the columns: people paste them with blanks and dashes
    vat_id = forms.CharField(
        label=_("VAT number"),
        max_length=30,
        required=False,
        help_text=_("With the letters of the country, such as IT00743110157."),
    )
    gln = forms.CharField(
        label=_("GLN"),
        max_length=30,
        required=False,
        help_text=_("Global Location Number of GS1: thirteen digits, the last one checks the others."),
    )
    duns = forms.CharField(label=_("D-U-N-S"), max_length=30, required=False, help_text=_("Nine digits."))

    class Meta:
        model = Organisation
        fields = ["name", "legal_name", "country", "city", "website", "currency", "vat_id", "gln", "duns"]
        help_texts = {
            "currency": _("ISO 4217, three letters, such as EUR."),
        }

    def clean_vat_id(self) -> str:
        """Compact and valid by the rules of its country (python-stdnum), where those are known."""
        value = "".join(self.cleaned_data["vat_id"].split()).upper()
        if not value:
            return ""
        if len(value) > 20:
            raise forms.ValidationError(_("A VAT number has twenty characters at most."))
        if value[:2].isalpha() and get_cc_module(value[:2].lower(), "vat") is None:
            return value  # a country whose rules python-stdnum does not know
        try:
            return vatin.validate(value)
        except ValidationError as error:
            raise forms.ValidationError(_("This VAT number is not valid. Begin with its country.")) from error

    def clean_gln(self) -> str:
        """Thirteen digits with a right check digit (GS1 General Specifications, 7.9)."""
        value = "".join(self.cleaned_data["gln"].split())
        if value and (len(value) != 13 or not ean.is_valid(value)):
            raise forms.ValidationError(_("A GLN has thirteen digits, and its last one must fit the others."))
        return value

    def clean_duns(self) -> str:
        """Nine digits; the dashes of its usual spelling are dropped."""
        value = "".join(self.cleaned_data["duns"].replace("-", " ").split())
        if value and (len(value) != 9 or not value.isascii() or not value.isdigit()):
            raise forms.ValidationError(_("A D-U-N-S number has nine digits."))
        return value


class LogoForm(forms.Form):
    """A picture for the organisation's logo; `partners.logos` judges what is in it."""

    logo = forms.FileField(
        label=_("Picture"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("PNG, JPEG or WebP, to 5 MB. It stands on white, at most 600 × 240 pixels large."),
    )


class RoleChoice(forms.ModelMultipleChoiceField):
    """Boxes of roles, each with how much it holds."""

    widget = forms.CheckboxSelectMultiple


class RolesForm(forms.Form):
    """Which roles a member has."""

    roles = RoleChoice(label=_("Roles"), queryset=Role.objects.none(), required=True)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "roles", Role.objects.visible_to(actor))


class InviteColleagueForm(RolesForm):
    """A colleague to invite."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    field_order = ["email", "roles"]


class InviteCompanyForm(forms.Form):
    """A company to invite."""

    company_name = forms.CharField(label=_("Company"), max_length=200)
    email = forms.EmailField(label=_("E-mail of your contact there"), max_length=254)
    kind = forms.ChoiceField(label=_("Kind of partnership"), choices=Partnership.Kind.choices)


class JoinForm(forms.Form):
    """A new account for somebody who was invited."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least ten characters; a sentence is easiest to remember."),
    )

    def clean_password(self) -> str:
        """As strong as everywhere in the portal."""
        password = self.cleaned_data["password"]
        validate_password(password, User(name=self.cleaned_data.get("name", "")))
        return password


class JoinAsCompanyForm(forms.Form):
    """For which company an invitation is accepted: one of one's own, or a new one."""

    NEW = "new"
    organisation = forms.ChoiceField(label=_("Accept for"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name of the company"), max_length=200, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="IT", required=False)

    def __init__(self, *args: Any, memberships: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(str(each.organisation_id), each.organisation.name) for each in memberships]
        choice = cast(forms.ChoiceField, self.fields["organisation"])
        choice.choices = [*own, (self.NEW, _("A company that is new here"))]
        choice.initial = own[0][0] if own else self.NEW

    def clean(self) -> dict[str, Any]:
        """A new company needs its name and country."""
        data = super().clean() or {}
        if data.get("organisation") == self.NEW:
            for field in ("name", "country"):
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, _("Needed for a new company."))
        return data


class RoleForm(forms.Form):
    """A role's name, and which one it starts as."""

    name = forms.CharField(label=_("Name"), max_length=60)
    like = forms.ModelChoiceField(
        label=_("Start with what this role holds"),
        queryset=Role.objects.none(),
        required=False,
        empty_label=_("Nothing"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "like", Role.objects.visible_to(actor))


class ServiceAccountForm(forms.Form):
    """A machine: its name, its one role, and from where it may come."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as “SAP, order interface”."))
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none())
    networks = forms.CharField(
        label=_("Allowed networks"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as 192.0.2.0/24 or 2001:db8::/32. Empty: from anywhere."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "role", Role.objects.visible_to(actor))

    def clean_networks(self) -> list[str]:
        """Networks in CIDR notation (RFC 4632, RFC 4291), normalised."""
        words = self.cleaned_data["networks"].replace(",", " ").split()
        if len(words) > MOST_NETWORKS:
            raise forms.ValidationError(_("At most twenty networks."))
        return [self._network(word) for word in words]

    @staticmethod
    def _network(word: str) -> str:
        try:
            return str(ipaddress.ip_network(word, strict=False))
        except ValueError as error:
            raise forms.ValidationError(_("“%(word)s” is not a network."), params={"word": word[:60]}) from error


class KeyForm(forms.Form):
    """For how long a key is valid."""

    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=365,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("1 year")), (730, _("2 years"))],
    )


class TermsForm(forms.Form):
    """The vendor's terms for one partner."""

    tier = forms.ModelChoiceField(label=_("Tier"), queryset=Tier.objects.none(), required=False)
    territory = forms.CharField(label=_("Territory"), max_length=120, required=False)
    manager = forms.ModelChoiceField(label=_("Channel manager"), queryset=Membership.objects.none(), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "tier", Tier.objects.visible_to(actor))
        members = Membership.objects.visible_to(actor).live()
        offer(self, "manager", members.order_by("user__name"))


class ReasonForm(forms.Form):
    """Why: the other company reads it."""

    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), required=False)


class ApplyForm(forms.Form):
    """An application to a vendor."""

    kind = forms.ChoiceField(label=_("What you would like to be"), choices=Partnership.Kind.choices)
    application = forms.CharField(
        label=_("Why you"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Your markets, your people, what you sell today."),
    )


class ProgrammeForm(forms.Form):
    """The partner programme."""

    name = forms.CharField(label=_("Name of the programme"), max_length=120)
    takes_applications = forms.BooleanField(label=_("Companies that have the link may apply"), required=False)


class AgreementForm(forms.Form):
    """A new version of the agreement."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("It cannot be changed once published; partners accept exactly this text."),
    )
    accept_within_days = forms.IntegerField(label=_("Days to accept it"), min_value=1, max_value=365, initial=30)
