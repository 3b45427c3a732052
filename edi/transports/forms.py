"""What people type about transports. A secret is never shown again: an empty field keeps the one there is."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from core.outbound import private_allowed
from edi.models import Transport
from partners.actors import Actor
from partners.models import ServiceAccount

KEPT = _("Kept encrypted and not shown again. Leave it empty to keep the one there is.")


class SecretField(forms.CharField):
    """A password or the like."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False)


class TransportForm(forms.Form):
    """What every way has: who the documents come in as, and whether it is in use."""

    SETTINGS: ClassVar[tuple[str, ...]] = ()
    SECRETS: ClassVar[tuple[str, ...]] = ()
    NAMES: ClassVar[tuple[str, ...]] = ()

    account = forms.ModelChoiceField(
        ServiceAccount.objects.none(),
        label=_("Documents come in as"),
        help_text=_("A service account of your organisation whose role may exchange documents."),
    )
    state = forms.ChoiceField(label=_("State"), choices=Transport.State.choices, initial="active")

    def __init__(self, *args: Any, actor: Actor, transport: Transport | None, **kwargs: Any) -> None:
        if transport is not None:
            known = {"account": transport.account, "state": transport.state, **transport.settings}
            kwargs["initial"] = {**known, "own_name": transport.own_name, "their_name": transport.their_name}
        super().__init__(*args, **kwargs)
        offer(self, "account", ServiceAccount.objects.visible_to(actor).filter(active=True).select_related("role"))

    def clean_account(self) -> ServiceAccount:
        """One that may exchange documents."""
        account: ServiceAccount = self.cleaned_data["account"]
        if "edi.send" not in account.capabilities():
            raise ValidationError(_("The role of this account may not exchange documents."))
        return account

    def values(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        found = self.cleaned_data
        return {
            "account": found["account"],
            "state": found["state"],
            "settings": {name: found.get(name) for name in self.SETTINGS},
            "secrets": {name: found[name] for name in self.SECRETS if found.get(name)},
            **{name: found[name] for name in self.NAMES},
        }


class AddressField(forms.CharField):
    """A web address."""

    default_validators = [URLValidator(schemes=["https", "http"])]
    widget = forms.URLInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, **kwargs)


class HttpForm(TransportForm):
    """Where to post to, and how we prove who we are."""

    SETTINGS = ("url", "proof", "username")
    SECRETS = ("secret",)

    url = AddressField(label=_("Web address"), help_text=_("Each document is posted there as it is."))
    proof = forms.ChoiceField(
        label=_("Proof"),
        choices=[
            ("hmac", _("Signature (HMAC-SHA-256)")),
            ("bearer", _("Bearer key")),
            ("basic", _("User name and password")),
            ("none", _("None")),
        ],
        help_text=_("With a signature, X-Filiera-Signature carries the time and the HMAC of time, point and body."),
    )
    username = forms.CharField(label=_("User name"), max_length=200, required=False)
    secret = SecretField(label=_("Secret, key or password"), max_length=500, required=False, help_text=KEPT)

    def clean(self) -> dict[str, Any]:
        """A secret that travels with the document does so over TLS."""
        found = super().clean() or {}
        bare = str(found.get("url", "")).lower().startswith("http:") and not private_allowed()
        if bare and found.get("proof") in {"bearer", "basic"}:
            self.add_error("url", _("With a key or password, the address begins with https://."))
        return found


class SftpForm(TransportForm):
    """The partner's server and its folders, as we see them."""

    SETTINGS = ("host", "port", "username", "host_key", "inbox", "outbox", "archive")
    SECRETS = ("secret", "key", "passphrase")

    host = forms.CharField(label=_("Server"), max_length=253)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65_535, initial=22)
    username = forms.CharField(label=_("User name"), max_length=200)
    secret = SecretField(label=_("Password"), max_length=500, required=False, help_text=KEPT)
    key = forms.CharField(
        label=_("Private key instead"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
        help_text=KEPT,
    )
    passphrase = SecretField(label=_("Passphrase of the key"), max_length=500, required=False)
    host_key = forms.CharField(
        label=_("Key of the server"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "code"}),
        help_text=_("Such as ssh-ed25519 AAAA…. Leave it empty and test the connection to see the one it shows."),
    )
    inbox = forms.CharField(label=_("Folder we read"), max_length=300, initial="inbox")
    outbox = forms.CharField(label=_("Folder we write to"), max_length=300, initial="outbox")
    archive = forms.CharField(
        label=_("Folder for what was read"),
        max_length=300,
        required=False,
        help_text=_("Without one, what was taken in is removed."),
    )


class FolderForm(TransportForm):
    """A folder of this server: nothing to type."""


class AS2Form(TransportForm):
    """Names, address and certificates of both sides, and how messages are packed."""

    SETTINGS = (
        "url",
        "their_certificates",
        "digest",
        "cipher",
        "compress",
        "receipt",
        "signed_receipt",
        "needs_encryption",
    )
    NAMES = ("own_name", "their_name", "new_certificate")

    own_name = forms.CharField(label=_("Our AS2 name"), max_length=128, help_text=_("AS2-To of what they send."))
    their_name = forms.CharField(label=_("Their AS2 name"), max_length=128, help_text=_("AS2-From; case counts."))
    url = AddressField(label=_("Their web address"))
    their_certificates = forms.CharField(
        label=_("Their certificate"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "code"}),
        help_text=_("PEM text. Before it changes, add the new one above the old: both count."),
    )
    digest = forms.ChoiceField(
        label=_("Signature"),
        required=False,
        initial="sha256",
        choices=[("sha256", "SHA-256"), ("sha384", "SHA-384"), ("sha512", "SHA-512"), ("", _("None"))],
    )
    cipher = forms.ChoiceField(
        label=_("Encryption"),
        required=False,
        initial="aes256_cbc",
        choices=[("aes256_cbc", "AES-256-CBC"), ("aes128_cbc", "AES-128-CBC"), ("", _("None"))],
    )
    receipt = forms.ChoiceField(
        label=_("Receipt (MDN)"),
        required=False,
        initial="sync",
        choices=[("sync", _("At once")), ("async", _("Later, to our address")), ("", _("None"))],
    )
    compress = forms.BooleanField(label=_("Compress"), required=False)
    signed_receipt = forms.BooleanField(label=_("Ask for a signed receipt"), required=False, initial=True)
    needs_encryption = forms.BooleanField(label=_("Take in encrypted messages only"), required=False)
    new_certificate = forms.BooleanField(
        label=_("Make a new certificate of ours"),
        required=False,
        help_text=_("It signs from now on; the old one still opens what comes until the next is made."),
    )

    def clean_their_certificates(self) -> str:
        """One or two that can be read and are strong enough."""
        from edi.transports.as2.keys import AT_MOST, certificates_in

        text: str = self.cleaned_data["their_certificates"]
        try:
            found = certificates_in(text)
        except ValueError as fault:
            raise ValidationError(_("This is no certificate that can be used: %s.") % str(fault)[:200]) from fault
        if len(found) > AT_MOST:
            raise ValidationError(_("Two certificates at most: the new one and the old one."))
        return text

    def clean(self) -> dict[str, Any]:
        """Names that stand in a header."""
        from edi.transports.as2.names import NAME

        found = super().clean() or {}
        for name in ("own_name", "their_name"):
            if found.get(name) and not NAME.match(found[name]):
                self.add_error(name, _("AS2 names are of ASCII letters, digits and signs."))
        return found


FORMS: dict[str, type[TransportForm]] = {"http": HttpForm, "as2": AS2Form, "sftp": SftpForm, "folder": FolderForm}
