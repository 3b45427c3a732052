"""What the night does for the figures."""

import logging
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Mod
from django.utils.timezone import localdate, now
from django_tasks import task

from core.models import TrailEntry
from insights.keeping import keep
from insights.models import DealFact
from insights.records import publish_all

log = logging.getLogger("filiera.insights")
SLICES = 30  # every fact is proved once in so many nights


@task()
def nightly() -> None:
    """Prove the facts of the last days and a thirtieth of all others against the trail, then publish what is due."""
    recent = TrailEntry.objects.filter(target="deals.deal", created__gte=now() - timedelta(days=2))
    part = DealFact.objects.annotate(part=Mod(F("deal_id"), SLICES)).filter(part=localdate().toordinal() % SLICES)
    ids = set(recent.values_list("target_id", flat=True)) | set(part.values_list("deal_id", flat=True))
    kept = keep(ids)
    if kept.mended:
        log.warning("%s of %s facts were not what the trail says, and were mended", len(kept.mended), kept.facts)
    publish_all()
