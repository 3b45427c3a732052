"""Whose invoice lines the routes show: of Aurora with Brenta. A credit is of Brenta's own book."""

from typing import Any

from insights.models import Credit, Trace

Row = tuple[str, str, dict[str, Any]]
ROUTES: dict[str, Row] = {
    "insights:chain": ("get", "trace", {}),
    "insights:money_of_invoice": ("get", "invoice", {}),
    "insights:money_of_deal": ("get", "deal", {}),
    "api:credit-detail": ("get", "credit", {}),
}
PRIVATE: set[str] = {"credit"}
WITHOUT_RECORD: dict[str, str] = {}


def records(world: Any) -> dict[str, Any]:
    """A line with a deal behind it, and what Brenta credits it to."""
    aurora, brenta = world.orgs["aurora"], world.orgs["brenta"]
    trace = Trace.objects.filter(vendor=aurora, partner=brenta, deal__isnull=False).first()
    return {"trace": trace, "credit": Credit.objects.filter(trace=trace, owner=brenta).first()}
