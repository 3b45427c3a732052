"""The queue of exceptions: who looks after a document, and when it needs nobody any more."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from edi.models import Case, Interchange
from edi.permissions import may_settle
from partners.access import require
from partners.actors import Actor
from partners.models import Membership

MOST = 200


@transaction.atomic
def assign(*, actor: Actor, interchanges: Iterable[Interchange], to: Membership | None) -> int:
    """Say who of one's own people looks after these documents, or nobody; returns how many changed hands.
    Raises DomainError for somebody of another company."""
    require(may_settle(actor))
    if to is not None and (to.organisation_id != actor.organisation.pk or not to.active):
        raise DomainError(_("Choose somebody of your own company."), field="assignee")
    changed = 0
    for row in _seen(actor, interchanges):
        case, _made = Case.objects.get_or_create(organisation=actor.organisation, interchange=row)
        if case.assignee_id != (to.pk if to else None):
            case.assignee = to
            case.save(update_fields=["assignee"])
            who = str(to.user) if to else "–"
            record(actor=actor, verb="edi.assigned", target=row, parties=(), who=who)
            changed += 1
    return changed


@transaction.atomic
def settle_cases(*, actor: Actor, interchanges: Iterable[Interchange], settled: bool = True) -> int:
    """Take these documents out of one's own queue, or put them back; returns how many moved. The other side keeps its
    own queue."""
    require(may_settle(actor))
    moved = 0
    for row in _seen(actor, interchanges):
        case, _made = Case.objects.get_or_create(organisation=actor.organisation, interchange=row)
        if (case.settled_at is not None) != settled:
            case.settled_at = now() if settled else None
            case.save(update_fields=["settled_at"])
            record(actor=actor, verb="edi.settled" if settled else "edi.reopened", target=row, parties=())
            moved += 1
    return moved


def _seen(actor: Actor, interchanges: Iterable[Interchange]) -> list[Interchange]:
    keys = [row.pk for row in interchanges][:MOST]
    rows = Interchange.objects.visible_to(actor).filter(pk__in=keys)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))
