"""What every page of the shell shows around its content: navigation, organisation switcher, theme, addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.actors import Actor
from partners.capabilities import REGISTRY
from portal.home.waiting import counts_for

Text = str | Promise
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go: `key` is its letter after G, `count` names its badge, `capability` must be held to see it."""

    label: Text
    route: str
    icon: str
    key: str = ""
    count: str = ""
    capability: str = ""


NAVIGATION: tuple[tuple[Text, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry(_("Home"), "home:home", "house", "H"),
            Entry(_("Inbox"), "inbox:list", "inbox", "I", count="inbox"),
            Entry(_("Insights"), "insights:home", "chart-column", "A", capability="insights.view"),
        ),
    ),
    (
        _("Sell"),
        (
            Entry(_("Deals"), "deals:list", "handshake", "D", capability="deals.view"),
            Entry(_("Queue"), "deals:queue", "list-checks", "Q", count="queue", capability="deals.decide"),
            Entry(_("Leads"), "leads:list", "sprout", "L", count="leads", capability="leads.view"),
            Entry(_("Conflicts"), "deals:cases", "scale", "X", count="conflicts", capability="deals.decide"),
            Entry(_("Customers"), "deals:customers", "building-2", "C", capability="deals.view"),
        ),
    ),
    (
        _("Trade"),
        (
            Entry(_("Orders"), "orders:list", "receipt-text", "O", count="orders", capability="orders.view"),
            Entry(_("Quotes"), "orders:quotes", "file-text", count="quotes", capability="orders.view"),
            Entry(_("Catalogue"), "orders:products", "package", "P", capability="orders.view"),
            Entry(_("Exchange"), "edi:traffic", "arrow-left-right", "E", capability="edi.view"),
        ),
    ),
    (
        _("Market"),
        (
            Entry(_("Campaigns"), "campaigns:list", "megaphone", count="campaigns", capability="campaigns.view"),
            Entry(_("Contacts"), "audiences:contacts", "contact", capability="audiences.view"),
            Entry(_("Mailings"), "audiences:mailings", "mails", count="mailings", capability="audiences.view"),
            Entry(_("Triggers"), "automation:triggers", "workflow", count="triggers", capability="automation.view"),
            Entry(_("Promotions"), "promotions:list", "badge-percent", capability="promotions.view"),
            Entry(_("Funds"), "funds:list", "hand-coins", count="funds", capability="funds.view"),
            Entry(_("Rebates"), "rebates:list", "piggy-bank", count="rebates", capability="rebates.view"),
            Entry(_("Programme"), "programmes:home", "medal", count="programmes", capability="programmes.view"),
        ),
    ),
    (
        _("Talk"),
        (
            Entry(_("Rooms"), "chat:rooms", "messages-square", "R", count="rooms"),
            Entry(
                _("Forums"),
                "forums:home",
                "message-circle-question-mark",
                "F",
                count="forums",
                capability="forums.view",
            ),
        ),
    ),
    (
        _("Network"),
        (
            Entry(_("Partners"), "partners:partnerships", "network", "N", capability="partnerships.view"),
            Entry(_("Organisation"), "partners:settings", "settings", "S"),
            Entry(_("Trail"), "home:trail", "history", "T", capability="trail.view"),
        ),
    ),
)
# Pages whose address lies under another place than the one that they belong to.
ALSO = {"orders:price_lists": "orders:products"}
BOTTOM = ("home:home", "inbox:list", "deals:list", "chat:rooms")
ADDRESSES = {
    "search": "home:search",
    "counts": "home:counts",
    "switch": "partners:switch",
    "language": "partners:language",
    "inbox": "inbox:list",
    "profile": "partners:profile",
    "preferences": "inbox:preferences",
    "sessions": "usersessions_list",
    "security": "mfa_index",
    "sign_in": "account_login",
    "sign_out": "account_logout",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as it is shown: with its address, and whether the reader is there."""

    label: Text
    route: str
    url: str
    icon: str
    key: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """All that the layout needs, read once a request."""

    groups: list[tuple[Text, list[Place]]]
    entries: list[Place]
    bottom: list[Place]
    urls: dict[str, str]
    theme: str
    counts: dict[str, int]
    standing: str
    bell: str = "inbox/bell.html"  # named here, so that the kernel's layout names no app


@cache
def address(route: str) -> str:
    """The address of a route, empty where the portal was built without it; every page asks for all of them."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def theme_of(request: HttpRequest) -> str:
    """The theme of the reader's cookie: light, dark, or auto (as the system)."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def _may_see(actor: Actor | None, entry: Entry) -> bool:
    # The pages refuse by themselves; this only keeps the side short.
    return entry.capability not in REGISTRY or (actor is not None and actor.can(entry.capability))


def _current(path: str) -> str:
    """The address in the navigation that the path lies under: the longest that fits."""
    routes = {entry.route: entry.route for _label, entries in NAVIGATION for entry in entries} | ALSO
    under = [(url, place) for route, place in routes.items() if (url := address(route)) and _is_under(path, url)]
    return address(max(under, key=lambda each: len(each[0]), default=("", ""))[1])


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _places(entries: Iterable[Entry], current: str) -> list[Place]:
    found = [(entry, address(entry.route)) for entry in entries]
    return [
        Place(entry.label, entry.route, url, entry.icon, entry.key, entry.count, url == current)
        for entry, url in found
        if url
    ]


@lru_cache(maxsize=256)
def _standing(_language: str, routes: tuple[str, ...]) -> str:
    """What waits at the end of every page until it is asked for, and is the same for all who see the same places."""
    shown = [entry for _label, entries in NAVIGATION for entry in entries if entry.route in routes]
    return render_to_string("layouts/standing.html", {"entries": _places(shown, ""), "search": address("home:search")})


def build(request: HttpRequest) -> Shell:
    """The shell of one request."""
    actor: Actor | None = getattr(request, "actor", None)
    current = _current(request.path)
    seen = [(label, (each for each in entries if _may_see(actor, each))) for label, entries in NAVIGATION]
    groups = [(label, _places(entries, current)) for label, entries in seen]
    groups = [(label, places) for label, places in groups if places]
    entries = [place for _label, places in groups for place in places]
    return Shell(
        groups=groups,
        entries=entries,
        bottom=[place for place in entries if place.route in BOTTOM],
        urls={name: address(route) for name, route in ADDRESSES.items()},
        theme=theme_of(request),
        counts=counts_for(actor) if actor else {},
        standing=_standing(get_language() or "", tuple(place.route for place in entries)),
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, built only where a template asks for it (fragments do not)."""
    return {"shell": SimpleLazyObject(lambda: build(request)), "actor": getattr(request, "actor", None)}
