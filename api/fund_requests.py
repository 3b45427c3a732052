"""Requests for money of funds, as partners write and vendors decide them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.funds import MONEY, FundsViewSet
from core.errors import DomainError
from funds import actions
from funds.models import Activity, Fund, FundRequest, RequestLine
from funds.reach import edge_to


class LineSerializer(serializers.ModelSerializer):
    """One activity of a request. Amounts are in the fund's currency."""

    activity = serializers.ChoiceField(choices=Activity.choices)

    class Meta:
        model = RequestLine
        fields = [
            "position",
            "activity",
            "title",
            "starts",
            "ends",
            "audience",
            "expected_leads",
            "cost",
            "own_share",
            "asked",
            "approved",
            "decision",
            "reason",
        ]
        read_only_fields = ["position", "approved", "decision", "reason"]


class FundRequestSerializer(serializers.ModelSerializer):
    """A request with its activities."""

    fund = OwnRow(Fund)
    lines = LineSerializer(many=True)

    class Meta:
        model = FundRequest
        fields = [
            "id",
            "number",
            "state",
            "vendor",
            "partner",
            "fund",
            "title",
            "note",
            "reason",
            "lines",
            "first_day",
            "last_day",
            "claim_until",
            "submitted_at",
            "decided_at",
            "created",
            "version",
        ]
        read_only_fields = [
            "number",
            "state",
            "vendor",
            "partner",
            "reason",
            "first_day",
            "last_day",
            "claim_until",
            "submitted_at",
            "decided_at",
            "created",
            "version",
        ]


class LineDecisionSerializer(serializers.Serializer):
    """The decision on the activity at a position; `approved` is read where it is changed."""

    position = serializers.IntegerField(min_value=1)
    decision = serializers.ChoiceField(choices=[each for each in RequestLine.Decision.choices if each[0]])
    approved = serializers.DecimalField(**MONEY, required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ReviewSerializer(serializers.Serializer):
    """The decisions on all activities."""

    decisions = LineDecisionSerializer(many=True)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ReasonSerializer(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=1000)


class FundRequestViewSet(FundsViewSet):
    """Requests: the partner's own, and those that were submitted to one's organisation."""

    model = FundRequest
    serializer_class = FundRequestSerializer

    def get_queryset(self) -> QuerySet:
        """With their activities."""
        return super().get_queryset().prefetch_related("lines")

    def create(self, request: Request) -> Response:
        """Write a draft."""
        said = self.said(FundRequestSerializer)
        fund = said.pop("fund")
        edge = edge_to(self.actor, fund)
        if edge is None:
            raise DomainError(_("This fund is not for you."), field="fund")
        lines = [actions.LineInput(**line) for line in said.pop("lines")]
        return self.shown(
            actions.draft_request(actor=self.actor, fund=fund, partnership=edge, lines=lines, **said), 201
        )

    @extend_schema(request=None, responses=FundRequestSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """Hand it to the vendor."""
        return self.shown(actions.submit_request(actor=self.actor, request=self.get_object()))

    @extend_schema(request=None, responses=FundRequestSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str | None = None) -> Response:
        """Take it in hand."""
        return self.shown(actions.take_request(actor=self.actor, request=self.get_object()))

    @extend_schema(request=ReviewSerializer, responses=FundRequestSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str | None = None) -> Response:
        """Decide every activity."""
        row, said = self.get_object(), self.said(ReviewSerializer)
        decisions = [actions.LineDecision(**each) for each in said["decisions"]]
        return self.shown(actions.review_request(actor=self.actor, request=row, decisions=decisions, note=said["note"]))

    @extend_schema(request=None, responses=FundRequestSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str | None = None) -> Response:
        """Finance confirms, and the money is reserved."""
        return self.shown(actions.release_request(actor=self.actor, request=self.get_object()))

    @extend_schema(request=ReasonSerializer, responses=FundRequestSerializer)
    @action(detail=True, methods=["post"], url_path="hand-back", url_name="hand-back")
    def hand_back(self, request: Request, pk: str | None = None) -> Response:
        """Finance gives it back to the reviewer."""
        row = self.get_object()
        return self.shown(actions.hand_back_request(actor=self.actor, request=row, **self.said(ReasonSerializer)))

    @extend_schema(request=ReasonSerializer, responses=FundRequestSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str | None = None) -> Response:
        """Reject it as a whole."""
        row = self.get_object()
        return self.shown(actions.reject_request(actor=self.actor, request=row, **self.said(ReasonSerializer)))

    @extend_schema(request=ReasonSerializer, responses=FundRequestSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Cancel it; what is reserved and not claimed is available again."""
        row = self.get_object()
        return self.shown(actions.cancel_request(actor=self.actor, request=row, **self.said(ReasonSerializer)))
