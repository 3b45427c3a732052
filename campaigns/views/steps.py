"""The calendar of a campaign: a list and a month of its steps, and the file that other calendars read."""

from calendar import Calendar
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import actions
from campaigns.dates import by_day, entries_of
from campaigns.forms import StepForm
from campaigns.models import Step
from campaigns.page import Page
from campaigns.permissions import may_finish_step, may_manage
from campaigns.views.access import page_of, step_of
from campaigns.views.campaigns import JOINS, LEADS, SEES
from core.errors import DomainError
from core.forms import tried
from core.numbers import locale
from core.web import render_partial, toast, wants_partial
from deals.ics import calendar as ics_of
from deals.views.dates import cell_of, day_names, month_after, month_of
from partners.access import MemberRequest, member_required


@require_GET
@member_required(SEES)
def calendar(request: MemberRequest, pk: int) -> HttpResponse:
    """The steps, as a list and as a month."""
    return show(request, page_of(request.actor, pk))


def show(request: MemberRequest, page: Page, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, whole or its live part, with what went wrong on top."""
    campaign, today = page.campaign, localdate()
    within = campaign.starts <= today <= campaign.ends
    asked = request.GET.get("month", "") or f"{today if within else campaign.starts:%Y-%m}"
    first = month_of(asked)
    weeks = Calendar(locale().first_week_day).monthdatescalendar(first.year, first.month)
    days = by_day(entries_of(campaign), weeks[0][0], weeks[-1][-1])
    steps = campaign.steps.select_related("responsible__organisation", "asset")
    context: dict[str, Any] = {
        "page": page,
        "campaign": campaign,
        "title": format_date(first, "LLLL y", locale=locale()).capitalize(),
        "first": first,
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{month_after(first):%Y-%m}",
        "names": day_names(),
        "weeks": [[cell_of(day, first, days.get(day, [])) for day in week] for week in weeks],
        "steps": [(step, step.tone(today), may_finish_step(request.actor, campaign, step)) for step in steps],
        "may_manage": may_manage(request.actor, campaign),
        "open": campaign.is_live or campaign.state == campaign.State.DRAFT,
        "month_on": request.GET.get("view") == "month",
        "problem": problem,
        "here": "calendar",
    }
    return render_partial(request, "campaigns/calendar.html", "record", context, status)


@require_GET
@member_required(SEES)
def ics(request: MemberRequest, pk: int) -> HttpResponse:
    """The steps as a file of iCalendar (RFC 5545)."""
    page = page_of(request.actor, pk)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    body = ics_of(page.campaign.name, entries_of(page.campaign), settings.BASE_URL, host, now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{page.campaign.number}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@member_required(LEADS)
def new(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a step."""
    return _write(request, page_of(request.actor, pk), None)


@require_http_methods(["GET", "POST"])
@member_required(LEADS)
def edit(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """Change a step."""
    page = page_of(request.actor, pk)
    return _write(request, page, step_of(page, step_pk) if page.leads else None)


def _write(request: MemberRequest, page: Page, step: Step | None) -> HttpResponse:
    if not page.leads:
        return redirect("campaigns:calendar", pk=page.pk)
    form = StepForm(request.POST or None, actor=request.actor, campaign=page.campaign, step=step)

    def run(said: dict[str, Any]) -> None:
        actions.save_step(actor=request.actor, campaign=page.campaign, fields=said, step=step)

    if tried(form, run):
        messages.success(request, _("Saved."))
        return redirect("campaigns:calendar", pk=page.pk)
    context = {"form": form, "campaign": page.campaign, "step": step}
    return render(request, "campaigns/step.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(JOINS)
def done(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """Say that a step is done, or not after all."""
    page = page_of(request.actor, pk)
    step = step_of(page, step_pk)
    ready = request.POST.get("done", "1") == "1"
    try:
        actions.finish_step(actor=request.actor, campaign=page.campaign, step=step, done=ready)
    except DomainError as error:
        return show(request, page, problem=error.message, status=422)
    said = _("Done.") if ready else _("Open again.")
    if not wants_partial(request):
        messages.success(request, said)
        return redirect("campaigns:calendar", pk=page.pk)
    return toast(show(request, page), said)


@require_POST
@member_required(LEADS)
def delete(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """Take a step off the calendar."""
    page = page_of(request.actor, pk)
    try:
        actions.delete_step(actor=request.actor, campaign=page.campaign, step=step_of(page, step_pk))
    except DomainError as error:
        return show(request, page, problem=error.message, status=422)
    messages.success(request, _("Deleted."))
    return redirect("campaigns:calendar", pk=page.pk)
