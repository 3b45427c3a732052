"""The demo's rebates: agreements in several states, and what really accrued on the demo's invoices."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.models import Sequence
from core.numbers import with_check_digit
from partners.models import Partnership
from rebates.actions import accrue_lines
from rebates.actions.agreeing import PREFIX
from rebates.models import RebateAgreement

STEPS = [["0", "1"], ["20000", "2"], ["60000", "3.5"]]
# vendor, partner, name, state, columns
AGREEMENTS: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("aurora", "brenta", "Volume rebate", "active", {"rule": "tiers", "steps": STEPS, "retroactive": True}),
    ("aurora", "dolomiti", "Volume rebate", "active", {"rule": "tiers", "steps": STEPS}),
    ("aurora", "rhein", "Growth bonus", "active", {"rule": "growth", "rate": Decimal(4)}),
    ("aurora", "lakes", "Distributor rebate", "active", {"rate": Decimal("1.5"), "period": "month"}),
    ("aurora", "brenta", "Booster sets sold by one person", "active", {
        "form": "spiff", "rule": "fixed", "basis": "units", "rate": Decimal(12), "product_lines": ["Booster sets"],
    }),
    ("aurora", "loire", "Commission on referrals", "proposed", {"form": "commission", "rate": Decimal(3)}),
    ("aurora", "brenta", "Service parts", "proposed", {"rate": Decimal(5), "product_lines": ["Spare parts"]}),
    ("aurora", "adriatica", "Next year's rebate", "draft", {"rule": "tiers", "steps": STEPS}),
    ("nordic", "lakes", "Volume rebate", "active", {"rate": Decimal(2)}),
)  # fmt: skip


def fill(world: Any) -> None:
    """Agreements, and their accruals by the real rule."""
    for number, (vendor, partner, name, state, columns) in enumerate(AGREEMENTS, 1):
        edge = Partnership.objects.get(vendor=world.orgs[vendor], partner=world.orgs[partner], state="active")
        row = _agreement(world, edge, number, name, state, columns)
        accrue_lines(agreement=row)
    Sequence.objects.update_or_create(name="rebate", defaults={"last": len(AGREEMENTS)})


def _agreement(
    world: Any, edge: Partnership, number: int, name: str, state: str, columns: dict[str, Any]
) -> RebateAgreement:
    year = world.now.year
    created = world.now - timedelta(days=200 - number)
    row = RebateAgreement(
        vendor=edge.vendor, partner=edge.partner, partnership=edge, number=with_check_digit(PREFIX, number), name=name,
        state=state, currency=edge.vendor.currency, created=created,
        starts_on=date(year - 1, 1, 1) if state == "active" else date(year, 1, 1),
        ends_on=date(year + 1, 12, 31), **columns,
    )  # fmt: skip
    vendor = world.actor(world.key_of(edge.vendor), "channel_manager")
    partner = world.actor(world.key_of(edge.partner), "channel_manager")
    if row.form == "spiff" and state == "active":
        row.member = world.membership(world.key_of(edge.partner), "sales")
        row.person = str(row.member.user)
    row.save()
    world.trail(vendor, "rebate.drafted", row, created, parties=())
    if state != "draft":
        world.trail(vendor, "rebate.proposed", row, created + timedelta(hours=2))
    if state == "active":
        world.trail(partner, "rebate.accepted", row, created + timedelta(days=3))
    return row
