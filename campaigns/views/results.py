"""What a campaign brought, participants beside each other where they agreed."""

from collections.abc import Iterator
from dataclasses import fields
from functools import reduce
from operator import add
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from campaigns.page import Page
from campaigns.results import Counts, Result, results_for
from campaigns.views.access import page_of
from campaigns.views.campaigns import SEES
from core.listing.columns import guarded
from core.web import csv_download
from partners.access import MemberRequest, member_required

WORDS: dict[str, Any] = {
    "sent": gettext_lazy("Sent"),
    "delivered": gettext_lazy("Delivered"),
    "opened": gettext_lazy("Opened"),
    "clicked": gettext_lazy("Clicked"),
    "visits": gettext_lazy("Visits"),
    "leads": gettext_lazy("Leads"),
    "deals": gettext_lazy("Deals"),
    "won": pgettext_lazy("deals", "Won"),
}


def cells(counts: Counts) -> list[tuple[Any, int]]:
    """Each figure with its words."""
    return [(WORDS[each.name], getattr(counts, each.name)) for each in fields(Counts)]


@require_GET
@member_required(SEES)
def results(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The figures as a page or as CSV."""
    page = page_of(request.actor, pk)
    found = results_for(request.actor, page.campaign)
    if request.GET.get("format") == "csv":
        return csv_download(_table(found), f"results-{page.campaign.number}")
    shown = [each.counts for each in found if each.counts]
    total = reduce(add, shown, Counts())
    context = {
        "page": page,
        "campaign": page.campaign,
        "words": list(WORDS.values()),
        "rows": [(each, cells(each.counts) if each.counts else None) for each in found],
        "total": cells(total),
        "several": len(shown) > 1,
        "hidden": len(found) - len(shown),
        "targets": _targets(page, total),
        "here": "results",
    }
    return render(request, "campaigns/results.html", context)


def _targets(page: Page, total: Counts) -> list[dict[str, Any]]:
    """What was wanted beside what came, as far as the reader sees it."""
    wanted = (
        (WORDS["leads"], total.leads, page.campaign.target_leads),
        (WORDS["deals"], total.deals, page.campaign.target_deals),
    )
    return [
        {"label": label, "value": came, "wanted": most, "percent": min(100, came * 100 // most)}
        for label, came, most in wanted
        if most
    ]


def _table(found: list[Result]) -> Iterator[list[str]]:
    yield [_("Participant"), *(str(word) for word in WORDS.values())]
    for each in found:
        values = [str(value) for _word, value in cells(each.counts)] if each.counts else [""] * len(WORDS)
        yield [guarded(str(each.seat.organisation)), *values]
