"""Home, search, health."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.audit import Line, line_of, unknowable_verbs
from core.models import TrailEntry
from core.numbers import format_number
from core.waiting import Figure, Waiting
from core.web import render_partial
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from portal.home.addresses import address_of
from portal.home.search import IN_PALETTE, ON_PAGE, search
from portal.home.waiting import counts_for, figures_for, waiting_for

RECENT = 12
SHOWN = 30
FIGURES = 4


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the member; for a stranger, what the portal is and where to sign in."""
    if not request.user.is_authenticated:
        return render(request, "home/landing.html", {"demo": settings.DEMO})
    return _dashboard(request)


@member_required
def _dashboard(request: MemberRequest) -> HttpResponse:
    actor = request.actor
    waiting = waiting_for(actor)
    context = {
        "greeting": _greeting(),
        "today": localtime().date(),
        "waiting": waiting[:SHOWN],
        "hidden": max(0, len(waiting) - SHOWN),
        "figures": _figures(actor, waiting),
        "recent": [(line, address_of(line.entry)) for line in _recent(actor)],
    }
    return render_partial(request, "home/home.html", "board", context)


def _greeting() -> str:
    hour = localtime().hour
    if hour < 5 or hour >= 18:
        return _("Good evening")
    return _("Good morning") if hour < 12 else _("Good afternoon")


def _figures(actor: Actor, waiting: list[Waiting]) -> list[Figure]:
    """Up to four numbers: what waits and what is late, then what the apps offer."""
    late = sum(1 for item in waiting if item.tone == "bad")
    soon = sum(1 for item in waiting if item.tone == "warn")
    note = _("%(many)s overdue") % {"many": format_number(late)} if late else _("nothing is overdue")
    tone = "bad" if late else "warn" if soon else "good"
    own = Figure(_("Waiting for you"), format_number(len(waiting)), "#waiting", note, tone)
    return [own, *figures_for(actor)][:FIGURES]


def _recent(actor: Actor) -> list[Line]:
    told = TrailEntry.objects.visible_to(actor).exclude(verb__in=unknowable_verbs(actor))
    since = told.filter(created__gte=now() - timedelta(days=60)).order_by("-created", "-pk")
    return [line_of(entry) for entry in since.select_related("user", "service_account", "organisation")[:RECENT]]


@require_GET
@member_required
def find(request: MemberRequest) -> HttpResponse:
    """Search in everything: hits for the palette, or a page of them."""
    text = request.GET.get("q", "").replace("\x00", "")[:100]
    limit = IN_PALETTE if request.headers.get("HX-Request") else ON_PAGE
    groups = search(request.actor, text, limit)
    return render_partial(request, "home/search.html", "hits", {"q": text, "groups": groups})


@require_GET
@member_required
def counts(request: MemberRequest) -> HttpResponse:
    """The badges of the navigation, for a page that was open while something changed."""
    return JsonResponse(counts_for(request.actor))


def health(request: MemberRequest) -> HttpResponse:
    """200 when the portal reaches its database, and Redis where it has one; 503 with the name of what is missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain")
    if settings.REDIS_URL and not _redis_answers():
        return HttpResponse("redis", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def _redis_answers() -> bool:
    from redis.exceptions import RedisError

    try:
        cache.set("healthz", "ok", 10)
    except (RedisError, OSError):
        return False
    return True
