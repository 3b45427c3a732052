"""Leads: a vendor's own, and what vendors offer. The same rules as on the pages: who has not accepted sees a teaser."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from leads import actions
from leads.models import Lead, LeadOffer, Size
from leads.presenting import holds_lead
from leads.teaser import details_of, teaser_of
from partners.models import Partnership

STATE = OpenApiParameter("state", str, description="Only those in this state.")


class LeadSerializer(serializers.ModelSerializer):
    """A lead of one's own organisation. `holder`: the partner that has accepted it."""

    version = serializers.IntegerField(read_only=True)
    size = serializers.ChoiceField(choices=Size.choices, required=False, allow_blank=True)

    class Meta:
        model = Lead
        fields = [
            "id",
            "number",
            "state",
            "source",
            "origin",
            "origin_id",
            "origin_detail",
            *actions.FIELDS,
            "holder",
            "deal",
            "why_waiting",
            "due_at",
            "closure_code",
            "closure_note",
            "created",
            "version",
        ]
        read_only_fields = [
            "number",
            "state",
            "source",
            "origin",
            "origin_id",
            "origin_detail",
            "holder",
            "deal",
            "why_waiting",
            "due_at",
            "closure_code",
            "closure_note",
            "created",
        ]


class OfferToSerializer(serializers.Serializer):
    """To which partners; of several, the first to accept has it."""

    partnerships = serializers.ListField(child=OwnRow(Partnership), min_length=1, max_length=50)


class RecallSerializer(serializers.Serializer):
    """What the partner is told."""

    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class CloseLeadSerializer(serializers.Serializer):
    """Why nothing will come of it."""

    code = serializers.ChoiceField(choices=Lead.Closure.choices)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class DeclineSerializer(serializers.Serializer):
    """Why it is not taken."""

    code = serializers.ChoiceField(choices=LeadOffer.Decline.choices)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class TouchSerializer(serializers.Serializer):
    """What was agreed with the company."""

    note = serializers.CharField(max_length=1000)


class RegisterSerializer(serializers.Serializer):
    """With which of one's vendors: the partnership in which one is the partner."""

    partnership = OwnRow(Partnership)


class LeadViewSet(ScopedViewSet):
    """One's own leads. What is offered to one's organisation is among `lead-offers`."""

    model = Lead
    serializer_class = LeadSerializer
    capability = "leads.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=`. A lead that one merely holds is not here."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        rows = rows.filter(vendor=self.actor.organisation)
        state = self.request.query_params.get("state")
        return rows.filter(state=state) if state else rows.exclude(state=Lead.State.SPAM)

    @extend_schema(parameters=[STATE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One's own leads, newest first; spam only where it is asked for."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Add a lead; one that is known already is refused. With `route` the rules look for a partner."""
        route = request.data.get("route") is True if hasattr(request.data, "get") else False
        fields = self.said(LeadSerializer)
        lead = actions.add_lead(actor=self.actor, fields=fields, source=Lead.Source.API, route=route)
        return self.shown(lead, 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Correct a lead."""
        lead = self.get_object()
        return self.shown(
            actions.change_lead(actor=self.actor, lead=lead, fields=self.said(LeadSerializer, partial=True))
        )

    @extend_schema(request=None, responses=LeadSerializer)
    @action(detail=True, methods=["post"])
    def route(self, request: Request, pk: str | None = None) -> Response:
        """Let the rules choose a partner."""
        return self.shown(actions.route_lead(actor=self.actor, lead=self.get_object()))

    @extend_schema(request=OfferToSerializer, responses=LeadSerializer)
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, pk: str | None = None) -> Response:
        """Offer it to partners of one's choice."""
        lead, said = self.get_object(), self.said(OfferToSerializer)
        actions.offer_lead(actor=self.actor, lead=lead, partnerships=said["partnerships"])
        return self.shown(lead)

    @extend_schema(request=RecallSerializer, responses=LeadSerializer)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: str | None = None) -> Response:
        """Take it back from whoever has it."""
        return self.shown(actions.recall_lead(actor=self.actor, lead=self.get_object(), **self.said(RecallSerializer)))

    @extend_schema(request=RegisterSerializer, responses=LeadSerializer)
    @action(detail=True, methods=["post"])
    def register(self, request: Request, pk: str | None = None) -> Response:
        """Draft a registration with one of one's vendors; `deal` names the draft."""
        lead, said = self.get_object(), self.said(RegisterSerializer)
        actions.register_lead(actor=self.actor, lead=lead, **said)
        return self.shown(lead)

    @extend_schema(request=CloseLeadSerializer, responses=LeadSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str | None = None) -> Response:
        """Close it with a reason."""
        return self.shown(
            actions.close_lead(actor=self.actor, lead=self.get_object(), **self.said(CloseLeadSerializer))
        )


class TeaserSerializer(serializers.Serializer):
    """What may be known of a lead before it is accepted, and after it is gone."""

    need = serializers.CharField()
    product_line = serializers.CharField()
    size = serializers.CharField()
    country = serializers.CharField()
    region = serializers.CharField()


class LeadDetailsSerializer(TeaserSerializer):
    """What the partner that holds it needs to sell."""

    company = serializers.CharField()
    contact = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    website = serializers.CharField()
    city = serializers.CharField()
    message = serializers.CharField()
    value = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    consent_at = serializers.DateTimeField(allow_null=True)
    consent_text = serializers.CharField()


class LeadOfferSerializer(serializers.ModelSerializer):
    """An offer. `details` are there while the acting organisation holds the lead, and null otherwise."""

    number = serializers.CharField(source="lead.number", read_only=True)
    teaser = serializers.SerializerMethodField()
    details = serializers.SerializerMethodField()
    deal = serializers.SerializerMethodField()
    lead = serializers.SerializerMethodField()

    class Meta:
        model = LeadOffer
        fields = [
            "id",
            "number",
            "state",
            "vendor",
            "partner",
            "partnership",
            "pool",
            "teaser",
            "details",
            "deal",
            "lead",
            "offered_at",
            "expires_at",
            "first_touch_due",
            "idle_due",
            "answered_at",
            "decline_code",
            "decline_note",
        ]
        read_only_fields = fields

    def _is_holder(self, offer: LeadOffer) -> bool:
        return bool(self.context["request"].auth.organisation.pk == offer.partner_id and holds_lead(offer))

    @extend_schema(responses=TeaserSerializer)
    def get_teaser(self, offer: LeadOffer) -> dict[str, Any]:
        """The whitelist that everybody asked may read."""
        return dict(TeaserSerializer(asdict(teaser_of(offer.lead))).data)

    def get_details(self, offer: LeadOffer) -> dict[str, Any] | None:
        """The company, for who holds the lead."""
        return dict(LeadDetailsSerializer(asdict(details_of(offer.lead))).data) if self._is_holder(offer) else None

    def get_deal(self, offer: LeadOffer) -> int | None:
        """The registration that came of it, for who holds the lead."""
        return offer.lead.deal_id if self._is_holder(offer) else None

    def get_lead(self, offer: LeadOffer) -> int | None:
        """The lead among `leads`, for its vendor."""
        return offer.lead_id if self.context["request"].auth.organisation.pk == offer.vendor_id else None


class LeadOfferViewSet(ScopedViewSet):
    """Offers of leads: those that one got, and those that one made."""

    model = LeadOffer
    serializer_class = LeadOfferSerializer
    capability = "leads.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=`."""
        rows = super().get_queryset().select_related("lead", "vendor", "partner", "partnership")
        state = self.request.query_params.get("state") if self.request else None
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[STATE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Offers, newest first."""
        return super().list(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """What may be gone tomorrow is kept by nobody (RFC 9111, 5.2.2.5)."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    def _step(self, run: Callable[..., Any], shape: Any = None) -> Response:
        offer, said = self.get_object(), {}
        if shape is not None:
            said = self.said(shape)
        run(actor=self.actor, offer=offer, **said)
        return self.shown(offer)

    @extend_schema(request=None, responses=LeadOfferSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """Accept it, and read whose lead it is."""
        return self._step(actions.accept_offer)

    @extend_schema(request=DeclineSerializer, responses=LeadOfferSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str | None = None) -> Response:
        """Decline it, or give it back."""
        return self._step(actions.decline_offer, DeclineSerializer)

    @extend_schema(request=None, responses=LeadOfferSerializer)
    @action(detail=True, methods=["post"])
    def reconsider(self, request: Request, pk: str | None = None) -> Response:
        """Take the refusal back while nobody else was asked."""
        return self._step(actions.reconsider_offer)

    @extend_schema(request=TouchSerializer, responses=LeadOfferSerializer)
    @action(detail=True, methods=["post"])
    def touch(self, request: Request, pk: str | None = None) -> Response:
        """Report a contact with the company."""
        return self._step(actions.touch_lead, TouchSerializer)

    @extend_schema(request=None, responses=LeadOfferSerializer)
    @action(detail=True, methods=["post"])
    def convert(self, request: Request, pk: str | None = None) -> Response:
        """Draft a registration from it; `deal` names the draft."""
        return self._step(actions.convert_lead)
