"""A person settles what no rule could decide: which invoice line a credit takes back, or that it takes nothing back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.states import move
from partners.access import require
from partners.actors import Actor
from rebates.actions.matching import charged_of, keep, lock_pair, rest_of, said_by
from rebates.crediting import Found, Why, take
from rebates.models import CreditedLine
from rebates.permissions import may_clear


@transaction.atomic
def match_credit(*, actor: Actor, credited: CreditedLine, line: int) -> CreditedLine:
    """Take back of an invoice line (its key) what is left of a credit, or as much as is left of the line; the rest
    stays open.

    What the line has earned by rebates follows. Raises DomainError for a line of others, or of which nothing is left.
    """
    row = _held(actor, credited, "match")
    pair = (row.vendor_id, row.partner_id)
    charged = charged_of(pair, row.currency, line)
    if charged is None:
        raise DomainError(_("Choose an invoice line between the two of you, in the same currency."), field="line")
    if charged.rest * row.rest <= 0:
        raise DomainError(_("Nothing is left of that line."), field="line")
    said = rest_of(said_by([row.line], pair)[row.line_id], row)
    amount = min(charged.rest, said.amount, key=abs)
    reason = None if amount == said.amount else Why(row.reason or Why.TOO_MUCH)
    row.version += 1
    keep(row, Found((take(said, charged, amount),), reason), by_hand=True)
    _record(actor, "rebate_credit.matched", row, invoice=charged.invoice_number, line=charged.number)
    return row


@transaction.atomic
def dismiss_credit(*, actor: Actor, credited: CreditedLine) -> CreditedLine:
    """Say that what is left of a credit takes nothing back; what it has taken back stays."""
    return _moved(actor, credited, "dismiss", "rebate_credit.dismissed")


@transaction.atomic
def reopen_credit(*, actor: Actor, credited: CreditedLine) -> CreditedLine:
    """Take that back: it is to be matched again."""
    return _moved(actor, credited, "reopen", "rebate_credit.reopened")


def _moved(actor: Actor, credited: CreditedLine, step: str, verb: str) -> CreditedLine:
    row = _held(actor, credited, step)
    move(row, step)
    row.version += 1
    row.save(update_fields=["state", "version"])
    _record(actor, verb, row)
    return row


def _held(actor: Actor, credited: CreditedLine, step: str) -> CreditedLine:
    """The agreements first, as where credits are matched by themselves."""
    lock_pair(credited.vendor_id, credited.partner_id)
    rows = CreditedLine.objects.select_for_update(of=("self",))
    row: CreditedLine = rows.select_related("line__invoice", "vendor", "partner").get(pk=credited.pk)
    require(may_clear(actor, row, step))
    return row


def _record(actor: Actor, verb: str, row: CreditedLine, **told: Any) -> None:
    record(actor=actor, verb=verb, target=row, credit=row.line.invoice.number, **told)
