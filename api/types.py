"""Types of registration: a vendor keeps its own; a partner reads those that it is offered, with what they ask for."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from deals import actions, asked, offers
from deals.models import RegistrationType
from partners.models import Partnership

# What a partner is told of a type: never to whom else it is offered, nor what approves it.
VENDORS_ALONE = ("kinds", "tiers", "rules", "archived_at", "is_default", "position")


class TypeSerializer(serializers.ModelSerializer):
    """A type of registration. `own_fields`, `evidence_kinds` and `required` say what it asks for on top of the common
    form; `values_schema` is the JSON schema (2020-12) of a deal's `values`. `kinds`, `tiers` and `rules` are null for
    partners."""

    own_fields = serializers.ListField(child=serializers.JSONField(), required=False)
    evidence_kinds = serializers.ListField(child=serializers.JSONField(), required=False)
    rules = serializers.ListField(child=serializers.JSONField(), required=False)
    required = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(max_length=40), required=False
    )
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=Partnership.Kind.choices), required=False)
    tiers = serializers.ListField(child=serializers.IntegerField(), required=False)
    values_schema = serializers.SerializerMethodField()

    class Meta:
        model = RegistrationType
        fields = [
            "id",
            "vendor",
            *RegistrationType.KEPT,
            "values_schema",
            "is_default",
            "position",
            "archived_at",
            "version",
        ]
        read_only_fields = ["vendor", "is_default", "position", "archived_at", "version"]

    @extend_schema_field({"type": "object"})
    def get_values_schema(self, row: RegistrationType) -> dict[str, Any]:
        """The JSON schema of the values that a deal of this type has."""
        return asked.json_schema(row.own_fields)

    def to_representation(self, instance: RegistrationType) -> dict[str, Any]:
        """What is the vendor's alone is null for its partners."""
        shown = super().to_representation(instance)
        if self.context["request"].auth.organisation.pk != instance.vendor_id:
            shown |= dict.fromkeys(VENDORS_ALONE)
        return shown


class TypeViewSet(ScopedViewSet):
    """Types of registration: one's own, and those that vendors offer."""

    model = RegistrationType
    serializer_class = TypeSerializer
    capability = "deals.view"

    def get_queryset(self) -> QuerySet:
        """One's own for who may set them, and those offered to one; narrowed by `?partnership=`."""
        if getattr(self, "swagger_fake_view", False):
            return RegistrationType.objects.none()
        edge = self.request.query_params.get("partnership", "")
        edges = Partnership.objects.visible_to(self.actor).active().filter(partner=self.actor.organisation.pk)
        if edge:
            return offers.offered_to(self.actor, edges.filter(pk=int(edge) if _is_key(edge) else 0))
        own = super().get_queryset() if self.actor.can("deals.terms") else RegistrationType.objects.none()
        return own | offers.offered_to(self.actor, edges)

    @extend_schema(parameters=[OpenApiParameter("partnership", int, description="Only those offered to this one.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The types, in the order of their vendor."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Add a type to one's own."""
        return self.shown(actions.add_type(actor=self.actor, fields=self.said()), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a type of one's own; what differs makes a new version."""
        row = self._own()
        return self.shown(actions.save_type(actor=self.actor, type_=row, fields=self.said(partial=True)))

    @extend_schema(request=None, responses=TypeSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str | None = None) -> Response:
        """Offer it no more."""
        return self.shown(actions.archive_type(actor=self.actor, type_=self._own()))

    @extend_schema(request=None, responses=TypeSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str | None = None) -> Response:
        """Offer it again."""
        return self.shown(actions.restore_type(actor=self.actor, type_=self._own()))

    def _own(self) -> RegistrationType:
        """The row, if it is one's own: what is only offered is changed by its vendor alone."""
        row: RegistrationType = self.get_object()
        if row.vendor_id != self.actor.organisation.pk:
            self.permission_denied(self.request)
        return row


def _is_key(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 16
