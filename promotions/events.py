"""How the verbs of promotions read, and who is told of them."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from partners.models import Membership

SEE = "promotions.view"
KIND = "promotions"

# The vendor's alone:
describe("promotion.saved", _("%(actor)s wrote promotion %(title)s"), capability=SEE)
describe("promotion.codes_made", _("%(actor)s made %(count)s codes"), tone="info", capability=SEE)
describe("promotion.used_up", _("Promotion %(title)s is used up"), tone="warn", capability=SEE)
describe("promotion.restored", _("%(actor)s made promotion %(title)s a draft again"), capability=SEE)
# Everybody who may use it or pays a share:
describe("promotion.activated", _("%(organisation)s started promotion %(title)s"), tone="good", capability=SEE)
describe("promotion.paused", _("%(organisation)s paused promotion %(title)s"), tone="warn", capability=SEE)
describe("promotion.resumed", _("%(organisation)s took promotion %(title)s up again"), tone="good", capability=SEE)
describe("promotion.ended", _("%(organisation)s ended promotion %(title)s"), capability=SEE)
describe("promotion.cancelled", _("%(organisation)s took promotion %(title)s back"), tone="bad", capability=SEE)
# On an order, for both sides:
describe("promotion.reserved", _("Order %(number)s uses %(names)s"), tone="good", capability="orders.view")

kind(KIND, _("Promotions"), _("Promotions that you may use, and what becomes of your own."))


def _others(entry: TrailEntry) -> Iterable[Membership]:
    """Who reads of promotions at every other organisation that was told."""
    told = entry.readers.exclude(organisation=entry.organisation_id).values_list("organisation_id", flat=True)
    return holders(list(told), SEE)


def _vendor(entry: TrailEntry) -> Iterable[Membership]:
    return holders([entry.organisation_id], "promotions.manage")


def _url(entry: TrailEntry) -> str:
    return reverse("promotions:detail", args=[entry.target_id])


def _titled(text: str | Promise) -> Callable[[TrailEntry], str]:
    return lambda entry: str(text) % {"name": entry.data.get("name", entry.title), "who": entry.organisation}


for verb, says in (
    ("activated", _("%(who)s offers you %(name)s")),
    ("paused", _("%(who)s paused %(name)s")),
    ("resumed", _("%(name)s of %(who)s runs again")),
    ("ended", _("%(name)s of %(who)s has ended")),
    ("cancelled", _("%(who)s took %(name)s back")),
):
    notify(f"promotion.{verb}", to=_others, url=_url, kind=KIND, title=_titled(says))
notify("promotion.used_up", to=_vendor, url=_url, kind=KIND, title=_titled(_("%(name)s is used up")))
