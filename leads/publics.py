"""What everybody may reach without an account: the forms that vendors have published, by their code alone."""

from django.db.models import QuerySet

from leads.models import LeadForm


def published() -> QuerySet[LeadForm]:
    """All forms. The caller looks one up by its code, which nobody guesses, and never lists them."""
    return LeadForm.objects.select_related("vendor")
