"""Rebates: agreements, and statements with the lines by which both sides can recompute them."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.orders_shapes import ExactNumber
from api.scoping import ScopedViewSet
from orders.models import Product
from partners.models import Membership, Partnership
from rebates import actions
from rebates.models import Accrual, CreditedLine, CreditPart, RebateAgreement, Statement


class RebateSerializer(serializers.ModelSerializer):
    """An agreement. `steps` are pairs of volume and rate; rates are percent, or money for each unit (`basis` units)."""

    partnership = OwnRow(Partnership)
    products = serializers.ListField(child=OwnRow(Product), required=False, write_only=True)
    product_lines = serializers.ListField(child=serializers.CharField(max_length=80), max_length=30, required=False)
    steps = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(max_length=30), min_length=2, max_length=2),
        max_length=12, required=False,
    )  # fmt: skip

    class Meta:
        model = RebateAgreement
        fields = [
            "id", "number", "vendor", "partner", "partnership", "person", "state", "currency", *actions.FIELDS,
            "products", "promotion", "version",
        ]  # fmt: skip
        read_only_fields = ["number", "vendor", "partner", "person", "state", "currency", "promotion", "version"]


class ReasonSerializer(serializers.Serializer):
    """Why; the other company reads it."""

    reason = serializers.CharField(max_length=500)


class EndSerializer(ReasonSerializer):
    """The last day (today, unless told otherwise), and why."""

    day = serializers.DateField(required=False, allow_null=True, default=None)


class AcceptSerializer(serializers.Serializer):
    """Of a bonus of one person: the member of one's own organisation who gets it."""

    member = OwnRow(Membership, required=False, allow_null=True, default=None)


class StatementSerializer(serializers.ModelSerializer):
    """One period of an agreement. `accrued` is what the rule gives for `volume`; `late` was taken back of closed
    periods; `payable` is what is left to pay, with what was `brought` forward."""

    currency = serializers.CharField(source="agreement.currency", read_only=True)

    class Meta:
        model = Statement
        fields = [
            "id", "agreement", "vendor", "partner", "starts_on", "ends_on", "currency", "baseline", "volume", "accrued",
            "late", "brought", "payable", "state", "dispute", "reply", "closed_on", "settled_on", "settlement",
            "reference",
        ]  # fmt: skip
        read_only_fields = fields


class AccrualSerializer(serializers.ModelSerializer):
    """An amount on an invoice line: of which base, at which rate, why. Of a credit also the line that it takes back."""

    invoice = serializers.CharField(source="invoice_line.invoice.number", read_only=True)
    line = serializers.CharField(source="invoice_line.number", read_only=True)
    of_invoice = serializers.CharField(source="of_line.invoice.number", read_only=True, default=None)
    of_line = serializers.CharField(source="of_line.number", read_only=True, default=None)

    class Meta:
        model = Accrual
        fields = ["id", "invoice", "line", "of_invoice", "of_line", "part", "base", "rate", "amount"]
        read_only_fields = fields


class SettleSerializer(serializers.Serializer):
    """How it was settled, and the number by which the partner finds it in its books."""

    settlement = serializers.ChoiceField(choices=Statement.Settlement.choices)
    reference = serializers.CharField(max_length=70)
    day = serializers.DateField(required=False, allow_null=True, default=None)


class DisputeSerializer(serializers.Serializer):
    """What is wrong; the vendor reads it."""

    reason = serializers.CharField(max_length=1000)


class ReplySerializer(serializers.Serializer):
    """What was found; the partner reads it."""

    reply = serializers.CharField(max_length=1000)


class CreditPartSerializer(serializers.ModelSerializer):
    """How much of which invoice line is taken back."""

    invoice = serializers.CharField(source="invoice_line.invoice.number", read_only=True)
    line = serializers.CharField(source="invoice_line.number", read_only=True)

    units = ExactNumber(read_only=True)

    class Meta:
        model = CreditPart
        fields = ["invoice", "line", "invoice_line", "amount", "units", "by_hand"]
        read_only_fields = fields


class CreditSerializer(serializers.ModelSerializer):
    """A line of a credit note: what it takes back (`parts`), and the `rest` of it that has found no invoice line."""

    credit_note = serializers.CharField(source="line.invoice.number", read_only=True)
    number = serializers.CharField(source="line.number", read_only=True)
    parts = CreditPartSerializer(many=True, read_only=True)

    class Meta:
        model = CreditedLine
        fields = [
            "id", "credit_note", "number", "vendor", "partner", "currency", "amount", "rest", "reason", "state",
            "parts", "version",
        ]  # fmt: skip
        read_only_fields = fields


class MatchSerializer(serializers.Serializer):
    """The key of the invoice line that the credit takes back."""

    line = serializers.IntegerField(min_value=1, max_value=2**62)


class MoneyViewSet(ScopedViewSet):
    """What both of these take."""

    capability = "rebates.view"


class RebateViewSet(MoneyViewSet):
    """Agreements that a vendor grants and a partner accepts."""

    model = RebateAgreement
    serializer_class = RebateSerializer

    def create(self, request: Request) -> Response:
        """Write a draft."""
        fields = self.said(RebateSerializer)
        partnership = fields.pop("partnership")
        return self.shown(actions.save_agreement(actor=self.actor, fields=fields, partnership=partnership), 201)

    @extend_schema(request=None, responses=RebateSerializer)
    @action(detail=True, methods=["post"])
    def propose(self, request: Request, pk: str | None = None) -> Response:
        """Put a draft before the partner."""
        return self.shown(actions.propose_agreement(actor=self.actor, agreement=self.get_object()))

    @extend_schema(request=None, responses=RebateSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Take a proposal back."""
        return self.shown(actions.withdraw_agreement(actor=self.actor, agreement=self.get_object()))

    @extend_schema(request=AcceptSerializer, responses=RebateSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """Accept a proposal."""
        row = self.get_object()
        return self.shown(actions.accept_agreement(actor=self.actor, agreement=row, **self.said(AcceptSerializer)))

    @extend_schema(request=ReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str | None = None) -> Response:
        """Decline a proposal; it is the vendor's draft again, and no longer seen."""
        row = self.get_object()
        actions.decline_agreement(actor=self.actor, agreement=row, **self.said(ReasonSerializer))
        return Response(status=204)

    @extend_schema(request=EndSerializer, responses=RebateSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """End an agreement; what was invoiced until then still accrues."""
        row = self.get_object()
        return self.shown(actions.end_agreement(actor=self.actor, agreement=row, **self.said(EndSerializer)))


class RebateStatementViewSet(MoneyViewSet):
    """What each period of each agreement brought."""

    model = Statement
    serializer_class = StatementSerializer

    def get_queryset(self) -> QuerySet:
        """With the currency of the agreement."""
        return super().get_queryset().select_related("agreement")

    @extend_schema(responses=AccrualSerializer(many=True))
    @action(detail=True)
    def lines(self, request: Request, pk: str | None = None) -> Response:
        """Every line, in the order in which it accrued."""
        rows = self.get_object().accruals.select_related("invoice_line__invoice", "of_line__invoice")
        return self.get_paginated_response(AccrualSerializer(self.paginate_queryset(rows), many=True).data)

    @extend_schema(request=None, responses=StatementSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str | None = None) -> Response:
        """Close a period that is over."""
        return self.shown(actions.close_statement(actor=self.actor, statement=self.get_object()))

    @extend_schema(request=None, responses=StatementSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str | None = None) -> Response:
        """Agree with an issued statement, as its partner."""
        return self.shown(actions.confirm_statement(actor=self.actor, statement=self.get_object()))

    @extend_schema(request=DisputeSerializer, responses=StatementSerializer)
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, pk: str | None = None) -> Response:
        """Say what is wrong with an issued statement, as its partner; nothing is settled until it is answered."""
        row = self.get_object()
        return self.shown(actions.dispute_statement(actor=self.actor, statement=row, **self.said(DisputeSerializer)))

    @extend_schema(request=ReplySerializer, responses=StatementSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str | None = None) -> Response:
        """Answer a dispute, as the vendor."""
        row = self.get_object()
        return self.shown(actions.answer_dispute(actor=self.actor, statement=row, **self.said(ReplySerializer)))

    @extend_schema(request=SettleSerializer, responses=StatementSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str | None = None) -> Response:
        """Report how a closed period was settled."""
        row = self.get_object()
        return self.shown(actions.settle_statement(actor=self.actor, statement=row, **self.said(SettleSerializer)))


class RebateCreditViewSet(MoneyViewSet):
    """Lines of credit notes, and what of them takes back what invoice lines have earned."""

    model = CreditedLine
    serializer_class = CreditSerializer

    def get_queryset(self) -> QuerySet:
        """With the lines on both sides."""
        rows = super().get_queryset().select_related("line__invoice")
        return rows.prefetch_related("parts__invoice_line__invoice")

    @extend_schema(request=MatchSerializer, responses=CreditSerializer)
    @action(detail=True, methods=["post"])
    def match(self, request: Request, pk: str | None = None) -> Response:
        """Say which invoice line an open credit takes back, as the vendor."""
        row = self.get_object()
        return self.shown(actions.match_credit(actor=self.actor, credited=row, **self.said(MatchSerializer)))

    @extend_schema(request=None, responses=CreditSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str | None = None) -> Response:
        """Say that what is left of an open credit takes nothing back, as the vendor."""
        return self.shown(actions.dismiss_credit(actor=self.actor, credited=self.get_object()))

    @extend_schema(request=None, responses=CreditSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        """Take that back, as the vendor."""
        return self.shown(actions.reopen_credit(actor=self.actor, credited=self.get_object()))
