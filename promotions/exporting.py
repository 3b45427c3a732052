"""Codes as CSV."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from core.listing.columns import guarded
from core.web import csv_download
from promotions.models import Promotion


def codes_csv(promotion: Promotion) -> StreamingHttpResponse:
    """Every code for one order of a promotion, and the order that took it."""
    return csv_download(_table(promotion), f"{promotion.number}-codes")


def _table(promotion: Promotion) -> Iterator[list[str]]:
    yield [_("Code"), _("Order"), _("Taken")]
    rows = promotion.codes.filter(single=True).order_by("pk")
    for text, order, taken in rows.values_list("text", "order__number", "taken_at").iterator():
        yield [text, guarded(order or ""), taken.isoformat(timespec="seconds") if taken else ""]
