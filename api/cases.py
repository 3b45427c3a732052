"""Conflict cases of a vendor: read, decided, dismissed, reopened. Partners find none, parties of one or not."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.colleagues import ColleagueField
from api.deals import OwnRow
from api.scoping import ScopedViewSet
from core.web import key_of
from deals import actions
from deals.actions import Answer
from deals.actions.judging import OTHERS
from deals.models import CaseSide, ConflictCase, Deal
from partners.models import Membership

FATES = [(fate.value, fate.label) for fate in OTHERS]


class SideSerializer(serializers.ModelSerializer):
    """One deal of a case. `fate`: empty while undecided, else keeps, duplicate, refused, behind, shared, different or
    left. `told`: the sentence that its partner was sent."""

    partner = serializers.IntegerField(source="deal.partner_id", read_only=True)

    class Meta:
        model = CaseSide
        fields = ["deal", "partner", "fate", "told", "added_at"]


class CaseSerializer(serializers.ModelSerializer):
    """A conflict case. `state`: open, room (being talked over), decided or dismissed; `outcome`: empty, keeps, shared
    or different. `opened_by` is null for a case that the check opened; people are ids of users."""

    sides = SideSerializer(many=True, read_only=True)

    class Meta:
        model = ConflictCase
        fields = [
            "id",
            "number",
            "customer_name",
            "state",
            "reason",
            "opened_by",
            "opened_at",
            "owner",
            "outcome",
            "note",
            "decided_by",
            "decided_at",
            "sides",
            "version",
        ]


class AnswerOfCase(serializers.Serializer):
    """What becomes of a deal that does not keep the customer: duplicate and refused send its partner `note` (and take
    one); who waits behind is told nothing."""

    deal = OwnRow(Deal)
    fate = serializers.ChoiceField(choices=FATES)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class DecisionOfCase(serializers.Serializer):
    """Who holds the customer. `reason` is for the vendor's own trail; `keeper` and `answers` go with `keeps` alone, an
    answer for each other open deal."""

    outcome = serializers.ChoiceField(choices=ConflictCase.Outcome.choices)
    reason = serializers.CharField(max_length=2000)
    keeper = OwnRow(Deal, required=False, allow_null=True)
    answers = AnswerOfCase(many=True, required=False)


class ReasonOfCase(serializers.Serializer):
    """Why, for the vendor's own trail."""

    reason = serializers.CharField(max_length=2000)


class NoteOfCase(serializers.Serializer):
    """The vendor's internal note."""

    note = serializers.CharField(max_length=4000, allow_blank=True)


class OwnerOfCase(serializers.Serializer):
    """A colleague who decides, by the id of the user; null gives the case to nobody."""

    owner = ColleagueField(allow_null=True)


class CaseViewSet(ScopedViewSet):
    """Cases in which several partners may be after one customer; for the vendor who decides alone."""

    model = ConflictCase
    serializer_class = CaseSerializer
    capability = "deals.decide"

    def get_queryset(self) -> QuerySet:
        """With their sides; narrowed by `?state=` and `?deal=`."""
        rows = super().get_queryset().prefetch_related("sides__deal")
        asked = self.request.query_params if self.request else {}
        if state := asked.get("state"):
            rows = rows.filter(state=state)
        if deal := asked.get("deal"):
            rows = rows.filter(sides__deal=key_of(deal) or 0)
        return rows

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, description="Only cases in this state."),
            OpenApiParameter("deal", int, description="Only cases of this deal."),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The cases, newest first."""
        return super().list(request, *args, **kwargs)

    def _asked(self, shape: Any) -> tuple[ConflictCase, dict[str, Any]]:
        return self.get_object(), self.said(shape)

    @extend_schema(request=DecisionOfCase, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Say who holds the customer. Partners are sent their own answer, and nothing of the case."""
        case, said = self._asked(DecisionOfCase)
        answers = {each["deal"].pk: Answer(each["fate"], each["note"]) for each in said.pop("answers", [])}
        return self.shown(
            actions.decide_case(actor=self.actor, case=case, answers=answers, version=case.version, **said)
        )

    @extend_schema(request=ReasonOfCase, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str | None = None) -> Response:
        """Close it without a decision."""
        case, said = self._asked(ReasonOfCase)
        return self.shown(actions.dismiss_case(actor=self.actor, case=case, version=case.version, **said))

    @extend_schema(request=ReasonOfCase, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        """Judge it anew. What partners were told stands."""
        case, said = self._asked(ReasonOfCase)
        return self.shown(actions.reopen_case(actor=self.actor, case=case, version=case.version, **said))

    @extend_schema(request=OwnerOfCase, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str | None = None) -> Response:
        """Give it to a colleague who decides, or to nobody."""
        case, said = self._asked(OwnerOfCase)
        owner = said["owner"]
        members = Membership.objects.visible_to(self.actor).live().filter(organisation=self.actor.organisation)
        member = members.get(user=owner).pk if owner is not None else None
        return self.shown(actions.assign_case(actor=self.actor, case=case, member=member))

    @extend_schema(request=NoteOfCase, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: str | None = None) -> Response:
        """Keep the internal note, in place of the one that is there."""
        case, said = self._asked(NoteOfCase)
        return self.shown(actions.note_on_case(actor=self.actor, case=case, version=case.version, **said))
