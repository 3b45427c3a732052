"""How the verbs of funds read, and who is told of them."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from funds.models import Claim, FundRequest
from inbox.rules import holders, kind, notify
from partners.models import Membership

SEE = "funds.view"

describe("fund.opened", _("%(actor)s opened the fund"), tone="good", capability=SEE)
describe("fund.changed", _("%(actor)s changed the fund"), capability=SEE)
describe("fund.allocated", _("%(actor)s put %(amount)s %(currency)s in"), tone="good", capability=SEE)
describe("fund.expired", _("The fund ended; %(amount)s %(currency)s went back"), tone="warn", capability=SEE)
describe("fund_request.drafted", _("%(actor)s began the request"), capability=SEE)
describe("fund_request.changed", _("%(actor)s changed the request"), capability=SEE)
describe("fund_request.deleted", _("%(actor)s threw the draft away"), capability=SEE)
describe("fund_request.submitted", _("%(organisation)s submitted the request"), tone="info", capability=SEE)
describe("fund_request.taken", _("%(actor)s took the request in hand"), tone="info", capability=SEE)
describe("fund_request.returned", _("%(organisation)s returned the request"), tone="warn", capability=SEE)
describe("fund_request.reviewed", _("%(actor)s reviewed the request; finance confirms"), tone="info", capability=SEE)
describe("fund_request.handed_back", _("%(actor)s gave the request back to its reviewer"), tone="warn", capability=SEE)
describe("fund_request.approved", _("%(organisation)s reserved %(amount)s %(currency)s"), tone="good", capability=SEE)
describe("fund_request.rejected", _("%(organisation)s rejected the request"), tone="bad", capability=SEE)
describe("fund_request.started", _("The activities began"), tone="info", capability=SEE)
describe("fund_request.completed", _("The activities are over"), tone="good", capability=SEE)
describe("fund_request.cancelled", _("%(organisation)s cancelled the request"), tone="warn", capability=SEE)
describe("fund_request.released", _("What was not claimed in time went back to the fund"), tone="warn", capability=SEE)
describe("claim.drafted", _("%(actor)s began the claim"), capability=SEE)
describe("claim.changed", _("%(actor)s changed the claim"), capability=SEE)
describe("claim.deleted", _("%(actor)s threw the draft away"), capability=SEE)
describe("claim.submitted", _("%(organisation)s submitted the claim"), tone="info", capability=SEE)
describe("claim.taken", _("%(actor)s took the claim in hand"), tone="info", capability=SEE)
describe("claim.returned", _("%(organisation)s returned the claim"), tone="warn", capability=SEE)
describe("claim.approved", _("%(organisation)s granted %(amount)s %(currency)s"), tone="good", capability=SEE)
describe("claim.denied", _("%(organisation)s denied the claim"), tone="bad", capability=SEE)
describe(
    "claim.paid", _("%(organisation)s settled %(amount)s %(currency)s (%(reference)s)"), tone="good", capability=SEE
)
describe("claim.clawed_back", _("%(organisation)s took %(amount)s %(currency)s back"), tone="bad", capability=SEE)

kind("funds", _("Funds"), _("Requests for money of funds and their claims, on either side."))


def _side(model: type[FundRequest | Claim], column: str, capability: str) -> Callable[[TrailEntry], list[Membership]]:
    """Who holds a capability on one side of the record."""

    def told(entry: TrailEntry) -> list[Membership]:
        sides = model.objects.filter(pk=entry.target_id).values_list(column, flat=True)
        return holders(sides, capability)

    return told


def _both(*sides: Callable[[TrailEntry], Iterable[Membership]]) -> Callable[[TrailEntry], list[Membership]]:
    return lambda entry: list({each.pk: each for side in sides for each in side(entry)}.values())


def _url(route: str) -> Callable[[TrailEntry], str]:
    return lambda entry: reverse(route, args=[entry.target_id])


def _titled(text: str | Promise) -> Callable[[TrailEntry], str]:
    return lambda entry: str(text) % {"title": entry.title, "who": entry.organisation}


_asker = _side(FundRequest, "partner", "funds.request")
_reviewers = _side(FundRequest, "vendor", "funds.decide")
_claimant = _side(Claim, "partner", "funds.request")
_payers = _side(Claim, "vendor", "funds.finance")
_OF_REQUESTS = (
    ("submitted", _reviewers, _("%(who)s asks for %(title)s")),
    ("reviewed", _side(FundRequest, "vendor", "funds.finance"), _("%(title)s waits for finance")),
    ("handed_back", _reviewers, _("Finance gave %(title)s back")),
    ("returned", _asker, _("%(who)s returned %(title)s")),
    ("approved", _asker, _("%(who)s approved %(title)s")),
    ("rejected", _asker, _("%(who)s rejected %(title)s")),
    ("cancelled", _both(_asker, _reviewers), _("%(who)s cancelled %(title)s")),
    ("released", _asker, _("What was not claimed of %(title)s went back")),
)
_OF_CLAIMS = (
    ("submitted", _side(Claim, "vendor", "funds.decide"), _("%(who)s claims %(title)s")),
    ("returned", _claimant, _("%(who)s returned %(title)s")),
    ("approved", _both(_claimant, _payers), _("%(who)s granted %(title)s")),
    ("denied", _claimant, _("%(who)s denied %(title)s")),
    ("paid", _claimant, _("%(who)s settled %(title)s")),
    ("clawed_back", _claimant, _("%(who)s took money of %(title)s back")),
)
for verb, to, says in _OF_REQUESTS:
    notify(f"fund_request.{verb}", to=to, url=_url("funds:request"), kind="funds", title=_titled(says))
for verb, to, says in _OF_CLAIMS:
    notify(f"claim.{verb}", to=to, url=_url("funds:claim"), kind="funds", title=_titled(says))
