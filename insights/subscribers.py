"""What the events of deals mean for the figures."""

from core.audit import subscribe
from core.models import TrailEntry
from insights.folding import VERBS
from insights.keeping import keep


@subscribe(*sorted(VERBS))
def keep_the_fact(entry: TrailEntry) -> None:
    """Fold the deal's trail anew; entries may come late, twice or out of order."""
    keep([entry.target_id])
