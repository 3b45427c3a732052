"""What time does to funds: requests run, end and lapse, funds expire, long accounts are summed."""

import logging

from django.db.models import Q
from django.utils.timezone import localdate
from django_tasks import task

from core.errors import DomainError
from funds.actions import expire_fund, follow_clock
from funds.ledger.balances import balances_of, close_long_tails
from funds.ledger.models import Account
from funds.models import Fund, FundRequest

log = logging.getLogger("filiera.funds")
AT_ONCE = 500  # rows a run; the next hour goes on
State = FundRequest.State


@task()
def sweep() -> None:
    """Move what the calendar moves; harmless when repeated."""
    today = localdate()
    due = Q(state__in=(State.APPROVED, State.PARTLY_APPROVED), first_day__lte=today)
    due |= Q(state=State.ACTIVE, last_day__lt=today)
    due |= Q(state__in=FundRequest.GRANTED, claim_until__lt=today, released_on=None)
    for request in FundRequest.objects.filter(due).select_related("vendor").order_by("claim_until", "pk")[:AT_ONCE]:
        try:
            follow_clock(request=request)
        except DomainError as error:
            log.info("request %s stays as it is: %s", request.number, error)
    for fund in _to_expire():
        expire_fund(fund=fund)
    close_long_tails()


def _to_expire() -> list[Fund]:
    """Funds after their last day that are open, or that hold something again since they were closed."""
    over = Fund.objects.filter(ends__lt=localdate()).select_related("vendor")
    opened = list(over.filter(state=Fund.State.OPEN).order_by("pk")[:AT_ONCE])
    closed = {(fund.vendor_id, fund.purse): fund for fund in over.filter(state=Fund.State.CLOSED)}
    touched = Account.objects.filter(kind=Account.Kind.AVAILABLE, purse__in={purse for _vendor, purse in closed})
    accounts = [each for each in touched if (each.vendor_id, each.purse) in closed]
    held = balances_of(accounts)
    return opened + [closed[each.vendor_id, each.purse] for each in accounts if held[each.pk] > 0]
