"""What of mailings waits for an actor: letters of which it is unsure whether they left, and what is paused."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audiences.models import Mailing, Recipient
from core.waiting import Waiting
from partners.actors import Actor

SHOWN = 8


def _stuck(actor: Actor) -> QuerySet[Mailing]:
    unsure = Recipient.objects.visible_to(actor).filter(state=Recipient.State.UNSURE).values("mailing")
    rows = Mailing.objects.visible_to(actor)
    return rows.filter(state=Mailing.State.PAUSED) | rows.filter(
        pk__in=unsure, state__in=(Mailing.State.SENDING, Mailing.State.SENT)
    )


def counts(actor: Actor) -> dict[str, int]:
    """The badge of mailings: those that wait for a hand."""
    return {"mailings": _stuck(actor).count()} if actor.can("mailings.send") else {}


def waiting(actor: Actor) -> list[Waiting]:
    """Each mailing that waits for a hand."""
    if not actor.can("mailings.send"):
        return []
    return [
        Waiting(
            title=row.subject,
            sub=_("Paused")
            if row.state == Mailing.State.PAUSED
            else _("Of some letters it is unsure whether they left"),
            url=row.get_absolute_url(),
            action_label=_("Look"),
            tone="warn",
        )
        for row in _stuck(actor).order_by("-started_at", "-pk")[:SHOWN]
    ]
