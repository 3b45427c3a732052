"""What is asked about a deal: more time, reinstatement, an appeal, a revocation. The same rules as on the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from deals import actions
from deals.models import Deal, Petition


class RequestSerializer(serializers.ModelSerializer):
    """A request about a deal. `state`: pending, granted, refused or dropped."""

    deal = OwnRow(Deal)
    asked_by: serializers.StringRelatedField = serializers.StringRelatedField(read_only=True)
    decided_by: serializers.StringRelatedField = serializers.StringRelatedField(read_only=True)

    class Meta:
        model = Petition
        fields = [
            "id",
            "deal",
            "kind",
            "state",
            "reason",
            "asked_by",
            "asked_at",
            "decided_by",
            "decided_at",
            "answer",
        ]
        read_only_fields = ["state", "asked_at", "decided_at", "answer"]
        # The action refuses a second one; a check here would tell a partner of a revocation that is only proposed.
        validators: list = []


class AnswerSerializer(serializers.Serializer):
    """What who asked is told."""

    answer = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RequestViewSet(ScopedViewSet):
    """Requests about deals, one's own and those one decides on."""

    model = Petition
    serializer_class = RequestSerializer
    capability = "deals.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=`."""
        rows = super().get_queryset().select_related("asked_by", "decided_by", "deal")
        state = self.request.query_params.get("state")
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[OpenApiParameter("state", str, description="Only requests in this state.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The requests that the organisation is a party to, newest first."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Ask for something about a deal."""
        return self.shown(actions.ask(actor=self.actor, **self.said(RequestSerializer)), 201)

    def _answer(self) -> str:
        return str(self.said(AnswerSerializer)["answer"])

    @extend_schema(request=AnswerSerializer, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: str | None = None) -> Response:
        """Grant it."""
        return self.shown(actions.grant(actor=self.actor, petition=self.get_object(), answer=self._answer()))

    @extend_schema(request=AnswerSerializer, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str | None = None) -> Response:
        """Refuse it, with a sentence."""
        return self.shown(actions.refuse(actor=self.actor, petition=self.get_object(), answer=self._answer()))

    @extend_schema(request=None, responses=RequestSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str | None = None) -> Response:
        """Take one's own request back."""
        return self.shown(actions.drop(actor=self.actor, petition=self.get_object()))
