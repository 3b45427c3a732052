"""The inbox, the bell, and the choice of how to be told."""

from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.web import render_partial, toast, wants_partial
from inbox import actions
from inbox.frames import unread_count
from inbox.mail import of_token
from inbox.models import AboutEntriesQuerySet, Notification, Preference
from inbox.rules import KINDS
from partners.access import MemberRequest, member_required

PAGE = 40
IN_BELL = 8


def _mine(request: MemberRequest) -> AboutEntriesQuerySet:
    actor = request.actor
    return Notification.objects.visible_to(actor).readable_by(actor).with_words().order_by("-pk")


def _one(request: MemberRequest, pk: int) -> Notification:
    return get_object_or_404(_mine(request), pk=pk)


def _by_day(items: list[Notification]) -> list[tuple[date, list[Notification]]]:
    return [(day, list(group)) for day, group in groupby(items, key=lambda item: localtime(item.created).date())]


@require_GET
@member_required
def index(request: MemberRequest) -> HttpResponse:
    """What one was told: unread or all, by day, newest first; `?before=` goes on where the page ended."""
    everything = request.GET.get("view") == "all"
    rows = _mine(request) if everything else _mine(request).filter(read_at=None)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before[:18]))
    found = list(rows[: PAGE + 1])
    context = {
        "days": _by_day(found[:PAGE]),
        "earlier": found[PAGE - 1].pk if len(found) > PAGE else None,
        "everything": everything,
        "unread": unread_count(request.actor),
        "today": localtime().date(),
        "query": request.GET.urlencode(),
    }
    return render_partial(request, "inbox/list.html", "list", context)


@require_GET
@member_required
def bell(request: MemberRequest) -> HttpResponse:
    """The last few, for the menu under the bell."""
    return render(request, "inbox/bell_list.html", {"items": list(_mine(request)[:IN_BELL])})


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
    response = _row(request, item)
    return toast(response, _("Marked as read."), undo_url=reverse("inbox:unread", args=[pk]))


@require_POST
@member_required
def unread(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark one as unread again."""
    item = actions.unread(actor=request.actor, notification=_one(request, pk))
    return _row(request, item)


def _row(request: MemberRequest, item: Notification) -> HttpResponse:
    if wants_partial(request):
        return render(request, "inbox/item.html", {"item": item})
    return redirect("inbox:list")


@require_POST
@member_required
def read_all(request: MemberRequest) -> HttpResponse:
    """Mark everything as read."""
    many, moment = actions.read_all(actor=request.actor)
    if not wants_partial(request):
        return redirect("inbox:list")
    said = ngettext("%(many)d notification marked as read.", "%(many)d notifications marked as read.", many)
    undo = f"{reverse('inbox:unread_all')}?at={moment.isoformat().replace('+', '%2B')}"
    return toast(HttpResponse(status=204), said % {"many": many}, undo_url=undo if many else None)


@require_POST
@member_required
def unread_all(request: MemberRequest) -> HttpResponse:
    """Undo `read_all`."""
    try:
        moment = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Http404
    actions.unread_all(actor=request.actor, moment=moment)
    return HttpResponse(status=204) if wants_partial(request) else redirect("inbox:list")


def _choices(request: MemberRequest) -> list[dict[str, Any]]:
    actor = request.actor
    chosen = {p.kind: p for p in Preference.objects.visible_to(actor)}
    return [
        {"kind": KINDS[code], "chosen": chosen.get(code) or Preference(membership=actor.membership, kind=code)}
        for code in actions.kinds_in_use()
    ]


@require_GET
@member_required
def preferences(request: MemberRequest) -> HttpResponse:
    """Every kind of notification, and how one is told of it."""
    return render(request, "inbox/preferences.html", {"rows": _choices(request), "ways": Preference.Email.choices})


@require_POST
@member_required
def prefer(request: MemberRequest, kind: str) -> HttpResponse:
    """Save one row of the preferences at once. The undo of the toast posts the former choice in its address."""
    if kind not in KINDS:
        raise Http404
    given = request.POST if "email" in request.POST else request.GET
    try:
        before, chosen = actions.prefer(
            actor=request.actor,
            kind=kind,
            in_app=given.get("in_app") == "on",
            email=given.get("email", ""),
        )
    except DomainError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    if not wants_partial(request):
        return redirect("inbox:preferences")
    row = {"kind": KINDS[kind], "chosen": chosen}
    response = render(request, "inbox/preference.html", {"row": row, "ways": Preference.Email.choices})
    former = f"?email={before.email}{'&in_app=on' if before.in_app else ''}"
    return toast(response, _("Saved."), undo_url=reverse("inbox:prefer", args=[kind]) + former)


@csrf_exempt  # RFC 8058: the reader's mail provider posts, with nothing but the signed address
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop e-mail of the kind that the signed address names, without signing in; asking alone changes nothing."""
    found = of_token(token)
    if found is None:
        raise Http404
    actor, kind = found
    if request.method == "POST":
        actions.stop_mail(actor=actor, kind=kind)
    context = {
        "kind": KINDS.get(kind),
        "done": request.method == "POST",
        "reader": actor.user,
        "organisation": actor.organisation,
    }
    return render(request, "inbox/unsubscribe.html", context)
