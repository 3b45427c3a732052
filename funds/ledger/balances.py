"""Balances: the sum of what was booked, read quickly however long an account is."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from core.money import round_money
from funds.ledger.models import ZERO, Account, Closing, Entry

LONG_TAIL = 5_000  # entries after the last closing from which on a new one is worth a row


def balances_of(accounts: Iterable[Account]) -> dict[int, Decimal]:
    """The balance of each account by its key, rounded as its currency is. Two queries, however many accounts."""
    known = {account.pk: account for account in accounts}
    closed = _closed(known)
    late = Q(account__in=known.keys() - closed.keys())
    for pk, (through, _amount) in closed.items():  # few accounts are long enough to be closed
        late |= Q(account=pk, pk__gt=through)
    tails = Entry.objects.filter(late).order_by().values("account").annotate(total=Sum("amount"))
    sums = {pk: amount for pk, (_through, amount) in closed.items()}
    for pk, total in tails.values_list("account", "total"):
        sums[pk] = sums.get(pk, ZERO) + total
    # SQLite sums as floating point; the rounding gives back what the decimals say
    return {pk: round_money(sums.get(pk, ZERO), known[pk].currency) for pk in known}


def balance_of(account: Account) -> Decimal:
    """The balance of one account."""
    return balances_of([account])[account.pk]


def _closed(keys: Iterable[int]) -> dict[int, tuple[int, Decimal]]:
    """The last closing of each account that has one: through which entry, and the sum."""
    newest = Closing.objects.filter(account=OuterRef("account")).order_by("-through").values("pk")[:1]
    rows = Closing.objects.filter(account__in=list(keys), pk=Subquery(newest))
    return {pk: (through, amount) for pk, through, amount in rows.values_list("account", "through", "amount")}


@transaction.atomic
def close(account: Account) -> bool:
    """Write the sum of an account down; False where nothing was booked since the last time.

    Under the account's lock no entry with a smaller key can still be on its way.
    """
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    last = Closing.objects.filter(account=account).aggregate(last=Max("through"))["last"] or 0
    through = Entry.objects.filter(account=account).aggregate(last=Max("pk"))["last"] or 0
    if through <= last:
        return False
    Closing.objects.create(account=account, through=through, amount=balance_of(account))
    return True


def close_long_tails(longer_than: int = LONG_TAIL) -> int:
    """Close every account to which more entries were booked since its last closing; returns how many."""
    newest = Closing.objects.filter(account=OuterRef("pk")).order_by("-through").values("through")[:1]
    after = Coalesce(Subquery(newest), Value(0))
    tail = Count("entries", filter=Q(entries__pk__gt=F("after")))
    accounts = Account.objects.annotate(after=after).annotate(tail=tail).filter(tail__gt=longer_than)
    return sum(close(account) for account in list(accounts.order_by("pk")))
