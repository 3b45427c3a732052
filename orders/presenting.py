"""How an order is laid out for a person: where it stands, its lines beside what was answered, what to look at."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.money import minor_units, round_money
from core.numbers import format_day, format_number
from orders.checks import differs
from orders.models import Order, OrderFinding, OrderLine, OrderResponse, OrderResponseLine
from orders.price_notes import Note, given_of, notes_of
from orders.units import alike

AFTER_ANSWER = ("partly_shipped", "shipped", "invoiced", "closed")


@dataclass(slots=True)
class LineRow:
    """A line with the answer that holds, and what was noticed about it."""

    line: OrderLine
    answer: OrderResponseLine | None = None
    findings: list[OrderFinding] = field(default_factory=list)

    @property
    def price_differs(self) -> bool:
        """True when the price is not the one that the catalogue gives."""
        line = self.line
        if line.unit_price is None or line.expected_price is None or not line.product:
            return False
        return alike(line.unit, line.product.unit) and differs(line.unit_price, line.price_base, line.expected_price)

    @property
    def new_quantity(self) -> bool:
        """True when another quantity was confirmed."""
        answer = self.answer
        return answer is not None and answer.answer != "rejected" and answer.quantity != self.line.quantity

    @property
    def new_price(self) -> bool:
        """True when another price was confirmed."""
        ordered = self.line.expected_price if self.line.unit_price is None else self.line.unit_price
        return self.answer is not None and self.answer.unit_price not in (None, ordered)

    @property
    def new_date(self) -> bool:
        """True when another date was confirmed."""
        answer = self.answer
        wanted = self.line.delivery_date or self.line.order.delivery_date
        return answer is not None and answer.delivery_date not in (None, wanted)

    @property
    def ordered(self) -> str:
        """The price as ordered, or the catalogue's where none was stated, as text."""
        line = self.line
        return price_text(line.expected_price if line.unit_price is None else line.unit_price, line.order.currency)

    @property
    def listed(self) -> str:
        """The price that the catalogue gives, as text."""
        return price_text(self.line.expected_price, self.line.order.currency)

    @property
    def confirmed(self) -> str:
        """The confirmed price, as text."""
        return price_text(self.answer.unit_price if self.answer else None, self.line.order.currency)

    @property
    def notes(self) -> list[Note]:
        """How the expected price came about, where that takes more than one step."""
        notes = notes_of(self.line.pricing)
        return notes if len(notes) > 1 else []

    @property
    def given(self) -> str:
        """How many units come on top without a charge; empty for none."""
        return format_number(given_of(self.line.pricing) or None)

    @property
    def unknown(self) -> bool:
        """True when nobody knows yet which product is meant."""
        return self.line.product_id is None


def price_text(price: Decimal | None, currency: str) -> str:
    """A unit price without its currency: every decimal it has, at least those of the minor unit."""
    if price is None:
        return ""
    whole = price == round_money(price, currency)
    return format_number(price, minor_units(currency) if whole else None)


def rows_of(order: Order, response: OrderResponse | None) -> list[LineRow]:
    """The lines as rows, in four queries at most."""
    answers = {answer.line_id: answer for answer in response.lines.all()} if response else {}
    rows = [LineRow(line, answers.get(line.pk)) for line in order.lines.select_related("product")]
    by_line = {row.line.pk: row for row in rows}
    for finding in order.findings.exclude(line=None):
        if row := by_line.get(finding.line_id or 0):
            row.findings.append(finding)
    for row in rows:
        row.line.order = order
    return rows


def latest_response(order: Order) -> OrderResponse | None:
    """The answer that holds."""
    return order.responses.order_by("-pk").first()


def track_of(order: Order) -> list[dict[str, Any]]:
    """Where the order stands: sent, in hand, answered, shipped, invoiced."""
    if order.state == Order.State.DRAFT:
        return [_step(_("Draft"), _("only you see it"), "now"), *_todo(_("Sent"), _("Answered"), _("Shipped"))]
    steps = [_step(_("Received"), format_day(order.received_at), "done"), _in_hand(order), _answered(order)]
    if order.state == Order.State.CANCELLED:
        return [*[step for step in steps if step["status"] == "done"], _step(_("Cancelled"), "", "now", "bad")]
    if order.state == Order.State.REJECTED:
        return steps
    return [*steps, _shipped(order), _invoiced(order)]


def _in_hand(order: Order) -> dict[str, Any]:
    if order.state == Order.State.RECEIVED:
        return _step(_("In hand"), _("waits for %s") % order.seller, "now")
    return _step(_("In hand"), "", "done")


def _answered(order: Order) -> dict[str, Any]:
    if order.state == Order.State.CHANGE_REQUESTED:
        return _step(_("Answer"), _("to the change, from %s") % order.seller, "now", "warn")
    if order.state in Order.TO_ANSWER:
        return _step(_("Answer"), "" if order.state == "received" else _("from %s") % order.seller, _now(order))
    if order.answered_at is None:
        return _step(_("Answer"), "", "todo")
    label = _("Answered") if order.state in AFTER_ANSWER else order.get_state_display()
    return _step(label, format_day(order.answered_at), "done", order.state_tone if order.state == "rejected" else "")


def _now(order: Order) -> str:
    return "now" if order.state == Order.State.ACKNOWLEDGED else "todo"


def _shipped(order: Order) -> dict[str, Any]:
    if order.state == Order.State.PARTLY_SHIPPED:
        return _step(_("Shipped"), _("in part"), "now")
    if order.state in ("shipped", "invoiced", "closed"):
        return _step(_("Shipped"), "", "done")
    waits = order.state in Order.ANSWERED
    return _step(_("Shipped"), format_day(order.delivery_date) if waits else "", "now" if waits else "todo")


def _invoiced(order: Order) -> dict[str, Any]:
    if order.state == Order.State.SHIPPED:
        return _step(_("Invoiced"), "", "now")
    return _step(_("Invoiced"), "", "done" if order.state in ("invoiced", "closed") else "todo")


def _todo(*labels: str) -> list[dict[str, Any]]:
    return [_step(label, "", "todo") for label in labels]


def _step(label: str, note: str, status: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "note": note, "status": status, "tone": tone}


def address_of(party: dict[str, Any] | None) -> list[str]:
    """A party of the document in lines, as on an envelope."""
    if not party:
        return []
    town = " ".join(part for part in (party.get("postcode"), party.get("city"), party.get("country")) if part)
    return [part for part in (party.get("name"), party.get("street"), town) if part]


def shown_references(order: Order) -> Iterable[tuple[str, str]]:
    """References with names that people know; the deal has a place of its own."""
    names = {
        "contract": _("Contract"),
        "quotation": _("Quotation"),
        "price_list": _("Price list"),
        "promotion": _("Promotion"),
        "customer": _("Customer"),
    }
    return [(names.get(kind, kind), value) for kind, value in order.references if kind != "deal"][:12]
