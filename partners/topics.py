"""The list of settings: what is yours, what is the organisation's."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actors import Actor

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its label, route, icon, and what one must hold to find it in the list."""

    label: Text
    route: str
    icon: str
    capability: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A topic as it is shown."""

    label: Text
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Topics under one heading."""

    label: Text
    topics: list[Link]


YOURS = (
    Topic(_("Profile"), "partners:profile", "user-round"),
    Topic(_("E-mail address"), "account_email", "mail"),
    Topic(_("Password"), "account_change_password", "key-round"),
    Topic(_("Second factor and passkeys"), "mfa_index", "shield-check"),
    Topic(_("Sessions"), "usersessions_list", "monitor-smartphone"),
    Topic(_("Notifications"), "inbox:preferences", "bell-ring"),
    Topic(_("Absence"), "deals:absences", "tree-palm"),
)
SHARED = (
    Topic(_("Details"), "partners:details", "building-2"),
    Topic(_("People"), "partners:people", "users-round"),
    Topic(_("Invitations"), "partners:invitations", "send", "members.manage"),
    Topic(_("Roles"), "partners:roles", "list-checks"),
    Topic(_("Service accounts"), "partners:services", "bot", "integration.manage"),
    Topic(_("Webhooks"), "webhooks:list", "webhook", "integration.manage"),
    Topic(_("Partner programme"), "partners:programme", "signature", "partnerships.manage"),
    Topic(_("Terms of registration"), "deals:terms", "scroll-text", "deals.terms"),
    Topic(_("Approvals"), "deals:approvals", "stamp", "deals.terms"),
    Topic(_("Conflict rules"), "deals:match_rules", "scale", "deals.terms"),
    Topic(_("Named accounts"), "deals:accounts", "building-2", "deals.terms"),
    Topic(_("Business calendar"), "deals:calendar", "calendar-clock", "deals.terms"),
    Topic(_("Rules for talk"), "chat:policy", "messages-square", "organisation.manage"),
    Topic(_("Sign-in policy"), "partners:policy", "lock-keyhole", "organisation.manage"),
)


def groups_for(request: HttpRequest) -> list[Group]:
    """The topics that this reader finds, the current one marked."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    found = [Group(_("You"), _links(request.path, YOURS))]
    if actor is not None:
        mine = tuple(topic for topic in SHARED if not topic.capability or actor.can(topic.capability))
        found.append(Group(actor.organisation.name, _links(request.path, mine)))
    return found


def _links(path: str, topics: tuple[Topic, ...]) -> list[Link]:
    addressed = [(topic, _address(topic.route)) for topic in topics]
    here = max((url for _topic, url in addressed if url and path.startswith(url)), key=len, default="")
    return [Link(topic.label, url, topic.icon, url == here) for topic, url in addressed if url]


def _address(route: str) -> str:
    """Empty where the portal was built without that page."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
