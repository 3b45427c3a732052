"""Booking: the only way into the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import NamedTuple

from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import format_money, round_money
from funds.ledger.balances import balances_of
from funds.ledger.models import ZERO, Account, Entry, EntrySet
from partners.actors import Actor
from partners.models import Organisation

AT_ONCE = 1_000  # sets in a transaction of `book_many`


class InsufficientFunds(DomainError):
    """The account does not hold as much."""

    code = "insufficient_funds"


class KeyReused(DomainError):
    """Another set of entries was booked under this key."""

    code = "key_reused"


class Line(NamedTuple):
    """An amount that comes into an account (positive) or leaves it (negative), in the account's currency."""

    account: Account
    amount: Decimal


class About(NamedTuple):
    """A record that a set of entries is about, where only its key is at hand."""

    label: str
    pk: int


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be booked: lines of one purse that sum to zero, under a key of the vendor that makes them unique."""

    verb: str
    key: str
    lines: Sequence[Line]
    about: models.Model | About | None = None
    day: date | None = None
    note: str = ""


def open_account(
    *, vendor: Organisation, purse: str, kind: str, currency: str, partner: Organisation | None = None
) -> Account:
    """The account of this kind in a purse: a partner's share, or the vendor's own. Made when it is first asked for."""
    account, _made = Account.objects.get_or_create(
        vendor=vendor, partner=partner, purse=purse, kind=kind, currency=currency
    )
    return account


def transfer(source: Account, target: Account, amount: Decimal) -> list[Line]:
    """The two lines that move a positive amount from one account to another."""
    return [Line(source, -amount), Line(target, amount)]


def book(
    *,
    actor: Actor,
    verb: str,
    key: str,
    lines: Sequence[Line],
    about: models.Model | About | None = None,
    day: date | None = None,
    note: str = "",
) -> EntrySet:
    """Book lines that sum to zero, once: asked again with the same key it is the set that was booked then.

    Raises InsufficientFunds where a guarded account would fall below zero, KeyReused where the key stands for other
    lines; ValueError for lines that do not sum to zero or are not of one purse (a mistake of the caller).
    """
    booking = Booking(verb, key, lines, about, day, note)
    with transaction.atomic():
        made = _post(actor, [booking])
        return made[0] if made else _booked(booking)


def book_many(*, actor: Actor, bookings: Iterable[Booking], at_once: int = AT_ONCE) -> int:
    """Book many sets, `at_once` of them in a transaction; returns how many were new. Memory is that of one transaction.

    What is booked under its key already is left out, whatever its lines say, so a run that was interrupted is simply
    repeated. Raises as `book` does; what was committed before stays.
    """
    number = 0
    waiting = iter(bookings)
    while some := list(islice(waiting, at_once)):
        with transaction.atomic():
            number += len(_post(actor, some))
    return number


def _post(actor: Actor, bookings: Sequence[Booking]) -> list[EntrySet]:
    """Check and write those that are new, under the locks of all their accounts."""
    for booking in bookings:
        _check(booking)
    accounts = _lock(bookings)
    fresh = list(_unknown(bookings))
    _guard(accounts, fresh)
    sets = EntrySet.objects.bulk_create([_set_of(actor, booking) for booking in fresh])
    entries = (
        Entry(entry_set=made, account_id=line.account.pk, amount=line.amount)
        for made, booking in zip(sets, fresh, strict=True)
        for line in booking.lines
    )
    Entry.objects.bulk_create(entries)
    return sets


def _check(booking: Booking) -> None:
    """Raises ValueError for what is no set of entries."""
    accounts = [line.account for line in booking.lines]
    if booking.verb not in EntrySet.Verb.values or not booking.key:
        raise ValueError(f"no verb or key: {booking.verb!r} {booking.key!r}")
    if len({(account.vendor_id, account.purse, account.currency) for account in accounts}) != 1:
        raise ValueError("the lines of a set are of one vendor, purse and currency")
    if len({account.partner_id for account in accounts if account.partner_id}) > 1:
        raise ValueError("a set concerns one partner at most")
    if len({account.pk for account in accounts}) != len(accounts):
        raise ValueError("each account is named once")
    if any(line.amount == 0 or line.amount != round_money(line.amount, accounts[0].currency) for line in booking.lines):
        raise ValueError("amounts are not zero, and have no more decimals than their currency")
    if sum(line.amount for line in booking.lines) != 0:
        raise ValueError("the lines of a set sum to zero")


def _lock(bookings: Sequence[Booking]) -> dict[int, Account]:
    """All accounts concerned, in the order of their keys, so that no two bookings wait for each other."""
    keys = {line.account.pk for booking in bookings for line in booking.lines}
    rows = Account.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {account.pk: account for account in rows}


def _unknown(bookings: Sequence[Booking]) -> Iterator[Booking]:
    """Those whose key is new to their vendor, each key once. Asked under lock: a rival with the same key has ended."""
    keys: defaultdict[int, set[str]] = defaultdict(set)
    for booking in bookings:
        keys[_vendor_of(booking)].add(booking.key)
    asked = (EntrySet.objects.filter(vendor=vendor, key__in=some) for vendor, some in keys.items())
    known = set(chain.from_iterable(rows.values_list("vendor", "key") for rows in asked))
    for booking in bookings:
        place = (_vendor_of(booking), booking.key)
        if place not in known:
            known.add(place)
            yield booking


def _guard(accounts: dict[int, Account], bookings: Iterable[Booking]) -> None:
    """Raises InsufficientFunds at the first booking after which a guarded account is below zero."""
    drawn = {line.account.pk for booking in bookings for line in booking.lines if line.amount < 0}
    left = balances_of(accounts[pk] for pk in drawn if accounts[pk].guarded)
    if not left:
        return
    for booking in bookings:
        for account, amount in booking.lines:
            if account.pk in left:
                left[account.pk] += amount
                if left[account.pk] < ZERO:
                    raise InsufficientFunds(_said(accounts[account.pk], left[account.pk] - amount))


def _said(account: Account, left: Decimal) -> str:
    return _("Only %(left)s is %(kind)s here, so nothing was booked.") % {
        "left": format_money(left, account.currency),
        "kind": account.get_kind_display().lower(),
    }


def _set_of(actor: Actor, booking: Booking) -> EntrySet:
    account = booking.lines[0].account
    about = booking.about
    if isinstance(about, models.Model):
        about = About(about._meta.label_lower, about.pk)
    return EntrySet(
        vendor_id=account.vendor_id,
        partner_id=next((line.account.partner_id for line in booking.lines if line.account.partner_id), None),
        purse=account.purse,
        currency=account.currency,
        verb=booking.verb,
        key=booking.key,
        about=about.label if about else "",
        about_id=about.pk if about else None,
        day=booking.day or localdate(),
        note=booking.note[:300],
        organisation=actor.organisation,
        user=actor.user,
    )


def _booked(booking: Booking) -> EntrySet:
    """The set that was booked under the key before. Raises KeyReused where it says something else."""
    found = EntrySet.objects.get(vendor=_vendor_of(booking), key=booking.key)
    lines = set(found.entries.values_list("account", "amount"))
    if found.verb != booking.verb or lines != {(line.account.pk, line.amount) for line in booking.lines}:
        raise KeyReused(_("Something else was booked under this key before, so nothing was booked."))
    return found


def _vendor_of(booking: Booking) -> int:
    return booking.lines[0].account.vendor_id
