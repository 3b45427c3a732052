"""The history of fields: written with each change, read field by field."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from core.audit import record
from deals.history import snapshot
from deals.models import Deal, FieldChange
from deals.models.aside import beside
from partners.actors import Actor

# A form that saves itself writes one field many times: within this time that is one change.
ONE_SITTING = timedelta(minutes=30)
LONGEST = 300  # characters of a value that the trail repeats; the history has all of it


def note_changes(*, actor: Actor, deal: Deal, before: Mapping[str, str], reason: str = "") -> dict[str, list[str]]:
    """Write down which fields differ from `before` (deals.history.snapshot); what the trail may say of it:
    {field: [before, after]}, long values cut. A draft's history is the partner's alone, one row a sitting."""
    after = snapshot(deal)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if deal.state == Deal.State.DRAFT:
        for name, (old, new) in changed.items():
            _keep_of_draft(actor, deal, name, old, new)
    else:
        FieldChange.objects.bulk_create(
            _row(actor, deal, name, old, new, reason) for name, (old, new) in changed.items()
        )
    return {name: [old[:LONGEST], new[:LONGEST]] for name, (old, new) in changed.items()}


def keep_changes(
    *, actor: Actor, deal: Deal, before: Mapping[str, str], verb: str = "deal.changed", reason: str = ""
) -> bool:
    """Note what differs from `before`, and tell both sides by the trail; a draft makes no event. False for nothing."""
    changed = note_changes(actor=actor, deal=deal, before=before, reason=reason)
    if changed and deal.state != Deal.State.DRAFT:
        facts: dict[str, Any] = {"note": reason} if reason else {}
        facts |= {"stage": deal.stage} if "stage" in changed else {}
        record(actor=actor, verb=verb, target=deal, changed=changed, **facts)
    return bool(changed)


def _row(actor: Actor, deal: Deal, field: str, before: str, after: str, reason: str = "") -> FieldChange:
    shared = deal.state != Deal.State.DRAFT
    told = {"before": before, "after": after, "reason": reason[:300], "user": actor.user, "who": actor.name[:200]}
    return FieldChange(**beside(deal, actor.organisation, shared), field=field, **told)


def _keep_of_draft(actor: Actor, deal: Deal, field: str, before: str, after: str) -> None:
    """One row a sitting; what comes back to where it began is no change."""
    recent = FieldChange.objects.filter(deal=deal, field=field, user=actor.user, created__gte=now() - ONE_SITTING)
    last = recent.order_by("-pk").first()
    if last is None:
        _row(actor, deal, field, before, after).save()
    elif last.before == after:
        last.delete()
    else:
        last.after = after
        last.save(update_fields=["after"])
