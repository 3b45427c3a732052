"""The trail: everything that happened in the organisation, and between it and its partners."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.audit import DESCRIPTIONS, line_of, sentence
from core.listing import Choice, Column, Empty, Listing, Period
from core.models import TrailEntry
from core.web import render_partial
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.capabilities import REGISTRY
from portal.home.addresses import address_of
from portal.home.trail_filters import OneRecord, VerbGroup, nouns

DOORS = {"web": _("Portal"), "api": _("API"), "socket": _("Live"), "edi": _("EDI"), "system": _("System")}


def _people(actor: Actor) -> Iterable[tuple[int, str]]:
    """Everybody who wrote an entry that the organisation may read."""
    authors = TrailEntry.objects.visible_to(actor).exclude(user=None).order_by()
    return authors.values_list("user_id", "user__name").distinct().order_by("user__name")[:300]


def _who(entry: TrailEntry) -> tuple[Any, Any]:
    """The author and whom they acted for; timers and rules have no name of their own."""
    return entry.user or entry.service_account or DOORS["system"], entry.organisation


LIST = Listing(
    key="trail",
    title=_("Trail"),
    columns=(
        Column("created", _("When"), kind="ago", sort="created"),
        Column(
            "who", _("Who"), kind="who", get=lambda e: (e.user or e.service_account or e.organisation, e.organisation)
        ),
        Column("what", _("What"), kind="link", get=sentence),
        Column("title", _("Record"), phone=False),
        Column("via", _("Door"), get=lambda e: DOORS[e.via], phone=False),
        Column("verb", _("Verb"), kind="code", phone=False, shown=False),
    ),
    filters=(
        VerbGroup("about", _("About"), nouns),
        Choice("person", _("Person"), choices=_people, field="user_id"),
        Choice("door", _("Door"), choices=list(DOORS.items()), field="via"),
        Period("created", _("Period")),
        OneRecord("record", _("Record")),
    ),
    search=("title", "user__name", "organisation__name"),
    row_url=lambda entry: reverse("home:entry", args=[entry.pk]),
    panel=True,
    default_sort="-created",
    empty=Empty(
        _("Nothing happened yet"),
        _("Every decision is kept here with its person, its door and its time, from the first registration on."),
        icon="history",
    ),
)


def _readable(actor: Actor) -> QuerySet:
    """The organisation's entries, less those behind the channel firewall: what another held capability bars."""
    barred = {code for held in actor.capabilities for code in REGISTRY[held].excludes}
    hidden = [verb for verb, described in DESCRIPTIONS.items() if described.capability in barred]
    rows = TrailEntry.objects.visible_to(actor).exclude(verb__in=hidden)
    return rows.select_related("user", "service_account", "organisation")


@require_GET
@member_required("trail.view")
def trail(request: MemberRequest) -> HttpResponseBase:
    """The list, with filters, views and CSV."""
    return LIST.respond(request, _readable(request.actor))


@require_GET
@member_required("trail.view")
def entry(request: MemberRequest, pk: int) -> HttpResponse:
    """One entry: who, when, through which door, before and after."""
    found = get_object_or_404(_readable(request.actor), pk=pk)
    context = {
        "entry": found,
        "who": _who(found),
        "line": line_of(found),
        "url": address_of(found),
        "changes": _changes(found.data),
        "facts": _facts(found.data),
        "record": f"{found.target}.{found.target_id}",
    }
    return render_partial(request, "home/entry.html", "panel", context)


def _changes(data: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """(field, before, after) of `before` and `after` (values or dictionaries) and of `changes` ({field: [b, a]})."""
    before, after = data.get("before"), data.get("after")
    rows: list[tuple[str, Any, Any]] = []
    if isinstance(before, dict) and isinstance(after, dict):
        rows = [(name, before.get(name), after.get(name)) for name in {**before, **after}]
    elif "before" in data or "after" in data:
        rows = [("state", before, after)]
    changes = data.get("changes")
    if isinstance(changes, dict):
        rows += [(name, *pair) for name, pair in changes.items() if isinstance(pair, list) and len(pair) == 2]
    return rows


def _facts(data: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in data.items() if name not in {"before", "after", "changes"}]
