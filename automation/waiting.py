"""What of triggers waits for an actor: those that are paused and hold something back."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from automation.models import Run, Trigger
from core.waiting import Waiting
from partners.actors import Actor

SHOWN = 8


def _held_back(actor: Actor) -> QuerySet[Trigger]:
    paused = Trigger.objects.visible_to(actor).filter(state=Trigger.State.PAUSED)
    return paused.filter(runs__state=Run.State.WAITING).annotate(held=Count("runs"))


def counts(actor: Actor) -> dict[str, int]:
    """The badge of triggers: those that wait for a hand."""
    return {"triggers": _held_back(actor).count()} if actor.can("automation.manage") else {}


def waiting(actor: Actor) -> list[Waiting]:
    """Each paused trigger that holds something back."""
    if not actor.can("automation.manage"):
        return []
    return [
        Waiting(
            title=row.name,
            sub=ngettext(
                "Paused: %(n)d occasion waits",
                "Paused: %(n)d occasions wait",
                row.held,  # type: ignore[attr-defined]
            )
            % {"n": row.held},  # type: ignore[attr-defined]
            url=row.get_absolute_url(),
            action_label=_("Look"),
            tone="warn",
            count=row.held,  # type: ignore[attr-defined]
        )
        for row in _held_back(actor).order_by("name", "pk")[:SHOWN]
    ]
