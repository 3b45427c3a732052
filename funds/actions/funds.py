"""Funds: setting one up, putting money in, and what happens to what is left at the end."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.money import round_money
from core.numbers import with_check_digit
from core.sequences import next_number
from core.states import move
from funds import purses
from funds.actions.locking import locked_fund, write
from funds.ledger.balances import balance_of
from funds.ledger.booking import book
from funds.ledger.models import Account, EntrySet
from funds.models import Fund
from funds.permissions import may_manage
from partners.access import require
from partners.actors import Actor, system_actor

FIELDS = ("name", "terms", "starts", "ends", "claim_days")
SET_ONCE = ("currency", "reach", "partnership", "tier", "country")  # what was booked depends on them
PREFIX = "F-"
MOST = Decimal(100_000_000)


@transaction.atomic
def open_fund(*, actor: Actor, fields: dict[str, Any], amount: Decimal = Decimal(0)) -> Fund:
    """Set up a fund of one's own organisation, with an amount in its currency to begin with.

    `fields` are FIELDS and SET_ONCE. Raises DomainError for a period that ends before it starts, and for a partner,
    tier or country that is not given or not one's own.
    """
    fund = Fund(vendor=actor.organisation, **{name: fields[name] for name in (*FIELDS, *SET_ONCE) if name in fields})
    require(may_manage(actor, fund))
    _check(fund)
    fund.number = with_check_digit(PREFIX, next_number("fund"))
    fund.save()
    record(actor=actor, verb="fund.opened", target=fund)
    if amount:
        allocate_to_fund(actor=actor, fund=fund, amount=amount)
    return fund


@transaction.atomic
def change_fund(*, actor: Actor, fund: Fund, fields: dict[str, Any]) -> Fund:
    """Change name, terms, period or days to claim. Currency and reach stay: the ledger depends on them."""
    fund = locked_fund(actor, fund)
    require(may_manage(actor, fund))
    for name in FIELDS:
        setattr(fund, name, fields.get(name, getattr(fund, name)))
    _check(fund)
    write(fund, *FIELDS)
    record(actor=actor, verb="fund.changed", target=fund)
    return fund


def _check(fund: Fund) -> None:
    """Raises DomainError for what makes no fund."""
    if fund.ends < fund.starts:
        raise DomainError(_("The period ends before it begins."), field="ends")
    wanted = {"partner": fund.partnership_id, "tier": fund.tier_id, "country": fund.country}
    for reach, value in wanted.items():
        if reach == fund.reach and not value:
            raise DomainError(_("Say for whom the fund is."), field="partnership" if reach == "partner" else reach)
    owners = {
        fund.partnership.vendor_id if fund.partnership else fund.vendor_id,
        fund.tier.programme.vendor_id if fund.tier else fund.vendor_id,
    }
    if owners != {fund.vendor_id} or sum(bool(value) for value in wanted.values()) != 1:
        raise DomainError(_("Choose one partner, one tier or one country of yours."), field="reach")
    try:
        fund.clean_fields(exclude=["vendor", "number", "partnership", "tier"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from error


@transaction.atomic
def allocate_to_fund(*, actor: Actor, fund: Fund, amount: Decimal, note: str = "", key: str = "") -> EntrySet:
    """Put an amount (in the fund's currency) into a fund. With a `key` it happens once, however often it is asked.

    Raises DomainError for an amount that is none, InvalidTransition for a fund that is closed.
    """
    fund = locked_fund(actor, fund)
    require(may_manage(actor, fund))
    amount = round_money(amount, fund.currency)
    if not 0 < amount <= MOST:
        raise DomainError(_("Give an amount above nought, and not above a hundred million."), field="amount")
    if fund.state != Fund.State.OPEN:
        raise DomainError(_("This fund is closed. Open a new one."))
    made = book(
        actor=actor,
        verb=EntrySet.Verb.ALLOCATE,
        key=f"{fund.purse}:allocate:{key or _count(fund, EntrySet.Verb.ALLOCATE) + 1}",
        lines=purses.moved(fund, Account.Kind.SOURCE, Account.Kind.AVAILABLE, amount),
        about=fund,
        note=note or str(fund),
    )
    record(actor=actor, verb="fund.allocated", target=fund, amount=str(amount), currency=fund.currency, note=note)
    return made


@transaction.atomic
def expire_fund(*, fund: Fund) -> bool:
    """After the last day of a fund: what is available goes back to the vendor. Returns whether anything was done.

    Asked again it takes what was released since. Called by the sweep.
    """
    actor = system_actor(fund.vendor)
    fund = locked_fund(actor, fund)
    if fund.ends >= localdate():
        return False
    closes = fund.state == Fund.State.OPEN
    if closes:
        move(fund, "close")
        write(fund, "state")
    left = balance_of(purses.account(fund, Account.Kind.AVAILABLE))
    if left > 0:
        book(
            actor=actor,
            verb=EntrySet.Verb.EXPIRE,
            key=f"{fund.purse}:expire:{_count(fund, EntrySet.Verb.EXPIRE) + 1}",
            lines=purses.moved(fund, Account.Kind.AVAILABLE, Account.Kind.EXPIRED, left),
            about=fund,
            note=str(fund),
        )
    if closes or left > 0:
        record(actor=actor, verb="fund.expired", target=fund, amount=str(left), currency=fund.currency)
    return closes or left > 0


def _count(fund: Fund, verb: str) -> int:
    return EntrySet.objects.filter(vendor=fund.vendor_id, purse=fund.purse, verb=verb).count()
