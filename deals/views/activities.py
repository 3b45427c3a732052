"""What is to be done: one's own list, and the acts on each line."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.bulk import chosen, on_each
from core.errors import DomainError
from core.forms import tried
from core.listing import Bulk, Choice, Column, Empty, Listing, RowAct, View
from core.web import toast, wants_partial
from deals import actions
from deals.forms.beside import ActivityForm
from deals.models import Activity
from deals.permissions import may_change_beside
from deals.views.records import fetch, show
from partners.access import MemberRequest, member_required


class Whose(Choice):
    """One's own, or nobody's yet."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep what is assigned as chosen."""
        chosen = set(params.getlist(self.key))
        condition = Q(pk__in=())
        if "me" in chosen and actor.user:
            condition |= Q(assignee=actor.user)
        if "nobody" in chosen:
            condition |= Q(assignee=None)
        return rows.filter(condition) if chosen else rows


class When(Choice):
    """Overdue, today, later, done."""

    def apply(self, rows: QuerySet, params: Any, actor: Any) -> QuerySet:
        """Keep what is due in a chosen span, in the reader's time zone."""
        chosen = set(params.getlist(self.key))
        midnight = (localtime() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        spans = {
            "overdue": Q(done_at=None, due_at__lt=now()),
            "today": Q(done_at=None, due_at__gte=now(), due_at__lt=midnight),
            "next": Q(done_at=None, due_at__gte=midnight),
            "done": Q(done_at__isnull=False),
        }
        condition = Q(pk__in=())
        for name in chosen & spans.keys():
            condition |= spans[name]
        return rows.filter(condition) if chosen else rows


OPEN = "when=overdue&when=today&when=next"
LIST = Listing(
    key="activities",
    title=gettext_lazy("Activities"),
    columns=(
        Column("subject", gettext_lazy("What"), kind="link"),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("due_at", gettext_lazy("When"), kind="ago", sort="due_at"),
        Column("kind", gettext_lazy("Kind"), get=lambda row: row.get_kind_display(), phone=False),
        Column("deal", gettext_lazy("Deal"), get=lambda row: row.deal.title),
        Column("customer", gettext_lazy("End customer"), get=lambda row: row.deal.customer_name, phone=False),
        Column("assignee", gettext_lazy("Who does it"), phone=False),
        Column("organisation", gettext_lazy("Planned by"), kind="mark", phone=False, shown=False),
        Column("shared", gettext_lazy("Shared"), kind="flag", phone=False, shown=False),
    ),
    filters=(
        Whose("who", gettext_lazy("Who"), choices=(("me", gettext_lazy("I")), ("nobody", gettext_lazy("Nobody yet")))),
        When(
            "when",
            gettext_lazy("When"),
            choices=(
                ("overdue", gettext_lazy("Overdue")),
                ("today", gettext_lazy("Today")),
                ("next", gettext_lazy("Later")),
                ("done", gettext_lazy("Done")),
            ),
        ),
        Choice("kind", gettext_lazy("Kind"), choices=Activity.Kind.choices),
    ),
    views=(
        View("mine", gettext_lazy("Mine"), f"who=me&{OPEN}"),
        View("everybody", gettext_lazy("Everybody's"), OPEN),
        View("done", gettext_lazy("Done"), "when=done&sort=-due_at"),
        View("all", gettext_lazy("All")),
    ),
    search=("subject", "deal__title", "deal__customer_name", "deal__number"),
    default_sort="due_at",
    bulk=(
        Bulk("done", gettext_lazy("Done"), "deals:activities_done"),
        Bulk("snooze", gettext_lazy("Tomorrow"), "deals:activities_snooze"),
    ),
    row_acts=(
        RowAct("D", gettext_lazy("Done"), "deals:activity_done", "check", shown=lambda row: not row.is_done),
        RowAct(
            "Z", gettext_lazy("Tomorrow"), "deals:activity_snooze", "alarm-clock", shown=lambda row: not row.is_done
        ),
        RowAct("U", gettext_lazy("Not done"), "deals:activity_reopen", "undo-2", shown=lambda row: row.is_done),
    ),
    row_url=lambda row: reverse("deals:detail", args=[row.deal_id]),
    live="deal",
    links=((gettext_lazy("Dates"), "deals:dates"),),
    empty=Empty(
        gettext_lazy("Nothing is planned"),
        gettext_lazy("Calls, meetings, mails and tasks on your deals appear here. Plan one on the page of a deal."),
        gettext_lazy("Deals"),
        "deals:list",
        "calendar-check",
    ),
)


def _rows(request: MemberRequest) -> QuerySet[Activity]:
    rows = Activity.objects.visible_to(request.actor)
    return rows.select_related("deal", "assignee", "organisation")


@require_GET
@member_required("deals.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """What is to be done, overdue first."""
    return LIST.respond(request, _rows(request))


def _fetch(request: MemberRequest, pk: int) -> Activity:
    return get_object_or_404(_rows(request), pk=pk)


def _act(
    request: MemberRequest, pk: int, done: str, run: Callable[[Activity], Activity], undo: str = ""
) -> HttpResponseBase:
    """Run a step; show the deal or the list, from wherever it was asked."""
    row = _fetch(request, pk)
    try:
        run(row)
    except DomainError as error:
        if wants_partial(request):
            return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
        messages.error(request, error.message)
        return redirect("deals:activities")
    if not wants_partial(request):
        messages.success(request, done)
        return redirect("deals:activities")
    shown = _list_again(request) if _from_list(request) else show(request, fetch(request.actor, row.deal_id))
    return toast(shown, done, undo_url=reverse(undo, args=[pk]) if undo else None)  # type: ignore[arg-type]


def _from_list(request: MemberRequest) -> bool:
    return urlsplit(request.headers.get("HX-Current-URL", "")).path == reverse("deals:activities")


def _list_again(request: MemberRequest) -> HttpResponseBase:
    """The list as the page has it."""
    request.GET = QueryDict(urlsplit(request.headers["HX-Current-URL"]).query)
    return LIST.respond(request, _rows(request))


@require_POST
@member_required("deals.view")
def done(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Tick it off; can be undone."""

    def run(row: Activity) -> Activity:
        return actions.complete_activity(actor=request.actor, activity=row)

    return _act(request, pk, _("Done."), run, undo="deals:activity_reopen")


@require_POST
@member_required("deals.view")
def reopen(request: MemberRequest, pk: int) -> HttpResponseBase:
    """It was not done after all."""

    def run(row: Activity) -> Activity:
        return actions.reopen_activity(actor=request.actor, activity=row)

    return _act(request, pk, _("It is open again."), run)


@require_POST
@member_required("deals.view")
def snooze(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Put it off to tomorrow, or by as many days as `days` says."""
    text = request.POST.get("days", "1")
    days = int(text) if text.isdecimal() and len(text) < 5 else 0

    def run(row: Activity) -> Activity:
        return actions.snooze_activity(actor=request.actor, activity=row, days=days)

    return _act(request, pk, _("Put off."), run)


@require_http_methods(["GET", "POST"])
@member_required("deals.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """One activity; changed by who may."""
    row = _fetch(request, pk)
    may = may_change_beside(request.actor, row)
    form = ActivityForm(request.POST or None, actor=request.actor, activity=row)

    def run(_said: object) -> None:
        actions.change_activity(actor=request.actor, activity=row, fields=form.values())

    if tried(form, run):
        messages.success(request, _("Saved."))
        return redirect(row.deal)
    context = {"form": form, "activity": row, "deal": row.deal, "may_change": may}
    return render(request, "deals/activity.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("deals.view")
def delete(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Throw away what was planned by mistake."""
    row = _fetch(request, pk)
    try:
        actions.delete_activity(actor=request.actor, activity=row)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Deleted."))
    return redirect(row.deal)


def _bulk(request: MemberRequest, run: Callable[..., Activity]) -> HttpResponse:
    rows = _rows(request).filter(pk__in=chosen(request)).order_by("pk")
    changed, left = on_each(rows, lambda row: run(actor=request.actor, activity=row))
    if changed:
        messages.success(request, ngettext("%(n)d changed.", "%(n)d changed.", changed) % {"n": changed})
    if left:
        sentence = ngettext("%(n)d stays as it is.", "%(n)d stay as they are.", left)
        messages.warning(request, sentence % {"n": left})
    return redirect("deals:activities")


@require_POST
@member_required("deals.view")
def bulk_done(request: MemberRequest) -> HttpResponse:
    """Tick off the chosen ones."""
    return _bulk(request, actions.complete_activity)


@require_POST
@member_required("deals.view")
def bulk_snooze(request: MemberRequest) -> HttpResponse:
    """Put the chosen ones off to tomorrow."""
    return _bulk(request, actions.snooze_activity)
