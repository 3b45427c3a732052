"""Funds: what vendors set aside, and the statement that both sides see."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from funds import actions
from funds.ledger.models import EntrySet
from funds.models import Fund
from funds.purses import balances_by_fund
from funds.statements import SHOWN, effect, statement_of
from partners.models import Partnership, Tier

STATE = OpenApiParameter("state", str, description="Only those in this state.")
MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class FundSerializer(serializers.ModelSerializer):
    """A fund with its balances: a vendor sees the sum over all partners, a partner its own share."""

    partnership = OwnRow(Partnership, required=False, allow_null=True)
    tier = OwnRow(Tier, required=False, allow_null=True)
    balances = serializers.SerializerMethodField()

    class Meta:
        model = Fund
        fields = [
            "id",
            "number",
            "vendor",
            "name",
            "terms",
            "currency",
            "starts",
            "ends",
            "claim_days",
            "reach",
            "partnership",
            "tier",
            "country",
            "state",
            "balances",
            "created",
            "version",
        ]
        read_only_fields = ["number", "vendor", "state", "created", "version"]

    def get_balances(self, fund: Fund) -> dict[str, str]:
        """Kind of account → amount in the fund's currency."""
        held = self.context.get("held")
        if held is None:
            held = balances_by_fund(self.context["request"].auth, [fund])
        return {kind: f"{amount:f}" for kind, amount in held.get(fund.pk, {}).items()}


class NewFundSerializer(FundSerializer):
    """A fund to open, with an amount to begin with."""

    amount = serializers.DecimalField(**MONEY, min_value=0, required=False, default=Decimal(0))

    class Meta(FundSerializer.Meta):
        fields = [*FundSerializer.Meta.fields, "amount"]


class AllocateSerializer(serializers.Serializer):
    """Money that is put in. With a `key` it happens once, however often it is asked."""

    amount = serializers.DecimalField(**MONEY)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    key = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class StatementSerializer(serializers.ModelSerializer):
    """One thing that was booked, and what it did to each kind of account that the acting organisation may see."""

    effects = serializers.SerializerMethodField()

    class Meta:
        model = EntrySet
        fields = ["id", "verb", "day", "note", "about", "about_id", "organisation", "partner", "currency", "effects"]
        read_only_fields = fields

    def get_effects(self, row: EntrySet) -> dict[str, str]:
        """Kind of account → amount that came in (positive) or left."""
        return {kind.value: f"{amount:f}" for kind in SHOWN if (amount := effect(row, kind))}


class FundsViewSet(ScopedViewSet):
    """What the views of funds share: they are narrowed by state."""

    capability = "funds.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=`."""
        rows = super().get_queryset()
        state = self.request.query_params.get("state") if self.request else None
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[STATE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first."""
        return super().list(request, *args, **kwargs)


class FundViewSet(FundsViewSet):
    """Funds that one gives, and those on which one may draw."""

    model = Fund
    serializer_class = FundSerializer

    def get_queryset(self) -> QuerySet:
        """With what balances are read for."""
        return super().get_queryset().select_related("vendor", "partnership")

    @extend_schema(parameters=[STATE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first; balances of a whole page are read at once."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        context = {**self.get_serializer_context(), "held": balances_by_fund(self.actor, page)}
        return self.get_paginated_response(FundSerializer(page, many=True, context=context).data)

    @extend_schema(request=NewFundSerializer, responses=FundSerializer)
    def create(self, request: Request) -> Response:
        """Open a fund of one's own."""
        said = self.said(NewFundSerializer)
        amount = said.pop("amount")
        return self.shown(actions.open_fund(actor=self.actor, fields=said, amount=amount), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change name, terms, period or days to claim."""
        fund, said = self.get_object(), self.said(FundSerializer, partial=True)
        return self.shown(actions.change_fund(actor=self.actor, fund=fund, fields=said))

    @extend_schema(request=AllocateSerializer, responses=FundSerializer)
    @action(detail=True, methods=["post"])
    def allocate(self, request: Request, pk: str | None = None) -> Response:
        """Put money in."""
        fund = self.get_object()
        actions.allocate_to_fund(actor=self.actor, fund=fund, **self.said(AllocateSerializer))
        return self.shown(fund)

    @extend_schema(responses=StatementSerializer(many=True))
    @action(detail=True, methods=["get"])
    def statement(self, request: Request, pk: str | None = None) -> Response:
        """What was booked, newest first, as both sides see it."""
        page = self.paginate_queryset(statement_of(self.actor, self.get_object()).order_by("-pk")) or []
        return self.get_paginated_response(StatementSerializer(page, many=True).data)
