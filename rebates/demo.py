"""The demo's rebates: agreements in several states, and what really accrued on the demo's invoices."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import make_aware

from core.models import Sequence, TrailEntry
from core.numbers import with_check_digit
from orders.actions import receive_invoice
from orders.documents import InvoiceDocument, InvoiceLineDocument
from orders.models import Invoice
from partners.actors import Actor, system_actor
from partners.models import Organisation, Partnership
from rebates import actions
from rebates.actions.agreeing import PREFIX
from rebates.models import RebateAgreement, Statement

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
        actions.accrue_lines(agreement=row)
    Sequence.objects.update_or_create(name="rebate", defaults={"last": len(AGREEMENTS)})
    for row in actions.follow_promotions():
        actions.accrue_lines(agreement=row)
        _happened(row, world.now - timedelta(days=30))
    _close(world)
    _credit(world)


def _credit(world: Any) -> None:
    """Two credit notes to Brenta: one names its invoice and takes back in proportion, of the other nobody knows what
    it is for."""
    vendor, partner = world.orgs["aurora"], world.orgs["brenta"]
    billed = Invoice.objects.filter(seller=vendor, buyer=partner, kind="invoice").order_by("issued_on", "pk").last()
    if billed is None:
        return
    desk, day = world.actor("aurora", "order_desk"), world.now - timedelta(days=2)
    for number, why, amount, preceding in (
        ("NC-2026-01", "Scratched housings", Decimal("48.50"), billed.number),
        ("NC-2026-02", "Goodwill after the late delivery", Decimal("120.00"), ""),
    ):
        line = InvoiceLineDocument(number="1", quantity=Decimal(1), amount=amount, description=why)
        document = InvoiceDocument(
            number=number, issued_on=day.date(), kind="credit_note", currency=billed.currency, preceding=preceding,
            lines=(line,),
        )  # fmt: skip
        row = receive_invoice(actor=desk, document=document, buyer=partner, seller=vendor, order=billed.orders.first())
        if not preceding:
            row.lines.update(order=None)
        entries = TrailEntry.objects.filter(target="orders.invoice", target_id=row.pk)
        entries.update(created=day, fanned_out_at=day)
    for agreement in RebateAgreement.objects.accruing().filter(vendor=vendor, partner=partner):
        actions.accrue_lines(agreement=agreement)


def _close(world: Any) -> None:
    """Periods whose days are over were issued: the old ones are settled, of the last one some were confirmed and one
    is disputed."""
    today = world.now.date()
    rows = Statement.objects.over(today).select_related("agreement__promotion", "vendor", "partner")
    due = [row for row in rows if row.closes_on <= today]
    for at, row in enumerate(due):
        _issue(row)
        if row.state != Statement.State.CLOSED:
            continue
        if (today - row.ends_on).days > 100 or at % 3 == 2:
            _settle(world, row)
        elif row.partner == world.orgs["brenta"] and row.agreement.rule == RebateAgreement.RuleKind.TIERS:
            reason = "Two invoices of the last week of the quarter are missing."
            actions.dispute_statement(actor=_finance(world, row.partner), statement=row, reason=reason)
            _happened(row, _morning(row.closes_on, 9), "disputed")
        elif at % 3 == 1:
            _confirm(world, row)


def _issue(row: Statement) -> None:
    day = row.closes_on
    closed = actions.close_statement(actor=system_actor(row.vendor), statement=row)
    row.state, row.payable, row.closed_on = closed.state, closed.payable, day
    if closed.settled_on:
        row.settled_on = day
    row.save(update_fields=["closed_on", "settled_on"])
    _happened(row, _morning(day, 3))


def _confirm(world: Any, row: Statement) -> None:
    actions.confirm_statement(actor=_finance(world, row.partner), statement=row)
    _happened(row, _morning(row.closes_on + timedelta(days=2), 10), "confirmed")


def _settle(world: Any, row: Statement) -> None:
    _confirm(world, row)
    day = row.closes_on + timedelta(days=12)
    actions.settle_statement(
        actor=_finance(world, row.vendor), statement=row, settlement="credit_note", reference=f"CN {7000 + row.pk}",
        day=day,
    )  # fmt: skip
    _happened(row, _morning(day, 11), "settled")


def _finance(world: Any, organisation: Organisation) -> Actor:
    """Who keeps the books there, or whoever does it where nobody has the role."""
    actor: Actor = world.actor(world.key_of(organisation), "finance")
    return Actor(organisation, actor.capabilities | {"rebates.settle"}, "web", actor.user, actor.membership)


def _morning(day: date, hour: int) -> datetime:
    return make_aware(datetime.combine(day, time(hour)))


def _happened(row: RebateAgreement | Statement, when: datetime, verb: str = "") -> None:
    """What the trail has just noted of a record was long ago, and everybody was told."""
    entries = TrailEntry.objects.filter(target=row._meta.label_lower, target_id=row.pk, verb__endswith=verb)
    entries.filter(fanned_out_at=None).update(created=when, fanned_out_at=when)


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
