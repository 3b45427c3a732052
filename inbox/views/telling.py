"""The inbox and the bell: what one was told, by record, to read, to put off and to bring back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import quote

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from core.listing.paging import Page, page_of
from core.numbers import format_moment
from core.web import render_partial, toast, wants_partial
from inbox import actions, snoozing
from inbox.frames import unread_count
from inbox.models import Notification, NotificationQuerySet, Subject
from inbox.rules import KINDS
from partners.access import MemberRequest, member_required

PAGE, EARLIER, IN_BELL = 40, 20, 8
TABS = ("unread", "all", "snoozed")


@dataclass(frozen=True, slots=True)
class Row:
    """A record in the inbox: its newest notification stands for all of them."""

    subject: Subject
    newest: Notification

    @property
    def others(self) -> int:
        """How many unread ones stand under the newest."""
        return max(0, self.subject.unread - (self.newest.read_at is None))


def _mine(request: MemberRequest) -> NotificationQuerySet:
    actor = request.actor
    return Notification.objects.visible_to(actor).readable_by(actor).with_words().order_by("-pk")


def _one(request: MemberRequest, pk: int) -> Notification:
    return get_object_or_404(_mine(request), pk=pk)


def _subjects(request: MemberRequest):
    actor = request.actor
    older = Notification.objects.visible_to(actor).filter(subject=OuterRef("pk"), pk__lt=OuterRef("newest"))
    found = Subject.objects.visible_to(actor).readable_by(actor).with_newest(actor)
    return found.annotate(has_older=Exists(older))


def _subject(request: MemberRequest, pk: int) -> Subject:
    return get_object_or_404(_subjects(request), pk=pk)


def _rows(request: MemberRequest, subjects: Iterable[Subject]) -> list[Row]:
    found = list(subjects)
    newest = Notification.objects.visible_to(request.actor).filter(pk__in=[each.newest for each in found])
    by_pk = {item.pk: item for item in newest.with_words()}
    return [Row(each, by_pk[each.newest]) for each in found if each.newest in by_pk]


def _page(request: MemberRequest, tab: str, kind: str, words: str) -> Page:
    rows = _subjects(request)
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(title__icontains=words)
    cursor = request.GET.get("after", "")
    if tab == "snoozed":
        return page_of(rows.exclude(snoozed_until=None), "snoozed_until", cursor, PAGE)
    return page_of(rows if tab == "all" else rows.waiting(), "-moved_at", cursor, PAGE)


def _by_day(rows: list[Row]) -> list[tuple[date, list[Row]]]:
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: localtime(row.subject.moved_at).date())]


@require_GET
@member_required
def index(request: MemberRequest) -> HttpResponse:
    """What one was told: unread, all or put off, a row a record; `?kind=`, `?q=` (its name), `?after=` (next page)."""
    tab = request.GET.get("view", "")
    tab = tab if tab in TABS else "unread"
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    page = _page(request, tab, kind, words)
    rows = _rows(request, page.rows)
    context = {
        "days": [(None, rows)] if tab == "snoozed" and rows else _by_day(rows),
        "next": page.next_cursor,
        "tab": tab,
        "kind": kind,
        "kinds": [KINDS[code] for code in actions.kinds_in_use() if not KINDS[code].mail_only],
        "words": words,
        "unread": unread_count(request.actor),
        "snoozes": _snoozes(request),
        "today": localtime().date(),
        "tomorrow": localtime().date() + timedelta(days=1),
        "query": request.GET.urlencode(),
    }
    return render_partial(request, "inbox/list.html", "list", context)


def _snoozes(request: MemberRequest) -> list[snoozing.Choice]:
    return snoozing.choices(now(), request.user.time_zone)


@require_GET
@member_required
def earlier(request: MemberRequest, pk: int) -> HttpResponse:
    """What stands under the newest of a record: `?before=` (a notification), `?unread` (those alone)."""
    subject = _subject(request, pk)
    rows = _mine(request).filter(subject=subject)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before[:18]))
    if "unread" in request.GET:
        rows = rows.filter(read_at=None)
    found = list(rows[: EARLIER + 1])
    context = {
        "subject": subject,
        "items": found[:EARLIER],
        "before": found[EARLIER - 1].pk if len(found) > EARLIER else None,
        "unread": "unread" in request.GET,
    }
    return render(request, "inbox/earlier.html", context)


@require_GET
@member_required
def bell(request: MemberRequest) -> HttpResponse:
    """The last few, for the menu under the bell."""
    shown = _mine(request).filter(subject__snoozed_until=None)
    return render(request, "inbox/bell_list.html", {"items": list(shown[:IN_BELL])})


@require_GET
@member_required
def follow(request: MemberRequest, pk: int) -> HttpResponse:
    """Go to what the notification is about; that reads it."""
    item = actions.read(actor=request.actor, notification=_one(request, pk))
    return redirect(item.url or "inbox:list")


@require_POST
@member_required
def read(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark one as read."""
    item = actions.read(actor=request.actor, notification=_one(request, pk))
    response = _answer(request, item)
    return toast(response, _("Marked as read."), undo_url=reverse("inbox:unread", args=[pk]))


@require_POST
@member_required
def unread(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark one as unread again."""
    return _answer(request, actions.unread(actor=request.actor, notification=_one(request, pk)))


def _answer(request: MemberRequest, item: Notification) -> HttpResponse:
    """The line of the notification, or the row of its record where that is what asked."""
    if not wants_partial(request):
        return redirect("inbox:list")
    if (request.htmx.target or "").startswith("s-"):
        return _row(request, item.subject_id)
    return render(request, "inbox/item.html", {"item": item})


def _row(request: MemberRequest, pk: int) -> HttpResponse:
    if not wants_partial(request):
        return redirect("inbox:list")
    (row,) = _rows(request, [_subject(request, pk)])
    tomorrow = localtime().date() + timedelta(days=1)
    context = {"row": row, "snoozes": _snoozes(request), "tomorrow": tomorrow, "tab": "unread"}
    return render(request, "inbox/subject.html", context)


@require_POST
@member_required
def read_subject(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark all about one record as read."""
    many, moment = actions.read_subject(actor=request.actor, subject=_subject(request, pk))
    said = ngettext("%(many)d notification marked as read.", "%(many)d notifications marked as read.", many)
    undo = f"{reverse('inbox:unread_subject', args=[pk])}?at={quote(moment.isoformat())}"
    return toast(_row(request, pk), said % {"many": many}, undo_url=undo if many else None)


@require_POST
@member_required
def unread_subject(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo `read_subject`."""
    actions.unread_subject(actor=request.actor, subject=_subject(request, pk), moment=_moment(request))
    return _row(request, pk)


@require_POST
@member_required
def snooze(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a record off: `until` is one of the choices, a date, or a moment (which the undo of a toast posts)."""
    subject = _subject(request, pk)
    given = request.POST.get("until") or request.GET.get("until", "")
    until = snoozing.chosen(given, now(), request.user.time_zone) or _read_moment(given)
    if until is None:
        return _refused(_("Choose when it should come back."))
    try:
        before = actions.snooze(actor=request.actor, subject=subject, until=until)
    except DomainError as error:
        return _refused(error.message)
    undo = reverse("inbox:wake", args=[pk])
    if before is not None:
        undo = f"{reverse('inbox:snooze', args=[pk])}?until={quote(before.isoformat())}"
    response = HttpResponse(status=204) if wants_partial(request) else redirect("inbox:list")
    return toast(response, _("Put off until %(when)s.") % {"when": format_moment(until)}, undo_url=undo)


@require_POST
@member_required
def wake(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring back what was put off."""
    before = actions.wake(actor=request.actor, subject=_subject(request, pk))
    undo = f"{reverse('inbox:snooze', args=[pk])}?until={quote(before.isoformat())}" if before else None
    response = HttpResponse(status=204) if wants_partial(request) else redirect("inbox:list")
    return toast(response, _("Back in your inbox."), undo_url=undo)


def _refused(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")


@require_POST
@member_required
def read_all(request: MemberRequest) -> HttpResponse:
    """Mark everything as read, less what is put off."""
    many, moment = actions.read_all(actor=request.actor)
    if not wants_partial(request):
        return redirect("inbox:list")
    said = ngettext("%(many)d notification marked as read.", "%(many)d notifications marked as read.", many)
    undo = f"{reverse('inbox:unread_all')}?at={quote(moment.isoformat())}"
    return toast(HttpResponse(status=204), said % {"many": many}, undo_url=undo if many else None)


@require_POST
@member_required
def unread_all(request: MemberRequest) -> HttpResponse:
    """Undo `read_all`."""
    actions.unread_all(actor=request.actor, moment=_moment(request))
    return HttpResponse(status=204) if wants_partial(request) else redirect("inbox:list")


def _moment(request: MemberRequest) -> datetime:
    moment = _read_moment(request.GET.get("at", ""))
    if moment is None:
        raise Http404
    return moment


def _read_moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
