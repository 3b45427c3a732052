"""Who is told of what: each app calls `notify(verb, …)` in its events.py, once per verb and kind.

A rule only proposes: nobody is told of an entry that their organisation may not read, that their role may not know of
(`core.audit.describe(capability=…)`), or that they wrote themselves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import sentence
from core.models import TrailEntry
from partners.models import Membership

Text = str | Promise
Recipients = Callable[[TrailEntry], Iterable[Membership]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Tell `to` of a verb. `title`, `url` and `action` are read in the recipient's language when they look."""

    verb: str
    kind: str
    to: Recipients
    url: Callable[[TrailEntry], str]
    title: Callable[[TrailEntry], str] = sentence
    action: Text = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the preferences: what one can be told of."""

    code: str
    label: Text
    help: Text = ""
    mail_only: bool = False


RULES: dict[tuple[str, str], Rule] = {}
KINDS: dict[str, Kind] = {}


def kind(code: str, label: Text, help: Text = "", *, mail_only: bool = False) -> None:
    """Name a kind of notification for the preferences page; `mail_only`: the portal itself shows it elsewhere."""
    KINDS[code] = Kind(code, label, help, mail_only)


def notify(
    verb: str,
    *,
    to: Recipients,
    url: Callable[[TrailEntry], str],
    kind: str,
    title: Callable[[TrailEntry], str] = sentence,
    action: Text = "",
    urgent: bool = False,
) -> None:
    """Add a rule: on `verb`, tell the memberships that `to(entry)` gives. Urgent ones go by e-mail at once.

    Raises ImproperlyConfigured when the verb already has a rule of that kind (join their recipients instead).
    """
    if (verb, kind) in RULES:
        raise ImproperlyConfigured(f"{verb} already has a rule of kind {kind}: let one rule name all its recipients.")
    KINDS.setdefault(kind, Kind(kind, kind.replace("_", " ").capitalize()))
    RULES[verb, kind] = Rule(verb, kind, to, url, title, action or _("Open"), urgent)


def rules_for(verb: str) -> list[Rule]:
    """The rules of one verb, in the order in which they were added."""
    return [rule for (of_verb, _kind), rule in RULES.items() if of_verb == verb]


def holders(organisation_ids: Iterable[int], capability: str) -> list[Membership]:
    """Live memberships of these organisations whose roles hold the capability."""
    live = _live().filter(organisation_id__in=set(organisation_ids))
    return [membership for membership in live if capability in membership.capabilities()]


def people(user_ids: Iterable[int | None], organisation_ids: Iterable[int]) -> list[Membership]:
    """Live memberships of these persons in these organisations (None stands for nobody)."""
    users = {pk for pk in user_ids if pk is not None}
    return list(_live().filter(organisation_id__in=set(organisation_ids), user_id__in=users))


def _live() -> "QuerySet[Membership]":
    live = Membership.objects.filter(active=True, user__is_active=True)
    return live.select_related("user", "organisation").prefetch_related("roles").order_by("pk")


kind("deals", _("Deals"), _("Registrations, decisions and protections."))
kind("orders", _("Orders"), _("Orders received and answered."))
kind("edi", _("Exchange"), _("Documents refused, overdue or sent."))
kind("chat", _("Rooms"), _("Mentions and messages to you."))
kind("partners", _("People and partnerships"), _("Invitations, agreements and changes of partnerships."))
