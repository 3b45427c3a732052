"""The dates of deals: a month and an agenda, and the feed that other calendars read."""

from calendar import Calendar
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date, get_day_names
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.numbers import locale
from core.web import key_of, render_partial
from deals.actions import close_feed, open_feed
from deals.actions.feeds import reader_of, token_of
from deals.dates import KINDS, MOST, Entry, entries, kinds_for
from deals.ics import calendar as ics
from deals.views.lists import counterparts
from partners.access import MemberRequest, member_required
from partners.models import User

IN_A_DAY = 4
BACK, AHEAD = timedelta(days=30), timedelta(days=365)


def month_of(text: str) -> date:
    """The first day of the month that an address names (2026-11), else of this one."""
    try:
        year, month = (int(part) for part in text.split("-"))
        return date(year, month, 1) if 2000 <= year <= 2100 else localdate().replace(day=1)
    except ValueError:
        return localdate().replace(day=1)


def month_after(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=32)).replace(day=1)


@require_GET
@member_required("deals.view")
def dates(request: MemberRequest) -> HttpResponse:
    """A month of what falls due, as a grid and as an agenda."""
    actor, params = request.actor, request.GET
    first = month_of(params.get("month", ""))
    weeks = Calendar(locale().first_week_day).monthdatescalendar(first.year, first.month)
    kinds = [kind for kind in params.getlist("kind") if kind in KINDS]
    company = params.get("with", "")
    chosen = key_of(company)
    found = entries(
        actor, weeks[0][0], weeks[-1][-1], kinds=kinds, mine=params.get("mine") == "1", company=chosen
    )  # fmt: skip
    by_day = {day: list(group) for day, group in groupby(found, key=lambda each: each.day)}
    context = {
        "first": first,
        "title": format_date(first, "LLLL y", locale=locale()).capitalize(),
        "before": f"{(first - timedelta(days=1)):%Y-%m}",
        "after": f"{month_after(first):%Y-%m}",
        "names": day_names(),
        "weeks": [[cell_of(day, first, by_day.get(day, [])) for day in week] for week in weeks],
        "agenda": [(day, rows) for day, rows in by_day.items() if day.month == first.month],
        "kinds": [(kind, KINDS[kind], kind in kinds) for kind in kinds_for(actor)],
        "companies": counterparts(actor),
        "company": chosen,
        "mine": params.get("mine") == "1",
        "agenda_on": params.get("view") == "agenda",
        "cut": any(sum(each.kind == kind for each in found) >= MOST for kind in KINDS),
        "feed_url": _feed_url(request),
    }
    return render_partial(request, "deals/dates.html", "dates", context)


def day_names() -> list[str]:
    """The days of a week, short, in the reader's order."""
    names = get_day_names("abbreviated", locale=locale())
    start = locale().first_week_day
    return [names[(start + offset) % 7] for offset in range(7)]


def cell_of(day: date, first: date, rows: list[Entry]) -> dict[str, Any]:
    """A day of the grid of the month that begins with `first`."""
    return {
        "day": day,
        "inside": day.month == first.month,
        "today": day == localdate(),
        "rows": rows[:IN_A_DAY],
        "more": max(0, len(rows) - IN_A_DAY),
        "label": format_date(day, "full", locale=locale()),
    }


def _feed_url(request: MemberRequest) -> str:
    membership = request.actor.membership
    feed = getattr(membership, "calendar_feed", None) if membership else None
    return settings.BASE_URL + reverse("deals:feed", args=[token_of(feed)]) if feed else ""


@require_POST
@member_required("deals.view")
def feed_open(request: MemberRequest) -> HttpResponse:
    """Give oneself an address for other calendars; the one before stops to work."""
    open_feed(actor=request.actor)
    messages.success(request, _("The address is new. Whoever has it reads your dates: keep it to yourself."))
    return redirect("deals:dates")


@require_POST
@member_required("deals.view")
def feed_close(request: MemberRequest) -> HttpResponse:
    """Take the address back."""
    close_feed(actor=request.actor)
    messages.success(request, _("No address works any more."))
    return redirect("deals:dates")


@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A member's own dates for their calendar program. The token is the proof; a revoked one is a 404."""
    actor = reader_of(token)
    if actor is None or not isinstance(actor.user, User):
        raise Http404
    with translation.override(actor.user.language), timezone.override(actor.user.time_zone):
        today = localdate()
        found = entries(actor, today - BACK, today + AHEAD, mine=True)
        host = urlsplit(settings.BASE_URL).hostname or "localhost"
        name = f"Filiera · {actor.organisation}"
        body = ics(name, found, settings.BASE_URL, host, now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="filiera.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
