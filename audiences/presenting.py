"""How a contact is shown: the acts on offer, what they agreed to, what they were sent."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audiences.models import Contact, Recipient, Suppression
from audiences.permissions import may_keep
from core.audit import timeline_of
from deals.presenting import Act
from leads.places import country_name
from partners.actors import Actor

LETTERS = 20


def contact_context(actor: Actor, contact: Contact) -> dict[str, Any]:
    """All that the page of a contact shows. `contact` was read with its suppression."""
    consents = list(contact.consents.all())
    why = getattr(contact, "suppressed_for", None)
    letters = Recipient.objects.visible_to(actor).filter(contact=contact).exclude(state=Recipient.State.DROPPED)
    return {
        "contact": contact,
        "country": country_name(contact.country) if contact.country else "",
        "tags": [tag.name for tag in contact.tags.all()],
        "consents": consents,
        "suppressed": Suppression.Reason(why).label if why else "",
        "acts": acts_on(actor, contact, why, any(each.withdrawn_at is None for each in consents)),
        "letters": letters.select_related("mailing").order_by("-pk")[:LETTERS],
        "history": timeline_of(actor, contact),
    }


def acts_on(actor: Actor, contact: Contact, why: str | None, agreed: bool) -> list[Act]:
    """What can be done with a contact, the primary act last."""
    may = may_keep(actor)

    def to(name: str) -> str:
        return reverse(f"audiences:{name}", args=[contact.pk])

    sure = _("Erase this person for ever? Only a hash of the address stays, so that they are not taken in again.")
    acts = [
        Act(_("Erase…"), may, to("erase"), quiet=True, danger=True, confirm=sure),
        Act(_("Merge…"), may, dialog="#merge", quiet=True),
    ]
    if why and why not in Suppression.FOR_EVER:
        acts.append(Act(_("Write again…"), may, dialog="#lift"))
    elif contact.email and not why:
        acts.append(Act(_("Leave alone"), may, to("suppress")))
    if agreed:
        acts.append(Act(_("Withdrawn…"), may, dialog="#withdraw"))
    acts.append(Act(_("Consent…"), may, dialog="#consent", key="N"))
    acts.append(Act(_("Edit"), may, to("contact_edit"), method="get", key="E", primary=True))
    return acts
