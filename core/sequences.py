"""Gap-free numbers in named series."""

from django.db import IntegrityError, transaction
from django.db.models import F

from core.models import Sequence


def next_number(name: str) -> int:
    """The next number of the series, from 1. Holds the row's lock until the caller's transaction ends, so no gap."""
    with transaction.atomic(savepoint=False):
        if not Sequence.objects.filter(name=name).update(last=F("last") + 1):
            try:
                with transaction.atomic():
                    Sequence.objects.create(name=name, last=1)
            except IntegrityError:  # another transaction was first with a new series
                Sequence.objects.filter(name=name).update(last=F("last") + 1)
        return Sequence.objects.values_list("last", flat=True).get(name=name)
