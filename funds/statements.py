"""The statement of a fund: what was booked, as both sides see it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.html import format_html

from core.numbers import format_percent
from funds.ledger.models import ZERO, Account, Entry, EntrySet
from funds.models import Fund
from funds.purses import balances_by_fund
from partners.actors import Actor

Kind = Account.Kind
SHOWN = (Kind.AVAILABLE, Kind.RESERVED, Kind.CLAIMED, Kind.PAID, Kind.EXPIRED)
TONES = {
    Kind.AVAILABLE: "good",
    Kind.RESERVED: "info",
    Kind.CLAIMED: "warn",
    Kind.PAID: "still",
    Kind.EXPIRED: "still",
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of account holds, and how much of the whole that is, in percent."""

    kind: str
    label: str | Promise
    amount: Decimal
    percent: int
    tone: str


def statement_of(actor: Actor, fund: Fund) -> QuerySet[EntrySet]:
    """What was booked in a fund that the actor may see, newest first; `seen` are the entries on accounts it may see."""
    mine = Account.objects.visible_to(actor).filter(vendor=fund.vendor_id, purse=fund.purse)
    entries = Entry.objects.filter(account__in=mine).select_related("account")
    sets = EntrySet.objects.visible_to(actor).filter(vendor=fund.vendor_id, purse=fund.purse)
    return sets.select_related("organisation", "partner").prefetch_related(
        Prefetch("entries", queryset=entries, to_attr="seen")
    )


def effect(booked: EntrySet, kind: str) -> Decimal:
    """What a set of a statement added to the accounts of a kind, in its currency."""
    return sum((entry.amount for entry in booked.seen if entry.account.kind == kind), ZERO)  # type: ignore[attr-defined]


def moved_by(booked: EntrySet) -> Decimal:
    """The amount that a set of a statement moved, in its currency."""
    return max((abs(entry.amount) for entry in booked.seen), default=ZERO)  # type: ignore[attr-defined]


def shares_of(held: dict[str, Decimal]) -> list[Share]:
    """What there is in a fund by kind of account, as shares of the whole; what is nought only where it is available."""
    whole = sum((held.get(kind, ZERO) for kind in SHOWN), ZERO)
    found = []
    for kind in SHOWN:
        amount = held.get(kind, ZERO)
        if kind in held and (amount or kind == Kind.AVAILABLE):
            percent = int(100 * amount / whole) if whole else 0
            found.append(Share(kind, kind.label, amount, percent, TONES[kind]))
    return found


def shares_for(actor: Actor, fund: Fund) -> list[Share]:
    """The same for one fund, as the actor may see it."""
    return shares_of(balances_by_fund(actor, [fund]).get(fund.pk, {}))


class Bar(str):
    """A share in percent: a bar on a page, words in a CSV file."""

    percent: int

    def __new__(cls, percent: int) -> "Bar":
        """From 0 to 100."""
        made = super().__new__(cls, format_percent(percent))
        made.percent = percent
        return made

    def __html__(self) -> str:
        """The bar with its words."""
        return format_html('<progress class="bar" max="100" value="{}"></progress> {}', self.percent, str(self))
