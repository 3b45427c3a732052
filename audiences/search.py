"""Contacts and mailings for the global search."""

from django.utils.translation import gettext_lazy as _

from audiences.models import Contact, Mailing
from core.search import Hit, found
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The contacts and mailings that match; nothing for who may not see them."""
    if not actor.can("audiences.view"):
        return []
    people = found(Contact.objects.visible_to(actor), text, "name", "company", "email").order_by("name", "pk")
    letters = found(Mailing.objects.visible_to(actor), text, "subject", "subject_b").order_by("-pk")
    hits = [
        Hit(_("Contacts"), row.name, " · ".join(part for part in (row.company, row.email) if part),
            row.get_absolute_url(), "contact")
        for row in people[:limit]
    ]  # fmt: skip
    return hits + [
        Hit(_("Mailings"), row.subject, str(row.get_state_display()), row.get_absolute_url(), "mails")
        for row in letters[:limit]
    ]
