"""Every day the figures are kept and the tiers follow them."""

import logging

from django_tasks import task

from core.audit import delivered_together
from programmes.actions import reckon
from programmes.models import Scheme

log = logging.getLogger("filiera.programmes")


@task()
def reckon_all() -> None:
    """Reckon every programme that runs. One that fails leaves the others alone, and is tried again the next time."""
    with delivered_together():
        for scheme in Scheme.objects.filter(active=True).select_related("vendor").order_by("pk"):
            try:
                reckon(vendor=scheme.vendor)
            except Exception:
                log.exception("the programme of %s was not reckoned", scheme.vendor)
