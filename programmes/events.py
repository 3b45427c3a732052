"""How the verbs of programmes read, and who is told of them."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from partners.models import Membership
from programmes.models import Certification, Standing

SEE = "programmes.view"

describe("programme.reckoning_changed", _("%(actor)s changed how tiers are reckoned"), capability="programmes.manage")
describe("tier.changed", _("%(actor)s changed the tier %(title)s"), capability="programmes.manage")
describe("standing.promoted", _("The figures reached tier %(after)s"), tone="good", capability=SEE)
describe(
    "standing.warned", _("The figures no longer reach %(before)s: on %(day)s it falls to %(after)s"),
    tone="warn", capability=SEE,
)  # fmt: skip
describe("standing.recovered", _("The figures reach %(before)s again: it stays"), tone="good", capability=SEE)
describe("standing.demoted", _("The tier fell from %(before)s to %(after)s"), tone="bad", capability=SEE)
describe("standing.fixed", _("%(actor)s set tier %(after)s by hand until %(day)s"), tone="info", capability=SEE)
describe("standing.freed", _("The figures decide on the tier again"), capability=SEE)
describe("certification.reported", _("%(organisation)s reported %(title)s"), tone="info", capability=SEE)
describe("certification.confirmed", _("%(organisation)s confirmed %(title)s"), tone="good", capability=SEE)
describe("certification.refused", _("%(organisation)s refused %(title)s"), tone="bad", capability=SEE)
describe("certification.withdrawn", _("%(organisation)s took %(title)s back"), capability=SEE)

kind("programmes", _("Programme"), _("Tiers reached or about to fall, and certifications."))


def _both(entry: TrailEntry) -> Iterable[Membership]:
    row = Standing.objects.filter(pk=entry.target_id).first()
    return [*holders([row.partner_id], SEE), *holders([row.vendor_id], "programmes.manage")] if row else ()


def _of(side: str, capability: str) -> Callable[[TrailEntry], Iterable[Membership]]:
    def people(entry: TrailEntry) -> Iterable[Membership]:
        row = Certification.objects.filter(pk=entry.target_id).first()
        return holders([getattr(row, side)], capability) if row else ()

    return people


def _url(route: str) -> Callable[[TrailEntry], str]:
    return lambda entry: reverse(route, args=[entry.target_id])


def _titled(text: str | Promise) -> Callable[[TrailEntry], str]:
    return lambda entry: str(text) % {"title": entry.title, **entry.data}


for told, says in (
    ("promoted", _("%(title)s: tier %(after)s is reached")),
    ("warned", _("%(title)s: the tier falls to %(after)s on %(day)s")),
    ("recovered", _("%(title)s: tier %(before)s stays")),
    ("demoted", _("%(title)s: the tier fell to %(after)s")),
    ("fixed", _("%(title)s: tier %(after)s until %(day)s")),
):
    notify(f"standing.{told}", to=_both, url=_url("programmes:standing"), kind="programmes", title=_titled(says))
notify(
    "certification.reported", to=_of("vendor_id", "programmes.manage"), url=_url("programmes:certification"),
    kind="programmes", action=_("Confirm"),
)  # fmt: skip
for verb in ("certification.confirmed", "certification.refused"):
    notify(verb, to=_of("partner_id", "programmes.certify"), url=_url("programmes:certification"), kind="programmes")
