"""What an agreement would have brought on the lines of the last twelve months."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.timezone import localdate

from rebates.calculation import earned
from rebates.eligible import moves
from rebates.models import RebateAgreement
from rebates.periods import period_before, period_of


@dataclass(frozen=True, slots=True)
class Trial:
    """One period: its volume, and what it would have earned."""

    start: date
    end: date
    volume: Decimal
    amount: Decimal


def trial_of(agreement: RebateAgreement) -> list[Trial]:
    """Each period of the last twelve months with invoice lines, newest first; credits count on their own day."""
    today = localdate()
    first = period_of(agreement.period, today - timedelta(days=365))[0]
    early = period_before(agreement.period, first)[0]
    volumes: defaultdict[date, Decimal] = defaultdict(Decimal)
    for day, base in moves(agreement, early, today):
        volumes[period_of(agreement.period, day)[0]] += base
    found = []
    for start in sorted((day for day in volumes if day >= first), reverse=True):
        former = volumes.get(period_before(agreement.period, start)[0], Decimal(0))
        amount = earned(agreement.rule_with(former), volumes[start])
        found.append(Trial(*period_of(agreement.period, start), volumes[start], amount))
    return found
