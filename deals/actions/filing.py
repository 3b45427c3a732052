"""The index of keys by which registrations of one customer find each other. Written with the submission itself."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.timezone import localdate

from deals import matching
from deals.models import Deal, MatchKey, NamedAccount
from deals.models.matching import token_of

FILED = frozenset(Deal.State) - {Deal.State.DRAFT, Deal.State.REJECTED, Deal.State.WITHDRAWN}

ENDED = frozenset({Deal.State.LOST, Deal.State.EXPIRED, Deal.State.REVOKED})


def matters_until(deal: Deal) -> date:
    """The last day on which a registration can stand in another's way: date.max while it is open.

    What was won is protected to its end; a loss, and one's own that lapsed, count for the time of the cool-off.
    """
    if deal.state == Deal.State.WON:
        return deal.protected_until or localdate(deal.updated_at)
    if deal.state in ENDED:
        last = max(localdate(deal.updated_at), deal.protected_until or date.min)
        return last + timedelta(days=deal.terms.cool_off_days)
    return date.max


def file_deals(deals: Iterable[Deal]) -> int:
    """File these registrations under their keys, in place of those they had; refused ones and drafts under none.

    Returns how many keys were written.
    """
    deals = list(deals)
    MatchKey.objects.filter(deal__in=[deal.pk for deal in deals]).delete()
    rows = [
        MatchKey(token=token, deal_id=deal.pk, until=until)
        for deal in deals
        if deal.state in FILED
        for until in [matters_until(deal)]
        for token in _tokens(deal.vendor_id, deal.company)
    ]
    MatchKey.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def file_accounts(accounts: Iterable[NamedAccount]) -> int:
    """File these named accounts, in place of what they were filed under. Returns how many keys were written."""
    accounts = list(accounts)
    MatchKey.objects.filter(account__in=[account.pk for account in accounts]).delete()
    rows = [
        MatchKey(token=token, account_id=account.pk, until=account.until or date.max)
        for account in accounts
        for token in _tokens(account.vendor_id, account.company)
    ]
    MatchKey.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def _tokens(vendor_id: int, company: matching.Company) -> list[int]:
    return list(dict.fromkeys(token_of(vendor_id, key) for key in matching.keys(company)))


def refile(deal: Deal) -> None:
    """Keep the index in step with a change of state: in when submitted, out when refused or taken back, and
    behind what is open when it ends."""
    if deal.state == Deal.State.SUBMITTED or deal.state not in FILED:
        file_deals([deal])
    else:
        until = matters_until(deal)
        MatchKey.objects.filter(deal=deal).exclude(until=until).update(until=until)
