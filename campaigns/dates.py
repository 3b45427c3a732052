"""The steps of a campaign as entries of a calendar."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Step
from deals.dates import Entry


def entries_of(campaign: Campaign) -> list[Entry]:
    """Every step, in the order of time."""
    steps = campaign.steps.select_related("responsible__organisation").order_by("starts", "pk")
    return [_entry(campaign, step) for step in steps]


def _entry(campaign: Campaign, step: Step) -> Entry:
    who = str(step.responsible) if step.responsible else _("everybody")
    return Entry(
        kind=step.kind,
        day=step.starts,
        title=step.title,
        sub=f"{step.get_kind_display()} · {who}",
        url=f"{reverse('campaigns:calendar', args=[campaign.pk])}?month={step.starts:%Y-%m}#step-{step.pk}",
        uid=f"campaign-step-{step.pk}",
        tone=step.tone(localdate()),
        until=step.ends,
    )


def by_day(entries: list[Entry], first: date, last: date) -> dict[date, list[Entry]]:
    """The entries of each day from `first` to `last`; what takes several days stands on each of them."""
    found: dict[date, list[Entry]] = {}
    for entry in entries:
        day, end = max(entry.day, first), min(entry.until or entry.day, last)
        while day <= end:
            found.setdefault(day, []).append(entry)
            day += timedelta(days=1)
    return found
