"""How every action reads a trigger before it decides."""

from automation.models import Trigger
from core.errors import StaleObject
from partners.actors import Actor

RELATED = ("organisation", "written_by", "role", "person", "promotion")


def locked(actor: Actor, trigger: Trigger, version: int | None = None) -> Trigger:
    """The trigger read anew under lock. Raises DoesNotExist for strangers, StaleObject for an old `version`."""
    rows = Trigger.objects.visible_to(actor).select_for_update(of=("self",)).select_related(*RELATED)
    found: Trigger = rows.get(pk=trigger.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


def held(pk: int) -> Trigger | None:
    """An active trigger under lock: whatever is done for it at once is done one after the other."""
    rows = Trigger.objects.select_for_update(of=("self",)).select_related(*RELATED)
    return rows.filter(pk=pk, state=Trigger.State.ACTIVE).first()
