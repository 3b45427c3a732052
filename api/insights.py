"""Figures: the numbers of the dashboard and the scorecards, read only."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from insights.measuring import measure
from insights.models import VendorRecord
from insights.permissions import may_read
from insights.records import newest_for, own_records, promises_of
from insights.scopes import Scope, scope_of
from insights.scorecards import Scorecard, scorecards
from insights.showing import as_data
from partners.actors import Actor

DAYS = [
    OpenApiParameter("side", str, description="vendor or partner: the side of the deals; the usual one if left out."),
    OpenApiParameter("from", str, description="First day, ISO 8601. Without it the thirteen weeks up to `to`."),
    OpenApiParameter("to", str, description="Last day, included; today without it."),
    OpenApiParameter("with", int, description="Only deals with this organisation."),
    OpenApiParameter("type", int, description="Only deals of this registration type."),
    OpenApiParameter("territory", str, description="Only deals of partnerships with this territory."),
    OpenApiParameter("line", str, description="Only deals with a line of this product line."),
]


class FigureSerializer(serializers.Serializer):
    """One figure with its definition. `value` and `before` are decimals as text, null where there was nothing."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    unit = serializers.ChoiceField(["percent", "business minutes", "days", "deals"])
    value = serializers.CharField(allow_null=True)
    before = serializers.CharField(allow_null=True)
    base = serializers.IntegerField()
    part = serializers.IntegerField(allow_null=True)


class ScorecardSerializer(serializers.Serializer):
    """A company on the other side. Rates are percent as text, null of nothing."""

    partnership = serializers.IntegerField()
    organisation = serializers.IntegerField()
    name = serializers.CharField()
    registered = serializers.IntegerField()
    registered_before = serializers.IntegerField()
    approved = serializers.IntegerField()
    won = serializers.IntegerField()
    rates = serializers.DictField(child=serializers.CharField(allow_null=True))
    days_to_first_deal = serializers.IntegerField(allow_null=True)
    last_deal = serializers.DateTimeField(allow_null=True)
    last_order = serializers.DateField(allow_null=True)
    remark = serializers.CharField(allow_null=True)


class RecordSerializer(serializers.ModelSerializer):
    """How a vendor keeps its promise towards all its partners: rounded, published at most weekly. `own` is exact, and
    about the reader's own registrations of the last thirteen weeks; null for the vendor itself."""

    promised_hours = serializers.SerializerMethodField()
    own = serializers.SerializerMethodField()

    class Meta:
        model = VendorRecord
        fields = ["vendor", "promised_hours", "start", "until", "answers", "kept_percent", "median_minutes", "own"]
        read_only_fields = fields

    def get_promised_hours(self, row: VendorRecord) -> int | None:
        """Business hours promised by the vendor's usual type."""
        return self.context["promised"].get(row.vendor_id)

    @extend_schema(responses=dict)
    def get_own(self, row: VendorRecord) -> dict[str, Any] | None:
        """Answers due, those in time, and the median in business minutes."""
        return self.context["own"].get(row.vendor_id)


class Figures(ViewSet):
    """What figures about deals take."""

    capability = "insights.view"

    def scope(self, request: Request, side: str = "") -> Scope:
        """What the address asks for; PermissionDenied for whoever may not read deals."""
        actor = cast(Actor, request.auth)  # a stranger gets no further than HasActor
        verdict = may_read(actor)
        if not verdict:
            raise PermissionDenied(str(verdict.reason))
        return scope_of(actor, request.query_params, side)


class FigureViewSet(Figures):
    """The figures of the dashboard of deals, with those of as many days before."""

    @extend_schema(
        parameters=DAYS,
        responses=inline_serializer(
            "Figures",
            {
                "side": serializers.CharField(),
                "from": serializers.DateField(),
                "to": serializers.DateField(),
                "figures": FigureSerializer(many=True),
            },
        ),
    )
    def list(self, request: Request) -> Response:
        """Every figure that the side may know; conflicts only on the vendor's."""
        scope = self.scope(request)
        found = as_data(measure(scope), measure(scope.before()))
        return Response({"side": scope.side, "from": scope.start, "to": scope.end, "figures": found})


class ScorecardViewSet(Figures):
    """Companies of the other side beside each other."""

    @extend_schema(parameters=DAYS[:4], responses=ScorecardSerializer(many=True))
    def list(self, request: Request) -> Response:
        """One card for each active or suspended partnership."""
        scope = self.scope(request)
        return Response([_card(scope, card) for card in scorecards(scope)])


class RecordViewSet(Figures):
    """How vendors keep their promise to answer."""

    @extend_schema(responses=RecordSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The newest record of oneself, and of each vendor with whom a partnership is active."""
        actor = self.scope(request).actor
        newest = newest_for(actor)
        vendors = [pk for pk in newest if pk != actor.organisation.pk]
        context = {"promised": promises_of(list(newest)), "own": own_records(actor, vendors)}
        return Response(RecordSerializer(list(newest.values()), many=True, context=context).data)


def _card(scope: Scope, card: Scorecard) -> dict[str, Any]:
    rates = {code: None if each.value is None else f"{each.value:f}" for code, each in card.measures.items()}
    return {
        "partnership": card.partnership.pk,
        "organisation": card.other.pk,
        "name": card.other.name,
        "registered": card.counts["registered"],
        "registered_before": card.before,
        "approved": card.counts["approved"],
        "won": card.counts["won"],
        "rates": rates,
        "days_to_first_deal": card.first_days,
        "last_deal": card.last_deal,
        "last_order": card.last_order,
        "remark": str(card.remark.word) if scope.as_vendor else None,
    }
