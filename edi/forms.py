"""What people type about the exchange: connections, and files to check."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from edi.exchange import MAX_BYTES
from edi.guides.own_rules import RuleBook
from edi.models import Connection
from edi.own_codes import problems_of
from partners.actors import Actor
from partners.models import Organisation

LENGTHS = {"edifact": (35, 4), "x12": (15, 2), "ubl": (80, 20)}  # of an identifier and its qualifier in the envelope


class CodesField(forms.CharField):
    """A list of codes, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """The codes as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The lines as codes, once each."""
        codes = list(dict.fromkeys(code.strip() for code in (super().to_python(value) or "").splitlines()))
        return [code for code in codes if code]

    def validate(self, value: Any) -> None:
        """Codes as short as identifiers are, and not too many."""
        super().validate(value)
        if len(value) > 50 or any(len(code) > 80 for code in value):
            raise ValidationError(_("Write at most 50 codes, one a line, each of at most 80 characters."))


class RulesField(forms.JSONField):
    """Rules by kind of message, as JSON that a person edits."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "code"})

    def prepare_value(self, value: Any) -> Any:
        """Indented, so that it can be read; empty where there are none."""
        if isinstance(value, dict):
            return json.dumps(value, indent=2, ensure_ascii=False) if value else ""
        return value

    def to_python(self, value: Any) -> Any:
        """An object; nothing is no rules."""
        found = super().to_python(value) or {}
        wrong = not isinstance(found, dict) or any(not isinstance(rules, list) for rules in found.values())
        if wrong:
            raise ValidationError(_("Write an object: the kind of a message, then a list of its rules."))
        return found

    def validate(self, value: Any) -> None:
        """Rules that can be applied to the guides that they name."""
        super().validate(value)
        if problems := RuleBook(value or {}).problems():
            raise ValidationError(list(problems[:20]))


class UnitsField(forms.JSONField):
    """Units that a company's system writes in its own way, as JSON."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "code"})

    def prepare_value(self, value: Any) -> Any:
        """Indented; empty where there are none."""
        if isinstance(value, dict):
            return json.dumps(value, indent=2, ensure_ascii=False) if value else ""
        return value

    def to_python(self, value: Any) -> Any:
        """Nothing is no codes."""
        return super().to_python(value) or {}

    def validate(self, value: Any) -> None:
        """Codes that are known."""
        super().validate(value)
        if problems := problems_of(value):
            raise ValidationError(problems)


class ConnectionForm(forms.ModelForm):
    """Set up or change a connection."""

    guide_rules = RulesField(
        label=_("Rules of your own"),
        required=False,
        help_text=_(
            "What you ask for beyond the standard, by kind of message. Documents that your partner addresses to you, "
            "and your own to it, are checked by them."
        ),
    )

    own_codes = CodesField(
        label=_("Our other codes"),
        required=False,
        max_length=5000,
        help_text=_("Codes by which documents name your plants or stores, one a line."),
    )
    their_codes = CodesField(
        label=_("Their other codes"),
        required=False,
        max_length=5000,
        help_text=_("Codes by which your documents name this partner, such as your vendor number, one a line."),
    )

    code_rules = UnitsField(
        label=_("Units of your own"),
        required=False,
        help_text=_("What your system calls a unit, and which unit of UN/ECE Recommendation 20 that is."),
    )

    class Meta:
        model = Connection
        fields = [
            "counterpart",
            "format",
            "own_id",
            "own_qualifier",
            "their_id",
            "their_qualifier",
            "own_codes",
            "their_codes",
            "guide_rules",
            "code_rules",
            "mode",
            "acknowledged_within",
            "state",
        ]
        labels = {"counterpart": _("Partner"), "format": _("Format of what you collect")}
        help_texts = {
            "own_id": _("As it stands in the sender of your documents: UNB, ISA06 or EndpointID."),
            "own_qualifier": _("14 for a GLN in EDIFACT, ZZ for a code agreed in X12, 0088 for a GLN in UBL."),
            "their_id": _("As it stands in the receiver of your documents."),
            "mode": _("In test mode documents are checked and acknowledged, and no order is made."),
            "acknowledged_within": _("You are reminded when yours is not here by then. 0: none is expected."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = Organisation.objects.visible_to(actor).partners_of(actor.organisation)
        offer(self, "counterpart", partners)
        if self.instance.pk:
            del self.fields["counterpart"]

    def clean(self) -> dict[str, Any]:
        """Identifiers and qualifiers fit into the envelope of the chosen format."""
        found = super().clean() or {}
        standard = str(found.get("format", "")).partition(":")[0]
        longest, longest_qualifier = LENGTHS.get(standard, (80, 20))
        for name in ("own_id", "their_id"):
            if len(found.get(name) or "") > longest:
                self.add_error(name, _("This format has room for %d characters.") % longest)
        for name in ("own_qualifier", "their_qualifier"):
            if len(found.get(name) or "") > longest_qualifier:
                self.add_error(name, _("This format has room for %d characters.") % longest_qualifier)
        return found


class DocumentForm(forms.Form):
    """A file, or text pasted from one."""

    text = forms.CharField(
        label=_("Paste a document"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "code"}),
        help_text=_("EDIFACT, X12 or UBL; the standard is told from the text."),
    )
    file = forms.FileField(label=_("Or choose a file"), required=False, help_text=_("At most 20 MB."))

    def clean(self) -> dict[str, Any]:
        """One of the two, not too large."""
        found = super().clean() or {}
        upload = found.get("file")
        if upload and upload.size > MAX_BYTES:
            raise ValidationError(_("A document may have 20 MB at most. Split it into several interchanges."))
        found["data"] = upload.read() if upload else (found.get("text") or "").encode()
        if not found["data"].strip() and not self.errors:
            raise ValidationError(_("Paste a document or choose a file."))
        return found
