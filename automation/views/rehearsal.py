"""The dry run: whom a trigger would have reached, and why not the others."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from automation.rehearsing import PERIODS, Rehearsal, rehearse
from automation.sentences import sentence
from automation.views.triggers import SEES, fetch
from core.listing.columns import guarded
from core.web import csv_download
from leads.views.access import never_stored
from partners.access import MemberRequest, member_required

SHOWN = 200


@require_GET
@member_required(SEES)
@never_stored
def rehearsal(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Run over what happened, without doing anything; `?days=` says how far back, `?format=csv` gives all of it."""
    row = fetch(request.actor, pk)
    days = request.GET.get("days", "30")
    days = days if days in PERIODS else "30"
    found = rehearse(row, now() - timedelta(days=int(days)), now())
    if request.GET.get("format") == "csv":
        return csv_download(_table(found), f"rehearsal-{row.pk}")
    newest = list(reversed(found.lines))
    context = {
        "trigger": row,
        "words": sentence(row),
        "found": found,
        "lines": newest[:SHOWN],
        "beyond": len(newest) > SHOWN,
        "days": days,
        "periods": list(PERIODS.items()),
    }
    return render(request, "automation/rehearsal.html", context)


def _table(found: Rehearsal) -> Iterator[Sequence[str]]:
    yield (_("Happened"), _("About"), _("Reaches"), _("Would be reached"), _("When"), _("Why"))
    for line in found.lines:
        moment = localtime(line.moment).isoformat(timespec="minutes") if line.moment else ""
        happened = localtime(line.at).isoformat(timespec="minutes")
        reached = _("yes") if line.reached else _("no")
        yield (happened, guarded(line.subject.title), guarded(line.who), reached, moment, line.outcome)
