"""A period is closed and its statement issued; the partner confirms or disputes it; what it earned is settled."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.money import round_money
from core.states import move
from funds.ledger.booking import book, open_account, transfer
from funds.ledger.models import Account
from partners.access import require
from partners.actors import Actor
from rebates.actions.accruing import accrue_lines
from rebates.models import RebateAgreement, Statement
from rebates.permissions import may_settle


@transaction.atomic
def close_statement(*, actor: Actor, statement: Statement) -> Statement:
    """Close a period that is over: what it earned can be settled. Lines that come later count in the next one.

    What earlier periods owe back is taken off first; where nothing is left, there is nothing to settle.
    """
    require(may_settle(actor, statement, "close"))
    accrue_lines(agreement=statement.agreement)
    row = _locked(statement)
    require(may_settle(actor, row, "close"))
    move(row, "close")
    row.brought = _owed_back(row)
    row.payable = max(row.total + row.brought, Decimal(0))
    row.closed_on = localdate()
    if row.payable:
        lines = transfer(_account(row, "earned"), _account(row, "available"), row.payable)
        book(actor=actor, verb="earn", key=f"rebate.earn:{row.pk}", lines=lines, about=row)
    else:
        move(row, "settle")
        row.settled_on = row.closed_on
    row.save(update_fields=["state", "brought", "payable", "closed_on", "settled_on"])
    record(actor=actor, verb="rebate_statement.closed", target=row)
    return row


def _owed_back(row: Statement) -> Decimal:
    """What closed periods took back beyond what they had earned: nothing, or less."""
    closed = Statement.objects.filter(agreement=row.agreement_id).exclude(state=Statement.State.OPEN)
    rest = closed.aggregate(rest=Sum(F("accrued") + F("late") - F("payable")))["rest"] or Decimal(0)
    return round_money(rest, row.agreement.currency)  # SQLite sums as floating point


@transaction.atomic
def settle_statement(
    *, actor: Actor, statement: Statement, settlement: str, reference: str, day: date | None = None
) -> Statement:
    """Report how the whole of a closed period was settled: one of Statement.Settlement, with the reference by which
    the partner finds it. Raises DomainError without one."""
    row = _locked(statement)
    require(may_settle(actor, row, "settle"))
    if settlement not in Statement.Settlement.values:
        raise DomainError(_("Choose how it was settled."), field="settlement")
    if not reference.strip():
        raise DomainError(_("Give the number by which the partner finds it in its books."), field="reference")
    move(row, "settle")
    row.settlement, row.reference, row.settled_on = settlement, reference.strip()[:70], day or localdate()
    lines = transfer(_account(row, "available"), _account(row, "paid"), row.payable)
    note = f"{row.get_settlement_display()} {row.reference}"
    book(actor=actor, verb="pay", key=f"rebate.pay:{row.pk}", lines=lines, about=row, day=row.settled_on, note=note)
    row.save(update_fields=["state", "settlement", "reference", "settled_on"])
    record(actor=actor, verb="rebate_statement.settled", target=row, reference=row.reference)
    return row


@transaction.atomic
def confirm_statement(*, actor: Actor, statement: Statement) -> Statement:
    """The partner agrees with what was issued."""
    row = _stepped(actor, statement, "confirm")
    record(actor=actor, verb="rebate_statement.confirmed", target=row)
    return row


@transaction.atomic
def dispute_statement(*, actor: Actor, statement: Statement, reason: str) -> Statement:
    """The partner does not agree: nothing is settled until the vendor has answered. Raises DomainError without a
    reason."""
    if not reason.strip():
        raise DomainError(_("Say which lines are wrong or missing: the vendor will read it."), field="reason")
    row = _stepped(actor, statement, "dispute", dispute=reason.strip()[:1000], reply="")
    record(actor=actor, verb="rebate_statement.disputed", target=row, reason=row.dispute)
    return row


@transaction.atomic
def answer_dispute(*, actor: Actor, statement: Statement, reply: str) -> Statement:
    """The vendor answers, and the statement stands as issued; what was wrong is put right by an invoice or a credit
    note, which counts in the next open period. Raises DomainError without an answer."""
    if not reply.strip():
        raise DomainError(_("Say what you found: the partner will read it."), field="reply")
    row = _stepped(actor, statement, "answer", reply=reply.strip()[:1000])
    record(actor=actor, verb="rebate_statement.answered", target=row, reply=row.reply)
    return row


def _stepped(actor: Actor, statement: Statement, step: str, **columns: str) -> Statement:
    row = _locked(statement)
    require(may_settle(actor, row, step))
    move(row, step)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *columns])
    return row


def _locked(statement: Statement) -> Statement:
    """The agreement first, as everywhere, then its period."""
    RebateAgreement.objects.select_for_update(of=("self",)).get(pk=statement.agreement_id)
    rows = Statement.objects.select_for_update(of=("self",)).select_related("agreement", "vendor", "partner")
    return rows.get(pk=statement.pk)


def _account(row: Statement, kind: str) -> Account:
    about: dict[str, Any] = {"vendor": row.vendor, "partner": row.partner, "currency": row.agreement.currency}
    return open_account(purse=row.agreement.purse, kind=kind, **about)
