"""Costs of campaigns: one's own alone, as on the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from campaigns import actions
from campaigns.models import Campaign, Expense, Participant
from campaigns.spending import paid_back
from funds.models import Claim

CAMPAIGN = OpenApiParameter("campaign", int, description="Only those of this campaign.")


class ExpenseSerializer(serializers.ModelSerializer):
    """A cost, in the campaign's currency. `step` is a step of the campaign, `claim` one's own claim on a fund, by which
    the cost is paid back; `paid_back` is what came of it so far, and `file` the name of the file, empty without one."""

    campaign = OwnRow(Campaign)
    step = serializers.IntegerField(source="step_id", required=False, allow_null=True, min_value=1, max_value=2**62)
    claim = OwnRow(Claim, required=False, allow_null=True)
    currency = serializers.CharField(source="campaign.currency", read_only=True)
    paid_back = serializers.SerializerMethodField()
    file = serializers.CharField(source="file_name", read_only=True)

    class Meta:
        model = Expense
        fields = [
            "id", "campaign", "day", "what", "amount", "currency", "supplier", "invoice_number", "step", "claim",
            "paid_back", "file", "created", "version",
        ]  # fmt: skip
        read_only_fields = ["created", "version"]

    def get_paid_back(self, row: Expense) -> str:
        """What was paid on its claim, less what was taken back."""
        known = self.context.get("back")
        found = known if known is not None else paid_back([row])
        return f"{found.get(row.pk, 0):.2f}"


class ExpenseFileSerializer(serializers.Serializer):
    """The supplier's invoice."""

    file = serializers.FileField()


class ExpenseViewSet(ScopedViewSet):
    """What one's own company spent on campaigns."""

    model = Expense
    serializer_class = ExpenseSerializer
    capability = "campaigns.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?campaign=`."""
        rows = super().get_queryset().select_related("campaign", "participant")
        asked = self.request.query_params.get("campaign", "") if self.request else ""
        if not asked:
            return rows
        return rows.filter(campaign=asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else rows.none()

    @extend_schema(parameters=[CAMPAIGN])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Costs, the latest first."""
        rows = self.paginate_queryset(self.get_queryset())
        context = {**self.get_serializer_context(), "back": paid_back(rows or ())}
        return self.get_paginated_response(ExpenseSerializer(rows, many=True, context=context).data)

    def create(self, request: Request) -> Response:
        """Write a cost down."""
        said = self.said()
        campaign = said.pop("campaign")
        seats = Participant.objects.visible_to(self.actor).filter(organisation=self.actor.organisation)
        seat = seats.filter(campaign=campaign).first()
        if seat is None:
            raise NotFound
        fields = self._fields(campaign, said)
        return self.shown(actions.record_expense(actor=self.actor, seat=seat, fields=fields), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Correct a cost; it stays with its campaign."""
        row = self.get_object()
        said = self.said(partial=True)
        said.pop("campaign", None)
        fields = self._fields(row.campaign, said)
        return self.shown(actions.change_expense(actor=self.actor, expense=row, fields=fields))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take a cost away."""
        actions.remove_expense(actor=self.actor, expense=self.get_object())
        return Response(status=204)

    @extend_schema(request=ExpenseFileSerializer, responses=ExpenseSerializer)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def file(self, request: Request, pk: str | None = None) -> Response:
        """Keep the supplier's invoice with it (multipart/form-data), in the place of the one before."""
        row, upload = self.get_object(), self.said(ExpenseFileSerializer)["file"]
        return self.shown(actions.change_expense(actor=self.actor, expense=row, fields={}, upload=upload))

    def _fields(self, campaign: Campaign, said: dict[str, Any]) -> dict[str, Any]:
        """By column; a step of another campaign reads like one that does not exist."""
        if "step_id" not in said:
            return said
        key = said.pop("step_id")
        step = campaign.steps.filter(pk=key).first() if key else None
        if key and step is None:
            raise serializers.ValidationError({"step": ["There is no such step in this campaign."]})
        return {**said, "step": step}
