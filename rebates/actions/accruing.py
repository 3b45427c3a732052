"""Invoice lines accrue: each once, some at a time. Whoever is killed in between goes on where the lines are missing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from funds.ledger.booking import Booking, book_many, open_account, transfer
from orders.models import Invoice, InvoiceLine
from partners.actors import system_actor
from rebates.calculation import Accrued, Part, accrue, late_credit
from rebates.eligible import CREDIT, base_column, volume_before, waiting_lines
from rebates.models import Accrual, RebateAgreement, Statement
from rebates.periods import period_of

AT_ONCE = 500  # lines in a transaction, and in memory
AHEAD = 20_000  # keys of waiting lines that are looked up together: one agreement may have a million lines


class Line(NamedTuple):
    """An invoice line as it is needed here; `base` is negative on a credit note."""

    pk: int
    base: Decimal
    day: date
    kind: str
    number: str
    preceding: str


def accrue_lines(*, agreement: RebateAgreement, invoice: int | None = None) -> int:
    """Accrue every line that waits (of one invoice, where it is named); returns how many.

    Safe to run twice at once: the agreement's row is the lock, and no line has the same part twice.
    """
    done, last = 0, 0
    while keys := list(_after(agreement, invoice, last).values_list("pk", flat=True)[:AHEAD]):
        for at in range(0, len(keys), AT_ONCE):
            with transaction.atomic():
                done += _some(agreement, keys[at : at + AT_ONCE])
        last = keys[-1]
    return done


def _after(agreement: RebateAgreement, invoice: int | None, key: int) -> "QuerySet[InvoiceLine]":
    if not agreement.is_accruing:
        return InvoiceLine.objects.none()
    return waiting_lines(agreement, invoice).filter(pk__gt=key).order_by("pk")


def _some(agreement: RebateAgreement, keys: Sequence[int]) -> int:
    """Accrue these lines, but those that a rival took meanwhile; returns how many counted."""
    rows = RebateAgreement.objects.accruing().select_for_update(of=("self",)).filter(pk=agreement.pk)
    fresh = rows.select_related("vendor", "partner").first()
    if fresh is None:
        return 0
    waiting = waiting_lines(fresh).filter(pk__in=keys).order_by("pk")
    columns = ("pk", base_column(fresh), "invoice__issued_on", "invoice__kind", "invoice__number", "invoice__preceding")
    lines = [
        Line(pk, -base if kind == CREDIT else base, day, kind, number, preceding)
        for pk, base, day, kind, number, preceding in waiting.values_list(*columns)
    ]
    return _Batch(fresh, lines).run() if lines else 0


class _Batch:
    """Some lines of one agreement, under its lock: their periods are read once and written once."""

    def __init__(self, agreement: RebateAgreement, lines: list[Line]) -> None:
        self.agreement, self.lines = agreement, lines
        self.statements: dict[date, Statement] = {}
        self.accruals: list[Accrual] = []
        self.net: dict[int, Decimal] = {}
        named = {line.preceding for line in lines if line.preceding}
        self.days = self._days_of(named) if named else {}
        self.homes = self._homes_of(named) if named else {}

    def _days_of(self, numbers: set[str]) -> dict[str, date]:
        """On which days the invoices were issued that credits and corrections name."""
        named = Invoice.objects.filter(
            seller=self.agreement.vendor_id, buyer=self.agreement.partner_id, number__in=numbers
        )
        return dict(named.exclude(kind=CREDIT).order_by("-issued_on").values_list("number", "issued_on"))

    def _homes_of(self, numbers: set[str]) -> dict[str, date]:
        """In which period each of them accrued, by its first day: a late one counts in a later period than its own."""
        rows = Accrual.objects.filter(
            agreement=self.agreement, part=Part.LINE, invoice_line__invoice__number__in=numbers
        ).exclude(invoice_line__invoice__kind=CREDIT)
        return dict(rows.order_by().values_list("invoice_line__invoice__number", "statement__starts_on").distinct())

    def run(self) -> int:
        """Accrue all of them; returns how many counted."""
        number = sum(self._one(line) for line in self.lines)
        Accrual.objects.bulk_create(self.accruals)
        columns = ["volume", "accrued", "late", "credited"]
        Statement.objects.bulk_update(self.statements.values(), columns)
        self._book()
        return number

    def _one(self, line: Line) -> bool:
        is_credit = line.kind == CREDIT
        home = self.homes.get(line.preceding) if is_credit else None
        day = self.days.get(line.preceding, line.day) if is_credit else line.day
        if home is None and not self.agreement.starts_on <= day <= self.agreement.ends_on:
            return False  # a credit on what was bought before or after the agreement
        if line.kind == Invoice.Kind.CORRECTED and line.preceding:
            self._reverse(line)
        statement = self._statement(home or day)
        if is_credit and statement.state != Statement.State.OPEN:
            self._late(statement, line.pk, line.base, line.day)
            return True
        statement = self._open_from(home or day)
        if not is_credit:
            self.homes[line.number] = statement.starts_on
        self._move(statement, line.pk, line.base)
        return True

    def _move(self, statement: Statement, line: int, base: Decimal, part: Part | None = None) -> None:
        running, amounts = accrue(self.agreement.rule_with(statement.baseline), statement.running, base)
        statement.volume, statement.accrued = running.volume, running.accrued
        if part:  # the earlier line has its own part already; what is rated anew goes with it
            whole = sum((each.amount for each in amounts), Decimal(0))
            amounts = [Accrued(part, base, amounts[0].rate, whole)]
        self._keep(statement, line, amounts)

    def _reverse(self, line: Line) -> None:
        """A corrected invoice takes the place of the one it names: what its lines accrued is taken back."""
        replaced = Accrual.objects.filter(
            agreement=self.agreement, part=Part.LINE, invoice_line__invoice__number=line.preceding
        ).exclude(invoice_line__invoice__kind=CREDIT)
        before = {each.invoice_line_id for each in self.accruals if each.part == Part.REVERSED}
        known = Accrual.objects.filter(agreement=self.agreement, part=Part.REVERSED).values("invoice_line")
        for old in replaced.exclude(invoice_line__in=known).select_related("statement"):
            if old.invoice_line_id not in before:
                self._take_back(old)

    def _take_back(self, old: Accrual) -> None:
        statement = self._statement(old.statement.starts_on)
        if statement.state == Statement.State.OPEN:
            self._move(statement, old.invoice_line_id, -old.base, Part.REVERSED)
        else:
            self._late(statement, old.invoice_line_id, -old.base, statement.starts_on, Part.REVERSED)

    def _late(self, closed: Statement, line: int, base: Decimal, day: date, part: Part = Part.LATE) -> None:
        """What a closed period loses is taken back in proportion, in the next one that is open on the day or later."""
        amount = late_credit(closed.running, closed.credited, -base, self.agreement.currency)
        closed.credited -= base
        statement = self._open_from(day)
        statement.late += amount.amount
        self._keep(statement, line, [replace(amount, part=part)])

    def _keep(self, statement: Statement, line: int, amounts: Iterable[Accrued]) -> None:
        for each in amounts:
            self.accruals.append(
                Accrual(
                    statement=statement, agreement=self.agreement, invoice_line_id=line, part=each.part.value,
                    base=each.base, rate=each.rate, amount=each.amount,
                )
            )  # fmt: skip
            self.net[statement.pk] = self.net.get(statement.pk, Decimal(0)) + each.amount

    def _open_from(self, day: date) -> Statement:
        """The first period from that of a day on that is still open: what comes after the close counts in the next."""
        statement = self._statement(day)
        while statement.state != Statement.State.OPEN:
            statement = self._statement(date.fromordinal(statement.ends_on.toordinal() + 1))
        return statement

    def _statement(self, day: date) -> Statement:
        start, end = period_of(self.agreement.period, day)
        if start not in self.statements:
            grows = self.agreement.rule == RebateAgreement.RuleKind.GROWTH
            sides: dict[str, Any] = {"vendor": self.agreement.vendor, "partner": self.agreement.partner}
            found = Statement.objects.filter(agreement=self.agreement, starts_on=start).first()
            self.statements[start] = found or Statement.objects.create(
                agreement=self.agreement,
                starts_on=start,
                ends_on=end,
                baseline=volume_before(self.agreement, day) if grows else 0,
                **sides,
            )
        return self.statements[start]

    def _book(self) -> None:
        """One set of entries for each period that moved; its first amount makes the key, as that is written once."""
        agreement = self.agreement
        about: dict[str, Any] = {"vendor": agreement.vendor, "purse": agreement.purse, "currency": agreement.currency}
        source = open_account(kind="source", **about)
        earned = open_account(kind="earned", partner=agreement.partner, **about)
        firsts = {each.statement_id: each.pk for each in reversed(self.accruals)}
        bookings = [
            Booking(
                "accrue",
                f"rebate.accrue:{statement.pk}:{firsts[statement.pk]}",
                transfer(source, earned, net) if net > 0 else transfer(earned, source, -net),
                about=statement,
            )
            for statement in self.statements.values()
            if (net := self.net.get(statement.pk, Decimal(0)))
        ]
        book_many(actor=system_actor(agreement.vendor), bookings=bookings)
