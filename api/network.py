"""Organisations and partnerships: who one is, and with whom one works."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from partners import actions
from partners.models import Organisation, Partnership


class OrganisationSerializer(serializers.ModelSerializer):
    """A company with the identifiers by which documents find it."""

    logo = serializers.CharField(
        source="logo_url", read_only=True, help_text=_("Where everybody may load its logo, a PNG; empty without one.")
    )

    class Meta:
        model = Organisation
        fields = ["id", "name", "legal_name", "country", "city", "vat_id", "gln", "duns", "currency", "website", "logo"]
        read_only_fields = fields


class LogoSerializer(serializers.Serializer):
    """A picture for the logo: PNG, JPEG or WebP of at most 5 MB."""

    logo = serializers.FileField(allow_empty_file=True)


class CompanySerializer(serializers.ModelSerializer):
    """A company, in short."""

    class Meta:
        model = Organisation
        fields = ["id", "name", "country", "vat_id", "gln"]
        read_only_fields = fields


class PartnershipSerializer(serializers.ModelSerializer):
    """A directed edge from a vendor to a partner, with its terms."""

    vendor = CompanySerializer(read_only=True)
    partner = CompanySerializer(read_only=True)
    tier = serializers.CharField(source="tier.name", default=None, read_only=True, help_text=_("Name of the tier."))
    channel_manager = serializers.CharField(source="channel_manager.name", default=None, read_only=True)

    class Meta:
        model = Partnership
        fields = [
            "id",
            "vendor",
            "partner",
            "kind",
            "state",
            "tier",
            "territory",
            "channel_manager",
            "since",
            "created",
        ]
        read_only_fields = fields


class OrganisationViewSet(ScopedViewSet):
    """One's own organisation and those with which there is or was a partnership."""

    model = Organisation
    serializer_class = OrganisationSerializer
    capability = "partnerships.view"

    @extend_schema(summary="The organisation that the key or session acts for")
    @action(detail=False, pagination_class=None)
    def me(self, request: Request) -> Response:
        """The acting organisation, with what the actor may do."""
        data: dict[str, Any] = dict(self.get_serializer(self.actor.organisation).data)
        return Response({**data, "capabilities": sorted(self.actor.capabilities)})

    @extend_schema(methods=["PUT"], request={"multipart/form-data": LogoSerializer}, responses=OrganisationSerializer)
    @extend_schema(methods=["DELETE"], responses={204: None})
    @action(
        detail=False, methods=["put", "delete"], url_path="me/logo", parser_classes=[MultiPartParser], capability=None
    )
    def logo(self, request: Request) -> Response:
        """Put up the acting organisation's logo (multipart/form-data), or take it away."""
        if request.method == "DELETE":
            actions.remove_logo(actor=self.actor)
            return Response(status=204)
        return self.shown(actions.set_logo(actor=self.actor, upload=self.said(LogoSerializer)["logo"]))


@extend_schema(parameters=[OpenApiParameter("state", enum=Partnership.State.values, description="Only in this state.")])
class PartnershipViewSet(ScopedViewSet):
    """Partnerships in both directions."""

    model = Partnership
    serializer_class = PartnershipSerializer
    capability = "partnerships.view"

    def get_queryset(self) -> QuerySet[Partnership]:
        """With both companies and the terms; `?state=` narrows."""
        rows = super().get_queryset()
        if state := self.request.query_params.get("state"):
            rows = rows.filter(state=state)
        return rows.select_related("vendor", "partner", "tier", "channel_manager")
