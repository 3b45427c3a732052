"""Claims on requests, as partners write and vendors decide and settle them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.fund_requests import ReasonSerializer
from api.funds import MONEY, FundsViewSet
from core.errors import DomainError
from funds import actions
from funds.models import Claim, FundRequest, ProofKind, Settlement


class SettlementSerializer(serializers.ModelSerializer):
    """One instalment, or what was taken back."""

    class Meta:
        model = Settlement
        fields = ["id", "way", "amount", "reference", "day", "created"]


class ClaimSerializer(serializers.ModelSerializer):
    """A claim. `position` names the activity of the request."""

    request = OwnRow(FundRequest)
    position = serializers.IntegerField(source="line.position", min_value=1)
    currency = serializers.CharField(source="request.fund.currency", read_only=True)
    settlements = SettlementSerializer(many=True, read_only=True)

    class Meta:
        model = Claim
        fields = [
            "id",
            "number",
            "state",
            "vendor",
            "partner",
            "request",
            "position",
            "supplier",
            "invoice_number",
            "invoice_day",
            "cost",
            "asked",
            "currency",
            "approved",
            "results",
            "reason",
            "settlements",
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
            "approved",
            "reason",
            "submitted_at",
            "decided_at",
            "created",
            "version",
        ]
        validators: list[Any] = []  # one claim an invoice: the action says so, and names the claim


class ProofSerializer(serializers.Serializer):
    """A file and what it shows. The same content proves one claim only."""

    kind = serializers.ChoiceField(choices=ProofKind.choices)
    file = serializers.FileField()


class DecideSerializer(serializers.Serializer):
    """What is granted; nought denies the claim."""

    approved = serializers.DecimalField(**MONEY, min_value=0)
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class TakeBackSerializer(serializers.Serializer):
    """What is taken back, and why."""

    amount = serializers.DecimalField(**MONEY)
    reference = serializers.CharField(max_length=80)
    day = serializers.DateField(required=False, allow_null=True, default=None)


class SettleSerializer(TakeBackSerializer):
    """One instalment. The same reference is booked once."""

    way = serializers.ChoiceField(choices=[each for each in Settlement.Way.choices if each[0] != "claw_back"])


class ClaimViewSet(FundsViewSet):
    """Claims: the partner's own, and those that were submitted to one's organisation."""

    model = Claim
    serializer_class = ClaimSerializer

    def get_queryset(self) -> QuerySet:
        """With what each says."""
        return super().get_queryset().select_related("line", "request__fund").prefetch_related("settlements")

    def create(self, request: Request) -> Response:
        """Begin a claim: one supplier's invoice for one activity."""
        said = self.said(ClaimSerializer)
        row = said.pop("request")
        position = said.pop("line")["position"]
        line = row.lines.filter(position=position).first()
        if line is None:
            raise DomainError(_("The request has no such activity."), field="position")
        return self.shown(actions.draft_claim(actor=self.actor, request=row, fields={**said, "line": line}), 201)

    @extend_schema(request={"multipart/form-data": ProofSerializer}, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def proof(self, request: Request, pk: str | None = None) -> Response:
        """Add a file."""
        claim, said = self.get_object(), self.said(ProofSerializer)
        actions.add_proof(actor=self.actor, claim=claim, upload=said["file"], kind=said["kind"])
        return self.shown(claim)

    @extend_schema(request=None, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """Hand it to the vendor."""
        return self.shown(actions.submit_claim(actor=self.actor, claim=self.get_object()))

    @extend_schema(request=ReasonSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, pk: str | None = None) -> Response:
        """Ask the partner to correct it."""
        claim = self.get_object()
        return self.shown(actions.return_claim(actor=self.actor, claim=claim, **self.said(ReasonSerializer)))

    @extend_schema(request=DecideSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Grant it in whole or in part, or deny it."""
        claim = self.get_object()
        return self.shown(actions.decide_claim(actor=self.actor, claim=claim, **self.said(DecideSerializer)))

    @extend_schema(request=SettleSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str | None = None) -> Response:
        """Book an instalment."""
        claim = self.get_object()
        actions.settle_claim(actor=self.actor, claim=claim, **self.said(SettleSerializer))
        return self.shown(claim)

    @extend_schema(request=TakeBackSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], url_path="take-back", url_name="take-back")
    def take_back(self, request: Request, pk: str | None = None) -> Response:
        """Take back what was paid."""
        claim = self.get_object()
        actions.claw_back(actor=self.actor, claim=claim, **self.said(TakeBackSerializer))
        return self.shown(claim)
