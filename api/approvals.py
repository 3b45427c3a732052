"""Steps of approvals that ask somebody, and who is away. The same rules as on the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from core.web import key_of
from deals import actions
from deals.approvers import NOBODY, colleagues
from deals.models import Absence, ApprovalStep, ApprovalVote, Deal
from deals.plans import asking


class VoteSerializer(serializers.ModelSerializer):
    """What somebody said; `stands_for` is the absent person in whose place they did."""

    user: serializers.StringRelatedField = serializers.StringRelatedField(read_only=True)
    stands_for: serializers.StringRelatedField = serializers.StringRelatedField(read_only=True)

    class Meta:
        model = ApprovalVote
        fields = ["user", "stands_for", "answer", "note", "at"]


class StepSerializer(serializers.ModelSerializer):
    """A step of the approval of a deal: `needed` persons have to agree. `state`: waiting, open, approved, refused,
    skipped. For the vendor alone; for the partner the deal is in review."""

    deal = serializers.IntegerField(source="approval.deal_id", read_only=True)
    votes = VoteSerializer(many=True, read_only=True)

    class Meta:
        model = ApprovalStep
        fields = [
            "id",
            "deal",
            "name",
            "position",
            "state",
            "needed",
            "votes",
            "opened_at",
            "due_at",
            "escalated_at",
        ]


class NoteOfStep(serializers.Serializer):
    """A note for colleagues."""

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class QuestionOfStep(serializers.Serializer):
    """What the reviewer has to find out."""

    note = serializers.CharField(max_length=2000)


class RefusalOfStep(serializers.Serializer):
    """Why the deal is refused; the partner reads the note."""

    reason = serializers.ChoiceField(choices=Deal.Reason.choices)
    note = serializers.CharField(max_length=2000)


class ApprovalViewSet(ScopedViewSet):
    """The steps of one's own approvals."""

    model = ApprovalStep
    serializer_class = StepSerializer
    capability = "deals.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=`, `?deal=` and `?mine=1`."""
        rows = super().get_queryset().select_related("approval").order_by("-pk")
        rows = rows.prefetch_related("votes__user", "votes__stands_for")
        asked = self.request.query_params
        if state := asked.get("state"):
            rows = rows.filter(state=state)
        if deal := asked.get("deal"):
            rows = rows.filter(approval__deal=key_of(deal) or 0)
        if asked.get("mine") and not self.detail:
            mine = [each.step.row.pk for each in asking(self.actor) if each.step.row]
            rows = rows.filter(pk__in=mine)
        return rows

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, description="Only steps in this state."),
            OpenApiParameter("deal", int, description="Only steps of this deal."),
            OpenApiParameter("mine", bool, description="Only steps that ask me now."),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The steps, newest first."""
        return super().list(request, *args, **kwargs)

    def _answer(self, run: Any, shape: Any) -> Response:
        step = self.get_object()
        run(actor=self.actor, step=step, **self.said(shape))
        return self.shown(step)

    @extend_schema(request=NoteOfStep, responses=StepSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """Agree."""
        return self._answer(actions.approve_step, NoteOfStep)

    @extend_schema(request=RefusalOfStep, responses=StepSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str | None = None) -> Response:
        """Refuse the deal."""
        return self._answer(actions.refuse_step, RefusalOfStep)

    @extend_schema(request=QuestionOfStep, responses=StepSerializer)
    @action(detail=True, methods=["post"], url_path="hand-back", url_name="hand-back")
    def hand_back(self, request: Request, pk: str | None = None) -> Response:
        """Give the deal back to its reviewer."""
        return self._answer(actions.hand_back, QuestionOfStep)


class Colleague(serializers.PrimaryKeyRelatedField):
    """A person of one's own organisation by their id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=NOBODY, **kwargs)

    def get_queryset(self) -> QuerySet:
        """Colleagues alone: anybody else is as good as missing."""
        return colleagues(self.context["request"].auth)


class AbsenceSerializer(serializers.ModelSerializer):
    """Days on which somebody is away, both included. Without `user`, oneself."""

    user = Colleague(required=False)
    delegate = Colleague(required=False, allow_null=True)
    user_name = serializers.CharField(source="user", read_only=True)
    delegate_name = serializers.SerializerMethodField()

    class Meta:
        model = Absence
        fields = ["id", "user", "user_name", "start", "end", "delegate", "delegate_name"]

    @extend_schema_field(str)
    def get_delegate_name(self, row: Absence) -> str:
        """Who stands in; empty for nobody."""
        return str(row.delegate or "")


class AbsenceViewSet(ScopedViewSet):
    """Who of one's own organisation is away."""

    model = Absence
    serializer_class = AbsenceSerializer

    def get_queryset(self) -> QuerySet:
        """With the names."""
        return super().get_queryset().select_related("user", "delegate").order_by("-pk")

    def create(self, request: Request) -> Response:
        """Note an absence."""
        form = AbsenceSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        said.setdefault("user", self.actor.user)
        if said["user"] is None:
            raise serializers.ValidationError({"user": "This field is required."})
        return self.shown(actions.set_absence(actor=self.actor, **said), 201)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """End it."""
        actions.end_absence(actor=self.actor, absence=self.get_object())
        return Response(status=204)
