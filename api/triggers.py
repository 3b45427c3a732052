"""Triggers of one's own organisation, over the same actions as the pages."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from automation import actions
from automation.models import Run, Trigger
from automation.occasions import OCCASIONS
from automation.presenting import who_of
from automation.rehearsing import PERIODS, Line, rehearse
from automation.sentences import limits_in_words, sentence
from partners.models import Membership, Role
from promotions.models import Promotion

STATE = OpenApiParameter("state", str, description="Only those in this state.")
DAYS = OpenApiParameter("days", str, description="How far back: 7, 30 or 90 days.", enum=list(PERIODS))


class TriggerSerializer(serializers.ModelSerializer):
    """A trigger. `rule`: groups of conditions, empty where nothing is asked; `sentence` says all of it in words."""

    event = serializers.ChoiceField(choices=sorted(OCCASIONS))
    rule = serializers.JSONField(required=False)
    sentence = serializers.SerializerMethodField()
    limits = serializers.SerializerMethodField()

    class Meta:
        model = Trigger
        fields = ["id", "state", *actions.FIELDS, "sentence", "limits", "active_since", "created", "version"]
        read_only_fields = ["state", "active_since", "created", "version"]

    def get_sentence(self, row: Trigger) -> str:
        """The trigger in words."""
        return sentence(row)

    def get_limits(self, row: Trigger) -> str:
        """Its limits in words."""
        return limits_in_words(row)

    def get_fields(self) -> dict[str, Any]:
        """Roles, colleagues and promotions of one's own organisation are offered, and no others."""
        fields: dict[str, Any] = super().get_fields()
        view = self.context.get("view")
        actor = getattr(view, "actor", None) if view and not getattr(view, "swagger_fake_view", False) else None
        offered: dict[str, QuerySet] = {
            "role": Role.objects.visible_to(actor) if actor else Role.objects.none(),
            "promotion": Promotion.objects.visible_to(actor) if actor else Promotion.objects.none(),
        }
        for name, rows in offered.items():
            fields[name].queryset = rows
        fields["person"].queryset = _colleagues(actor, fields["person"].queryset)
        return fields


def _colleagues(actor: Any, users: QuerySet) -> QuerySet:
    if actor is None:
        return users.none()
    return users.filter(pk__in=Membership.objects.visible_to(actor).live().values("user"))


class RunSerializer(serializers.ModelSerializer):
    """What became of one occasion: `why` of those left out, `letter_state` of a letter."""

    who = serializers.SerializerMethodField()
    letter_state = serializers.CharField(source="letter.state", default="", read_only=True)

    class Meta:
        model = Run
        fields = [
            "id", "state", "why", "title", "target", "target_id", "who", "reached", "letter_state", "version",
            "happened_at", "due_at", "settled_at",
        ]  # fmt: skip

    def get_who(self, row: Run) -> str:
        """Whom it reaches; empty once a contact was erased."""
        return who_of(row)


class RehearsalLineSerializer(serializers.Serializer):
    """One occasion of a dry run."""

    happened_at = serializers.DateTimeField(source="at")
    title = serializers.CharField(source="subject.title")
    who = serializers.CharField()
    reached = serializers.BooleanField()
    why = serializers.CharField()
    at = serializers.DateTimeField(source="moment", allow_null=True)


class RehearsalSerializer(serializers.Serializer):
    """A dry run: how many it would have reached, and each occasion."""

    reached = serializers.IntegerField()
    more = serializers.BooleanField()
    lines = RehearsalLineSerializer(many=True)


class TriggerViewSet(ScopedViewSet):
    """The organisation's triggers."""

    model = Trigger
    serializer_class = TriggerSerializer
    capability = "automation.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=`."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        rows = rows.select_related("organisation", "written_by", "role", "person", "promotion")
        state = self.request.query_params.get("state") if self.action == "list" else None
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[STATE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One's own triggers, by name."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Write a trigger. It does nothing before it is activated."""
        return self.shown(actions.save_trigger(actor=self.actor, fields=self.said(TriggerSerializer)), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a trigger: a new version, in force at once."""
        row, said = self.get_object(), self.said(TriggerSerializer, partial=True)
        return self.shown(actions.save_trigger(actor=self.actor, fields=said, trigger=row))

    @extend_schema(request=None, responses=TriggerSerializer)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str | None = None) -> Response:
        """Start it: from now on, what happens counts."""
        return self.shown(actions.activate_trigger(actor=self.actor, trigger=self.get_object()))

    @extend_schema(request=None, responses=TriggerSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str | None = None) -> Response:
        """Do nothing more, also not what waits."""
        return self.shown(actions.pause_trigger(actor=self.actor, trigger=self.get_object()))

    @extend_schema(responses=RunSerializer(many=True), parameters=[STATE])
    @action(detail=True, methods=["get"])
    def runs(self, request: Request, pk: str | None = None) -> Response:
        """The log, newest first, page by page."""
        rows = Run.objects.visible_to(self.actor).filter(trigger=self.get_object())
        if state := request.query_params.get("state"):
            rows = rows.filter(state=state)
        page = self.paginate_queryset(rows.select_related("contact", "partner", "letter"))
        return self.get_paginated_response(RunSerializer(page, many=True).data)

    @extend_schema(responses=RehearsalSerializer, parameters=[DAYS])
    @action(detail=True, methods=["get"])
    def rehearsal(self, request: Request, pk: str | None = None) -> Response:
        """A dry run: whom it would have reached, and why not the others. Nothing is done."""
        days = request.query_params.get("days", "30")
        back = timedelta(days=int(days) if days in PERIODS else 30)
        found = rehearse(self.get_object(), now() - back, now())
        return Response({"reached": found.reached, "more": found.more, "lines": [_line(each) for each in found.lines]})


def _line(line: Line) -> Any:
    return RehearsalLineSerializer(line).data
