"""The two tables of webhooks: endpoints, and what each was sent."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.listing import Choice, Column, Create, Empty, Listing, Period, View
from inbox.webhooks.models import WebhookDelivery, WebhookEndpoint


def events_in_words(row: WebhookEndpoint) -> str:
    """The first few of its events."""
    more = len(row.events) - 3
    return ", ".join(row.events[:3]) + (f" +{more}" if more > 0 else "")


def shortened(url: str) -> str:
    """Enough of an address to know it by; the whole stands on its page."""
    return url if len(url) <= 48 else f"{url[:47]}…"


ENDPOINTS = Listing(
    key="webhooks",
    title=_("Webhooks"),
    columns=(
        Column("description", _("What listens there"), kind="link", sort="description"),
        Column("url", _("Address"), kind="code", get=lambda row: shortened(row.url), sort="url", phone=False),
        Column("events", _("Events"), get=events_in_words, phone=False),
        Column("account", _("With the eyes of")),
        Column("state", _("State"), kind="state"),
        Column("sent_at", _("Last sent"), kind="ago"),
    ),
    search=("description", "url"),
    row_url=lambda row: reverse("webhooks:detail", args=[row.pk]),
    create=Create(_("New webhook"), "webhooks:new", capability="integration.manage"),
    empty=Empty(
        _("Nothing listens yet"),
        _("A webhook tells your own system the moment something happens here: a deal approved, an order accepted."),
        _("New webhook"),
        "webhooks:new",
        "webhook",
    ),
    template="partners/settings_listing.html",
)

DELIVERIES = Listing(
    key="webhook-deliveries",
    title=_("Deliveries"),
    columns=(
        Column("verb", _("Event"), kind="link", sort="verb"),
        Column("title", _("Record")),
        Column("state", _("State"), kind="state"),
        Column("tries", _("Tries"), kind="number", sort="tries", phone=False),
        Column("created", _("Happened"), kind="ago", sort="created"),
        Column("sent_at", _("Sent"), kind="ago", phone=False),
    ),
    filters=(
        Choice("state", _("State"), choices=WebhookDelivery.State.choices),
        Period("created", _("Happened")),
    ),
    views=(
        View("all", _("All")),
        View("open", _("Not sent"), "state=pending&state=failed&state=given_up"),
    ),
    search=("verb", "title"),
    row_url=lambda row: reverse("webhooks:delivery", args=[row.pk]),
    empty=Empty(
        _("Nothing was sent yet"), _("What is sent is listed here, with each try and its answer."), icon="webhook"
    ),
    template="webhooks/deliveries.html",
)
