"""How the verbs of rebates read, and who is told of them."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, kind, notify
from partners.models import Membership
from rebates.models import CreditedLine, RebateAgreement, Statement

SEE = "rebates.view"

describe("rebate.drafted", _("%(actor)s wrote the agreement %(title)s"), capability=SEE)
describe("rebate.changed", _("%(actor)s changed the agreement"), capability=SEE)
describe("rebate.proposed", _("%(organisation)s proposed %(title)s"), tone="info", capability=SEE)
describe("rebate.withdrawn", _("%(organisation)s took the proposal %(title)s back"), tone="warn", capability=SEE)
describe("rebate.accepted", _("%(organisation)s accepted %(title)s"), tone="good", capability=SEE)
describe("rebate.declined", _("%(organisation)s declined %(title)s"), tone="bad", capability=SEE)
describe("rebate.ended", _("%(organisation)s ended %(title)s with %(day)s"), tone="warn", capability=SEE)
describe("rebate.promised", _("%(title)s began with the promotion %(promotion)s"), tone="info", capability=SEE)
describe("rebate_statement.closed", _("The statement %(title)s is issued"), tone="info", capability=SEE)
describe("rebate_statement.confirmed", _("%(organisation)s confirmed %(title)s"), tone="good", capability=SEE)
describe("rebate_statement.disputed", _("%(organisation)s disputes %(title)s: %(reason)s"), tone="bad", capability=SEE)
describe("rebate_statement.answered", _("%(organisation)s answered: %(reply)s"), tone="info", capability=SEE)
describe(
    "rebate_statement.settled", _("%(organisation)s settled %(title)s: %(reference)s"), tone="good", capability=SEE
)
describe("rebate_credit.matched", _("%(actor)s matched %(credit)s with %(invoice)s, line %(line)s"), capability=SEE)
describe("rebate_credit.dismissed", _("%(actor)s said that %(credit)s takes nothing back"), capability=SEE)
describe("rebate_credit.reopened", _("%(actor)s opened %(credit)s again"), tone="warn", capability=SEE)

kind("rebates", _("Rebates"), _("Agreements proposed and answered, periods closed and settled."))


def _side(model: type, side: str, capability: str) -> Callable[[TrailEntry], Iterable[Membership]]:
    def people(entry: TrailEntry) -> Iterable[Membership]:
        row = model.objects.filter(pk=entry.target_id).first()  # type: ignore[attr-defined]
        return holders([getattr(row, side)], capability) if row else ()

    return people


def _url(route: str) -> Callable[[TrailEntry], str]:
    return lambda entry: reverse(route, args=[entry.target_id])


MANAGE = "rebates.manage"
TO_PARTNER, TO_VENDOR = _side(RebateAgreement, "partner_id", MANAGE), _side(RebateAgreement, "vendor_id", MANAGE)
DETAIL = _url("rebates:detail")
notify("rebate.proposed", to=TO_PARTNER, url=DETAIL, kind="rebates", action=_("Answer"))
notify("rebate.ended", to=TO_PARTNER, url=DETAIL, kind="rebates")
notify("rebate.accepted", to=TO_VENDOR, url=DETAIL, kind="rebates")
notify("rebate.declined", to=TO_VENDOR, url=DETAIL, kind="rebates")
STATEMENT, SETTLE = _url("rebates:statement"), "rebates.settle"
STATEMENT_TO_PARTNER, STATEMENT_TO_VENDOR = _side(Statement, "partner_id", SEE), _side(Statement, "vendor_id", SETTLE)
notify("rebate.promised", to=_side(RebateAgreement, "partner_id", SEE), url=DETAIL, kind="rebates")
for verb in ("rebate_statement.closed", "rebate_statement.answered"):
    notify(verb, to=STATEMENT_TO_PARTNER, url=STATEMENT, kind="rebates", action=_("Check it"))
notify("rebate_statement.settled", to=STATEMENT_TO_PARTNER, url=STATEMENT, kind="rebates")
notify("rebate_statement.confirmed", to=STATEMENT_TO_VENDOR, url=STATEMENT, kind="rebates", action=_("Settle"))
notify("rebate_statement.disputed", to=STATEMENT_TO_VENDOR, url=STATEMENT, kind="rebates", action=_("Answer"))
notify(
    "rebate_credit.matched", to=_side(CreditedLine, "partner_id", SETTLE), url=_url("rebates:credit"), kind="rebates"
)
