"""The terms on which a vendor takes registrations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.actions.terms import TERMS
from deals.models import RegistrationType


class TermsForm(forms.ModelForm):
    """What a registration asks for, and what it gives."""

    class Meta:
        model = RegistrationType
        fields = list(TERMS)
        labels = {
            "exclusive": _("One partner for each customer and product line"),
            "protection_days": _("An approval protects for, days"),
            "extensions": _("It can be extended, times"),
            "extension_days": _("Each time by, days"),
            "grace_days": _("An ended protection can be reinstated for, days"),
            "cool_off_days": _("And not registered anew for, days"),
            "review_hours": _("We answer within, business hours"),
            "keeps_priority_days": _("A returned deal keeps its place for, business days"),
            "needs_evidence": _("A file is asked for as evidence"),
            "deemed_approval": _("What we do not answer counts as approved"),
        }
        help_texts = {
            "exclusive": _("Otherwise several partners may be protected beside each other."),
            "cool_off_days": _("By the same partner, for the same customer and product line."),
            "deemed_approval": _("After twice the time, and only where the check found no conflict."),
        }

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, in the order in which a partner meets them."""
        parts = (
            (_("Review"), ("review_hours", "keeps_priority_days", "deemed_approval", "needs_evidence")),
            (_("Protection"), ("exclusive", "protection_days")),
            (_("More time"), ("extensions", "extension_days", "grace_days", "cool_off_days")),
        )
        return [(str(heading), [self[name] for name in names]) for heading, names in parts]
