"""The accounts of a fund: which there are, what moves between them, and what they hold for whom."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, Sum

from core.money import round_money
from funds.ledger.balances import balances_of
from funds.ledger.booking import Line, open_account, transfer
from funds.ledger.models import ZERO, Account, Entry, EntrySet
from funds.models import Fund, FundRequest
from partners.actors import Actor
from partners.models import Organisation

Kind = Account.Kind


def account(fund: Fund, kind: str, partner: Organisation | None = None) -> Account:
    """An account of the fund. What is available is the partner's to see where the fund is for one partner alone."""
    if kind in {Kind.AVAILABLE, Kind.EXPIRED}:
        partner = fund.partnership.partner if fund.partnership else None
    return open_account(vendor=fund.vendor, purse=fund.purse, kind=kind, currency=fund.currency, partner=partner)


def moved(fund: Fund, source: str, target: str, amount: Decimal, partner: Organisation | None = None) -> list[Line]:
    """The lines that move an amount from one account of the fund to another."""
    return transfer(account(fund, source, partner), account(fund, target, partner), amount)


def reserved_for(request: FundRequest) -> Decimal:
    """What is still reserved for a request: reserved, less what its claims earned and what was released."""
    about = Q(about="funds.fundrequest", about_id=request.pk)
    about |= Q(about="funds.claim", about_id__in=request.claims.values("pk"))
    sets = EntrySet.objects.filter(about, vendor=request.vendor_id)
    rows = Entry.objects.filter(entry_set__in=sets.values("pk"), account__kind=Kind.RESERVED)
    total = rows.aggregate(total=Sum("amount"))["total"] or ZERO
    return round_money(total, request.fund.currency)


def balances_by_fund(actor: Actor, funds: Iterable[Fund]) -> dict[int, dict[str, Decimal]]:
    """For each fund by its key: kind of account → what all accounts of the kind hold that the actor may see.

    The vendor sees the sum over all partners, a partner its own share; what is available in a fund that several
    partners draw on is the vendor's alone. Three queries, however many funds.
    """
    purses = {(fund.vendor_id, fund.purse): fund for fund in funds}
    mine = Account.objects.visible_to(actor).filter(purse__in={purse for _vendor, purse in purses})
    accounts = [each for each in mine if (each.vendor_id, each.purse) in purses]
    held = balances_of(accounts)
    found: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    for each in accounts:
        of_fund = found[purses[each.vendor_id, each.purse].pk]
        of_fund[each.kind] = of_fund.get(each.kind, ZERO) + held[each.pk]
    return found
