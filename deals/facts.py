"""What rules of approval may know of registrations: at the moment of submission, for one or for many at once."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate, now

from deals import asked
from deals.models import Deal, RegistrationType

YEAR = timedelta(days=365)
OF_ONE = 5_000  # and of these the newest, where one registration is judged while somebody waits
RECORDS = 100_000  # past registrations that are looked at for the partners' records


def facts_of(deals: Sequence[Deal], type_: RegistrationType | None = None) -> list[dict[str, Any]]:
    """The facts of each deal by key of deals.rules.catalogue; what is not known is None. `type_` says what the own
    fields are, where that is not the deal's own version. Lines and evidence are best prefetched; queries are constant.
    """
    records = _Records(deals)
    return [_facts(deal, type_ or deal.terms, records) for deal in deals]


def _facts(deal: Deal, asks: asked.Asks, records: "_Records") -> dict[str, Any]:
    moment = deal.submitted_at or now()
    lines = list(deal.lines.all())
    known_lines = {line.product_line for line in lines}
    decided, approved, waiting = records.before(deal, moment)
    facts = {
        "amount": (deal.amount, deal.currency),
        "discount": _highest_discount(lines),
        "quantity": sum((line.quantity for line in lines), Decimal(0)) if lines else None,
        "lines": len(lines),
        "country": deal.customer_country,
        "postcode": deal.customer_postcode,
        "vat": deal.customer_vat,
        "days_to_decision": (deal.decision_date - localdate(moment)).days if deal.decision_date else None,
        "competitor": deal.competitor,
        "requested_benefit": deal.requested_benefit,
        "territory": deal.partnership.territory,
        "partnership_days": _days_since(deal.partnership.since, moment),
        "decided_deals": decided,
        "approval_rate": Decimal(100 * approved) / decided if decided else None,
        "open_deals": waiting,
        "product_lines": known_lines if known_lines and "" not in known_lines else None,
        "tier": str(deal.partnership.tier_id) if deal.partnership.tier_id else None,
        "kind": deal.partnership.kind,
        "stage": deal.stage,
        "evidence": _evidence(deal, asks),
    }
    return facts | {asked.OWN + field["key"]: _own(field, deal) for field in asks.own_fields}


def _highest_discount(lines: Iterable[Any]) -> Decimal | None:
    """The highest discount asked, in percent; None when a price is asked that cannot be compared with the list."""
    found = Decimal(0)
    for line in lines:
        if line.asked_price is not None:
            if not line.list_price:
                return None
            found = max(found, (line.list_price - line.asked_price) / line.list_price * 100)
    return found


def _days_since(since: date | None, moment: datetime) -> int | None:
    return (localdate(moment) - since).days if since else None


def _evidence(deal: Deal, asks: asked.Asks) -> set[str]:
    """The kinds of which there are as many files as are asked for; "other" for files of no kind."""
    files = Counter(file.kind for file in deal.evidence.all())
    enough = {kind["key"] for kind in asks.evidence_kinds if files[kind["key"]] >= kind["count"]}
    return enough | ({"other"} if files[""] else set())


def _own(field: dict[str, Any], deal: Deal) -> Any:
    value = deal.values.get(field["key"])
    if value is None:
        return "" if field["kind"] == "text" else None
    return date.fromisoformat(value) if field["kind"] == "date" else value


class _Records:
    """The partners' records: what of each partnership was decided when, read at once for all of them."""

    def __init__(self, deals: Sequence[Deal]) -> None:
        edges = {deal.partnership_id for deal in deals}
        first = min((deal.submitted_at or now() for deal in deals), default=now())
        rows = Deal.objects.filter(partnership__in=edges, submitted_at__gte=first - 2 * YEAR)
        rows = rows.exclude(state=Deal.State.WITHDRAWN).order_by("-pk")
        self.submitted: defaultdict[int, list[datetime]] = defaultdict(list)
        self.decided: defaultdict[int, list[datetime]] = defaultdict(list)
        self.approved: defaultdict[int, list[datetime]] = defaultdict(list)
        said = rows.values_list("partnership_id", "submitted_at", "decided_at", "state")[
            : RECORDS if len(deals) > 1 else OF_ONE
        ]
        for edge, submitted, decided, state in said:
            if submitted is None:
                continue
            self.submitted[edge].append(submitted)
            if decided is not None:
                self.decided[edge].append(decided)
                if state != Deal.State.REJECTED:
                    self.approved[edge].append(decided)
        for lists in (self.submitted, self.decided, self.approved):
            for moments in lists.values():
                moments.sort()

    def before(self, deal: Deal, moment: datetime) -> tuple[int, int, int]:
        """How many deals of the same partnership were decided in the year before, how many of these approved, and how
        many others waited for a decision at that moment."""
        edge = deal.partnership_id
        decided = _between(self.decided[edge], moment - YEAR, moment)
        approved = _between(self.approved[edge], moment - YEAR, moment)
        waiting = bisect_left(self.submitted[edge], moment) - bisect_right(self.decided[edge], moment)
        return decided, approved, max(0, waiting)


def _between(moments: list[datetime], start: datetime, end: datetime) -> int:
    return bisect_left(moments, end) - bisect_left(moments, start)
