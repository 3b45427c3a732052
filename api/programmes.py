"""Partner programmes: standings with their figures, and certificates of people."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from partners.models import Membership, Partnership, Tier
from programmes import actions
from programmes.models import Certification, Figure, Reading, Standing


class StandingSerializer(serializers.ModelSerializer):
    """Where a partner stands. `values` are the figures of `reckoned_on`, revenue in `currency`; `earned` is the tier
    that they reach, `falls_on` the day of a fall that was announced."""

    tier = serializers.CharField(source="partnership.tier.name", default=None, read_only=True)
    earned = serializers.CharField(source="earned.name", default=None, read_only=True)
    currency = serializers.CharField(source="vendor.currency", read_only=True)
    values = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Standing
        fields = [
            "id", "vendor", "partner", "partnership", "tier", "earned", "values", "currency", "reckoned_on",
            "falls_on", "fixed_until", "fixed_reason",
        ]  # fmt: skip
        read_only_fields = fields


class ReadingSerializer(serializers.ModelSerializer):
    """One figure of one day."""

    figure = serializers.ChoiceField(choices=Figure.choices)

    class Meta:
        model = Reading
        fields = ["day", "figure", "value"]


class FixSerializer(serializers.Serializer):
    """A tier by hand, until a day (included), and why."""

    tier = OwnRow(Tier)
    until = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class CertificationSerializer(serializers.ModelSerializer):
    """A certificate of one of a partner's people. It counts once the vendor has confirmed it."""

    class Meta:
        model = Certification
        fields = [
            "id", "vendor", "partner", "person", "name", "given_by", "given_on", "valid_until", "file_name", "state",
            "refusal", "created",
        ]  # fmt: skip
        read_only_fields = fields


class ReportSerializer(serializers.Serializer):
    """A certificate to report: over which partnership, of which member of one's own organisation."""

    partnership = OwnRow(Partnership)
    membership = OwnRow(Membership)
    name = serializers.CharField(max_length=120)
    given_by = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    given_on = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)


class RefusalSerializer(serializers.Serializer):
    """Why it is refused; the partner reads it."""

    reason = serializers.CharField(max_length=500)


class ProgrammeViewSet(ScopedViewSet):
    """What both of these take."""

    capability = "programmes.view"


class StandingViewSet(ProgrammeViewSet):
    """How partners stand in programmes: a vendor reads all of its own, a partner its own."""

    model = Standing
    serializer_class = StandingSerializer

    def get_queryset(self) -> QuerySet:
        """With what is shown of each."""
        return super().get_queryset().select_related("vendor", "partner", "partnership__tier", "earned")

    @extend_schema(responses=ReadingSerializer(many=True))
    @action(detail=True)
    def history(self, request: Request, pk: str | None = None) -> Response:
        """The figures of each day, newest first."""
        rows = self.get_object().readings.all()
        return self.get_paginated_response(ReadingSerializer(self.paginate_queryset(rows), many=True).data)

    @extend_schema(request=FixSerializer, responses=StandingSerializer)
    @action(detail=True, methods=["post"])
    def fix(self, request: Request, pk: str | None = None) -> Response:
        """Set the tier by hand for a while."""
        standing = self.get_object()
        return self.shown(actions.fix_tier(actor=self.actor, standing=standing, **self.said(FixSerializer)))

    @extend_schema(request=None, responses=StandingSerializer)
    @action(detail=True, methods=["post"])
    def free(self, request: Request, pk: str | None = None) -> Response:
        """Let the figures decide again."""
        return self.shown(actions.free_tier(actor=self.actor, standing=self.get_object()))


class CertificationViewSet(ProgrammeViewSet):
    """Certificates: those of one's own people, and those of one's partners'."""

    model = Certification
    serializer_class = CertificationSerializer

    @extend_schema(request=ReportSerializer, responses={201: CertificationSerializer})
    def create(self, request: Request) -> Response:
        """Report one to a vendor."""
        return self.shown(actions.report_certification(actor=self.actor, **self.said(ReportSerializer)), 201)

    @extend_schema(request=None, responses=CertificationSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str | None = None) -> Response:
        """Confirm one: it counts from the next reckoning on."""
        row = self.get_object()
        return self.shown(actions.judge_certification(actor=self.actor, certification=row, step="confirm"))

    @extend_schema(request=RefusalSerializer, responses=CertificationSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str | None = None) -> Response:
        """Refuse one, also one that was confirmed before."""
        row, said = self.get_object(), self.said(RefusalSerializer)
        return self.shown(actions.judge_certification(actor=self.actor, certification=row, step="refuse", **said))
