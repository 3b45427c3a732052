"""Invoice lines accrue: each once, some at a time. Whoever is killed in between goes on where the lines are missing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from funds.ledger.booking import Booking, book_many, open_account, transfer
from orders.models import Invoice
from partners.actors import system_actor
from rebates.actions.matching import match_credits
from rebates.calculation import Accrued, Part, accrue, late_credit
from rebates.eligible import CREDIT, base_column, volume_before, waiting_lines, waiting_parts
from rebates.models import Accrual, RebateAgreement, Statement
from rebates.periods import period_of

AT_ONCE = 500  # lines in a transaction, and in memory
AHEAD = 20_000  # keys of waiting lines that are looked up together: one agreement may have a million lines


class Line(NamedTuple):
    """An invoice line as it is needed here; `base` is negative on a credit note. Of a credit that takes back another
    line: which one, and the first day of the period in which that has accrued."""

    pk: int
    base: Decimal
    day: date
    kind: str
    preceding: str
    of_line: int | None = None
    home: date | None = None


def accrue_lines(*, agreement: RebateAgreement, invoice: int | None = None) -> int:
    """Accrue every line that waits (of one invoice, where it is named), and take back what credits take back of lines
    that have accrued; returns how many.

    Safe to run twice at once: the agreement's row is the lock, and no line has the same part twice.
    """
    if not agreement.is_accruing:
        return 0
    match_credits(vendor_id=agreement.vendor_id, partner_id=agreement.partner_id)
    done = _in_batches(agreement, lambda row: waiting_lines(row, invoice), _charged)
    return done + _in_batches(agreement, waiting_parts, _credited)


Rows = Callable[[RebateAgreement], QuerySet]
Read = Callable[[RebateAgreement, QuerySet], list[Line]]


def _in_batches(agreement: RebateAgreement, waiting: Rows, read: Read) -> int:
    done, last = 0, 0
    while keys := list(waiting(agreement).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AHEAD]):
        for at in range(0, len(keys), AT_ONCE):
            with transaction.atomic():
                done += _some(agreement, keys[at : at + AT_ONCE], waiting, read)
        last = keys[-1]
    return done


def _some(agreement: RebateAgreement, keys: Sequence[int], waiting: Rows, read: Read) -> int:
    """Accrue these, but those that a rival took meanwhile; returns how many counted."""
    rows = RebateAgreement.objects.accruing().select_for_update(of=("self",)).filter(pk=agreement.pk)
    fresh = rows.select_related("vendor", "partner").first()
    if fresh is None:
        return 0
    lines = read(fresh, waiting(fresh).filter(pk__in=keys).order_by("pk"))
    return _Batch(fresh, lines).run() if lines else 0


def _charged(agreement: RebateAgreement, rows: QuerySet) -> list[Line]:
    columns = ("pk", base_column(agreement), "invoice__issued_on", "invoice__kind", "invoice__preceding")
    return [
        Line(pk, -base if kind == CREDIT else base, day, kind, preceding)
        for pk, base, day, kind, preceding in rows.values_list(*columns)
    ]


def _credited(agreement: RebateAgreement, rows: QuerySet) -> list[Line]:
    accrued = Accrual.objects.filter(agreement=agreement.pk, invoice_line=OuterRef("invoice_line"), part=Part.LINE)
    homes = rows.annotate(
        home=Subquery(accrued.values("statement__starts_on")[:1]), day=F("credited__line__invoice__issued_on")
    )
    base = "units" if base_column(agreement) == "quantity" else "amount"
    return [
        Line(pk, -taken, day, CREDIT, "", of_line, home)
        for pk, taken, day, of_line, home in homes.values_list("credited__line", base, "day", "invoice_line", "home")
    ]


class _Batch:
    """Some lines of one agreement, under its lock: their periods are read once and written once."""

    def __init__(self, agreement: RebateAgreement, lines: list[Line]) -> None:
        self.agreement, self.lines = agreement, lines
        self.statements: dict[date, Statement] = {}
        self.accruals: list[Accrual] = []
        self.net: dict[int, Decimal] = {}

    def run(self) -> int:
        """Accrue all of them; returns how many counted."""
        number = sum(self._one(line) for line in self.lines)
        Accrual.objects.bulk_create(self.accruals)
        columns = ["volume", "accrued", "late", "credited"]
        Statement.objects.bulk_update(self.statements.values(), columns)
        self._book()
        return number

    def _one(self, line: Line) -> bool:
        if line.home is None and not self.agreement.starts_on <= line.day <= self.agreement.ends_on:
            return False  # a credit that came after the agreement, of nobody knows what
        if line.kind == Invoice.Kind.CORRECTED and line.preceding:
            self._reverse(line)
        statement = self._statement(line.home or line.day)
        if line.kind == CREDIT and statement.state != Statement.State.OPEN:
            self._late(statement, line.pk, line.base, line.day, of_line=line.of_line)
            return True
        self._move(self._open_from(line.home or line.day), line.pk, line.base, of_line=line.of_line)
        return True

    def _move(
        self, statement: Statement, line: int, base: Decimal, part: Part | None = None, of_line: int | None = None
    ) -> None:
        running, amounts = accrue(self.agreement.rule_with(statement.baseline), statement.running, base)
        statement.volume, statement.accrued = running.volume, running.accrued
        if part:  # the earlier line has its own part already; what is rated anew goes with it
            whole = sum((each.amount for each in amounts), Decimal(0))
            amounts = [Accrued(part, base, amounts[0].rate, whole)]
        self._keep(statement, line, amounts, of_line)

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

    def _late(
        self, closed: Statement, line: int, base: Decimal, day: date, part: Part = Part.LATE,
        of_line: int | None = None,
    ) -> None:  # fmt: skip
        """What a closed period loses is taken back in proportion, in the next one that is open on the day or later."""
        amount = late_credit(closed.running, closed.credited, -base, self.agreement.currency)
        closed.credited -= base
        statement = self._open_from(day)
        statement.late += amount.amount
        self._keep(statement, line, [replace(amount, part=part)], of_line)

    def _keep(self, statement: Statement, line: int, amounts: Iterable[Accrued], of_line: int | None) -> None:
        for each in amounts:
            self.accruals.append(
                Accrual(
                    statement=statement, agreement=self.agreement, invoice_line_id=line, of_line_id=of_line,
                    part=each.part.value, base=each.base, rate=each.rate, amount=each.amount,
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
