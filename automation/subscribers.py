"""What happens is handed to the triggers that wait for it. A job does the looking: nothing here can hold up others."""

from automation.models import Trigger
from automation.occasions import BY_VERB
from automation.tasks import hear
from core.audit import subscribe
from core.models import TrailEntry


@subscribe(*BY_VERB)
def tell_triggers(entry: TrailEntry) -> None:
    """Wake the triggers of those who may read the entry, and of nobody else."""
    readers = entry.readers.values("organisation")
    active = Trigger.objects.filter(state=Trigger.State.ACTIVE, event__in=BY_VERB[entry.verb])
    if active.filter(organisation__in=readers).exists():
        hear.enqueue(entry.pk)
