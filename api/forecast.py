"""The forecast of the deals page, for machines: sums by month of decision, currency and company or colleague."""

from typing import Any, cast

from django.utils.timezone import localdate
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from core.money import round_money
from deals.forecast import Cell, cells_of
from deals.views.dates import month_of
from deals.views.forecast import dimension_of, quarter_of, rows_of, side_of
from partners.actors import Actor

ASKED = [
    OpenApiParameter("side", str, description="vendor or partner; the usual one if left out."),
    OpenApiParameter("by", str, description="seller parts a partner's figures by colleague, else by company."),
    OpenApiParameter("from", str, description="The first month, such as 2027-01; this quarter's if left out."),
]


class CellSerializer(serializers.Serializer):
    """Sums in one currency, before tax, as decimals in text. `open` holds `best`, which holds `committed`; `weighted`
    is open × probability. `period` is a month (2027-01), "earlier" or "later"; `of` is an id of a company or person."""

    period = serializers.CharField()
    currency = serializers.CharField()
    of = serializers.IntegerField(allow_null=True)
    won = serializers.CharField()
    committed = serializers.CharField()
    best = serializers.CharField()
    weighted = serializers.CharField()
    open = serializers.CharField()
    deals = serializers.IntegerField()


class ForecastSerializer(serializers.Serializer):
    """Twelve months from `first`, with what is open from before and what is decided after them."""

    side = serializers.CharField()
    by = serializers.CharField()
    first = serializers.CharField()
    cells = CellSerializer(many=True)


def _shown(cell: Cell) -> dict[str, Any]:
    names = ("won", "committed", "best", "weighted", "open")
    sums = {name: f"{round_money(getattr(cell.figures, name), cell.currency):f}" for name in names}
    period = cell.period if isinstance(cell.period, str) else f"{cell.period:%Y-%m}"
    return {"period": period, "currency": cell.currency, "of": cell.of, **sums, "deals": cell.figures.deals}


class ForecastViewSet(ViewSet):
    """What open deals may bring. The same figures as on the page, in every currency."""

    capability = "deals.view"

    @extend_schema(parameters=ASKED, responses=ForecastSerializer)
    def list(self, request: Request) -> Response:
        """The forecast of one side."""
        actor, asked = cast(Actor, request.auth), request.query_params  # a stranger gets no further than HasActor
        side = side_of(actor, asked.get("side", ""))
        by = dimension_of(side, asked.get("by", ""))
        first = month_of(asked["from"]) if asked.get("from") else quarter_of(localdate())
        cells = sorted(
            (_shown(each) for each in cells_of(rows_of(actor, side), first, by)),
            key=lambda cell: (cell["period"], cell["currency"], cell["of"] or 0),
        )
        return Response({"side": side, "by": by, "first": f"{first:%Y-%m}", "cells": cells})
