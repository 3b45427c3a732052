"""The rest of what a deal's page offers, for machines: release, stage, won, lost, and files."""

from typing import TYPE_CHECKING

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.helpers import lazy_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.colleagues import ColleagueField
from api.scoping import ScopedViewSet
from core.web import download
from deals import actions
from deals.models import Deal, Evidence, Stage

DEAL = lazy_serializer("api.deals.DealSerializer")  # that module is built of this one


class StageSerializer(serializers.Serializer):
    """How far the sale is; the probability follows."""

    stage = serializers.ChoiceField(choices=Stage.choices)


class ReviseSerializer(serializers.ModelSerializer):
    """How the sale stands; what is left out stays. `decision_date`, `amount`, `competitor` and `note` only once the
    deal is approved; `seller` is a colleague, null for nobody; an empty `forecast` follows the stage."""

    seller = ColleagueField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")

    class Meta:
        model = Deal
        fields = [
            "stage",
            "probability",
            "forecast",
            "seller",
            "decision_date",
            "amount",
            "competitor",
            "note",
            "reason",
        ]


class LossSerializer(serializers.Serializer):
    """Why the sale was lost."""

    reason = serializers.ChoiceField(choices=Deal.Loss.choices)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ProofSerializer(serializers.Serializer):
    """The order or invoice that proves the sale."""

    proof = serializers.CharField(max_length=200)


class EvidenceSerializer(serializers.ModelSerializer):
    """A file that supports a registration; its content is at its own address."""

    class Meta:
        model = Evidence
        fields = ["id", "name", "content_type", "size", "sha256", "created"]
        read_only_fields = fields


class UploadSerializer(serializers.Serializer):
    """A file of at most 10 MB."""

    file = serializers.FileField()


if TYPE_CHECKING:
    Mixed = ScopedViewSet
else:
    Mixed = object  # mixed into it


class StepsMixin(Mixed):
    """Steps of a deal; each calls the action that the page calls."""

    @extend_schema(request=None, responses=DEAL)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str | None = None) -> Response:
        """Give a deal that was taken back to the queue."""
        return self.shown(actions.release_deal(actor=self.actor, deal=self.get_object()))

    @extend_schema(request=None, responses=DEAL)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: str | None = None) -> Response:
        """Call a deal back from the colleagues who were asked to agree."""
        return self.shown(actions.recall(actor=self.actor, deal=self.get_object()))

    @extend_schema(request=StageSerializer, responses=DEAL)
    @action(detail=True, methods=["post"])
    def stage(self, request: Request, pk: str | None = None) -> Response:
        """Say how far the sale is."""
        deal = self.get_object()
        return self.shown(actions.set_stage(actor=self.actor, deal=deal, **self.said(StageSerializer)))

    @extend_schema(request=ReviseSerializer, responses=DEAL)
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, pk: str | None = None) -> Response:
        """Say how the sale stands now. A value far from the approved one is told to the vendor."""
        deal = self.get_object()
        form = ReviseSerializer(data=request.data, partial=True, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        reason = said.pop("reason", "")
        return self.shown(actions.revise_deal(actor=self.actor, deal=deal, fields=said, reason=reason))

    @extend_schema(request=LossSerializer, responses=DEAL)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: str | None = None) -> Response:
        """Report an approved deal as lost."""
        deal = self.get_object()
        return self.shown(actions.lose_deal(actor=self.actor, deal=deal, **self.said(LossSerializer)))

    @extend_schema(request=ProofSerializer, responses=DEAL)
    @action(detail=True, methods=["post"])
    def win(self, request: Request, pk: str | None = None) -> Response:
        """Confirm a sale whose order did not come through the portal."""
        deal = self.get_object()
        return self.shown(actions.win_by_hand(actor=self.actor, deal=deal, **self.said(ProofSerializer)))

    @extend_schema(methods=["GET"], responses=EvidenceSerializer(many=True))
    @extend_schema(
        methods=["POST"], request={"multipart/form-data": UploadSerializer}, responses={201: EvidenceSerializer}
    )
    @action(
        detail=True,
        methods=["get", "post"],
        pagination_class=None,
    )
    def evidence(self, request: Request, pk: str | None = None) -> Response:
        """The files of a deal; POST adds one to a draft or a returned deal."""
        deal = self.get_object()
        if request.method == "GET":
            return Response(EvidenceSerializer(deal.evidence.all(), many=True).data)
        upload = self.said(UploadSerializer)["file"]
        row = actions.add_evidence(actor=self.actor, deal=deal, upload=upload)
        return Response(EvidenceSerializer(row).data, status=201)

    @extend_schema(methods=["GET"], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @extend_schema(methods=["DELETE"], responses={204: None})
    @action(
        detail=True,
        methods=["get", "delete"],
        url_path=r"evidence/(?P<file_pk>[0-9]{1,18})",
        url_name="evidence-file",
    )
    def evidence_file(self, request: Request, pk: str, file_pk: str) -> Response | FileResponse:
        """One file, as it was uploaded; DELETE takes it off a draft."""
        deal = self.get_object()
        row = get_object_or_404(deal.evidence, pk=file_pk)
        if request.method == "DELETE":
            actions.remove_evidence(actor=self.actor, deal=deal, evidence_id=row.pk)
            return Response(status=204)
        return download(row.file, row.name, row.content_type)
