"""What the fields of a deal are called and how their values read, for the history of each field."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import format_money
from core.numbers import format_day, format_percent
from deals.models import Deal, Forecast, Stage

LABELS = {
    "customer_name": gettext_lazy("End customer"),
    "customer_country": gettext_lazy("Country"),
    "customer_vat": gettext_lazy("VAT number"),
    "customer_city": gettext_lazy("City"),
    "customer_postcode": gettext_lazy("Postcode"),
    "customer_domain": gettext_lazy("Web domain"),
    "title": gettext_lazy("Project"),
    "vendor": gettext_lazy("Vendor"),
    "lines": gettext_lazy("Products"),
    "amount": gettext_lazy("Value"),
    "currency": gettext_lazy("Currency"),
    "decision_date": gettext_lazy("Decision"),
    "stage": gettext_lazy("Stage"),
    "probability": gettext_lazy("Probability"),
    "forecast": gettext_lazy("Forecast"),
    "seller": gettext_lazy("Sold by"),
    "competitor": gettext_lazy("Competitor"),
    "requested_benefit": gettext_lazy("Benefit asked"),
    "note": gettext_lazy("Note"),
}


def snapshot(deal: Deal) -> dict[str, str]:
    """The tracked fields of a deal as plain text, the same in every language. One query for the lines."""
    values = {name: _plain(getattr(deal, name)) for name in LABELS if name != "lines"}
    lines = deal.lines.all() if deal.pk else ()
    values["lines"] = "; ".join(f"{_plain(line.quantity)} × {line.product_text}" for line in lines)
    return values


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def shown(field: str, value: str, currency: str) -> str:
    """A plain value in the reader's words; a dash for none."""
    if not value:
        return str(_("by stage")) if field == "forecast" else "–"
    try:
        return _READERS[field](value, currency) if field in _READERS else value
    except (ValueError, InvalidOperation):
        return value


_READERS: dict[str, Callable[[str, str], str]] = {
    "amount": lambda value, currency: format_money(Decimal(value), currency),
    "decision_date": lambda value, _currency: format_day(date.fromisoformat(value)),
    "stage": lambda value, _currency: str(Stage(value).label),
    "forecast": lambda value, _currency: str(Forecast(value).label),
    "probability": lambda value, _currency: format_percent(int(value)),
}
