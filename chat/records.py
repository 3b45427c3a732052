"""Where the records that rooms and entries of the trail are about can be opened."""

from django.apps import apps
from django.urls import NoReverseMatch, reverse


def record_url(label: str, pk: int) -> str:
    """The page of a record by its label ("deals.deal"); empty when it has none. No query."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return ""
    try:
        if hasattr(model, "get_absolute_url"):
            return str(model(pk=pk).get_absolute_url())
        return reverse(f"{model._meta.app_label}:detail", args=[pk])
    except NoReverseMatch:
        return ""
