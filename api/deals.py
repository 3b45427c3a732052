"""Deals and end customers: register, decide, look up. The same rules as on the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from core.numbers import is_valid_number
from deals import actions, identity
from deals.actions import LineInput
from deals.actions.drafting import FIELDS
from deals.actions.submitting import PREFIX
from deals.fields import RETURNABLE
from deals.models import Deal, DealLine, EndCustomer
from partners.models import Partnership

Product = DealLine._meta.get_field("product").related_model


class OwnRow(serializers.PrimaryKeyRelatedField):
    """A row by its id; whose the actor may not see is as good as missing."""

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self.model = model
        super().__init__(queryset=model.objects.none(), **kwargs)

    def get_queryset(self) -> QuerySet:
        """Only what the actor may see."""
        return self.model.objects.visible_to(self.context["request"].auth)


class CustomerSerializer(serializers.ModelSerializer):
    """An end customer of one's own."""

    class Meta:
        model = EndCustomer
        fields = ["id", "name", "country", "vat", "city", "postcode", "domain", "created"]
        read_only_fields = ["id", "created"]


class DealLineSerializer(serializers.ModelSerializer):
    """One product of a deal: `product` of the catalogue, or `product_text` alone. Prices are per unit, before tax."""

    product = OwnRow(Product, required=False, allow_null=True)
    product_text = serializers.CharField(max_length=200, required=False, allow_blank=True)

    class Meta:
        model = DealLine
        fields = [
            "product",
            "product_text",
            "sku",
            "product_line",
            "quantity",
            "unit",
            "list_price",
            "asked_price",
            "approved_price",
        ]
        read_only_fields = ["sku", "product_line", "unit", "list_price", "approved_price"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A line names something."""
        if attrs.get("product") is None and not attrs.get("product_text", "").strip():
            raise serializers.ValidationError({"product_text": _("Name the product.")})
        return attrs


class DealSerializer(serializers.ModelSerializer):
    """A registration as both sides see it. Identifiers of companies are those of the organisations resource."""

    partnership = OwnRow(Partnership)
    customer = OwnRow(EndCustomer, required=False, allow_null=True, help_text=_("Yours; null for the vendor."))
    lines = DealLineSerializer(many=True, required=False)
    version = serializers.IntegerField(read_only=True)

    class Meta:
        model = Deal
        fields = [
            "id",
            "number",
            "state",
            "partnership",
            "vendor",
            "partner",
            *FIELDS,
            "probability",
            "lines",
            "submitted_at",
            "returned_fields",
            "returned_reason",
            "protected_from",
            "protected_until",
            "closure_code",
            "closure_note",
            "receipt_sha256",
            "created",
            "version",
        ]
        read_only_fields = [
            "number",
            "state",
            "vendor",
            "partner",
            "probability",
            "submitted_at",
            "returned_fields",
            "returned_reason",
            "protected_from",
            "protected_until",
            "closure_code",
            "closure_note",
            "receipt_sha256",
            "created",
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The VAT number is checked by the rule of its country, as on the page."""
        country = attrs.get("customer_country") or (self.instance.customer_country if self.instance else "IT")
        if attrs.get("customer_vat"):
            try:
                attrs["customer_vat"] = identity.vat_number(country, attrs["customer_vat"])
            except ValueError as error:
                sentence = _("That is no VAT number of this country. Check the digits.")
                raise serializers.ValidationError({"customer_vat": sentence}) from error
        return attrs

    def to_representation(self, instance: Deal) -> dict[str, Any]:
        """What belongs to the partner alone is empty for the vendor."""
        shown = super().to_representation(instance)
        if self.context["request"].auth.organisation.pk != instance.partner_id:
            shown["customer"], shown["receipt_sha256"] = None, ""
        return shown


class SubmitSerializer(serializers.Serializer):
    """Submitting says that the terms of registration are accepted."""

    terms = serializers.BooleanField()


class ReturnSerializer(serializers.Serializer):
    """Which parts the partner has to correct, and why."""

    fields_asked = serializers.MultipleChoiceField(choices=list(RETURNABLE))
    reason = serializers.CharField(max_length=2000)


class RejectSerializer(serializers.Serializer):
    """Why a registration is refused."""

    reason = serializers.ChoiceField(choices=Deal.Reason.choices)
    note = serializers.CharField(max_length=2000)


class NoteSerializer(serializers.Serializer):
    """A note that goes with the step."""

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NothingSerializer(serializers.Serializer):
    """The step asks for nothing."""


def _lines_of(values: dict[str, Any]) -> list[LineInput] | None:
    lines = values.pop("lines", None)
    if lines is None:
        return None
    known = ("product", "product_text", "quantity", "asked_price")
    return [LineInput(**{name: line[name] for name in known if name in line}) for line in lines]


NUMBERED = [OpenApiParameter("number", str, description="Only the deal with this number."),
            OpenApiParameter("state", str, description="Only deals in this state.")]  # fmt: skip


class DealViewSet(ScopedViewSet):
    """Registrations of deals: drafts of one's own, and what was submitted to one."""

    model = Deal
    serializer_class = DealSerializer
    capability = "deals.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?number=` and `?state=`."""
        rows = super().get_queryset().prefetch_related("lines").select_related("partnership")
        if number := self.request.query_params.get("number"):
            rows = rows.filter(number=number) if is_valid_number(number, PREFIX) else rows.none()
        if state := self.request.query_params.get("state"):
            rows = rows.filter(state=state)
        return rows

    @extend_schema(parameters=NUMBERED)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The deals that the organisation is a party to, newest first."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """A new draft, seen by one's own organisation alone."""
        values = self._valid(DealSerializer)
        deal = actions.save_draft(
            actor=self.actor, partnership=values.pop("partnership"), lines=_lines_of(values), fields=values
        )
        return self.shown(deal, 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a draft. Lines, where given, replace all lines."""
        deal = self.get_object()
        values = self._valid(DealSerializer, deal, partial=True)
        partnership = values.pop("partnership", deal.partnership)
        lines = _lines_of(values)
        return self.shown(
            actions.save_draft(actor=self.actor, partnership=partnership, deal=deal, lines=lines, fields=values)
        )

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Throw a draft away."""
        actions.delete_draft(actor=self.actor, deal=self.get_object())
        return Response(status=204)

    def _valid(self, shape: Any, row: Deal | None = None, partial: bool = False) -> dict[str, Any]:
        form = shape(row, data=self.request.data, partial=partial, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def _step(self, run: Callable[..., Deal], shape: Any = NothingSerializer) -> Response:
        deal = self.get_object()
        return self.shown(run(actor=self.actor, deal=deal, **self._valid(shape)))

    @extend_schema(request=SubmitSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """Submit a draft to the vendor."""
        return self._step(actions.submit_deal, SubmitSerializer)

    @extend_schema(request=DealSerializer(partial=True), responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def resubmit(self, request: Request, pk: str | None = None) -> Response:
        """Send a returned deal back; only the parts that were asked for are taken over."""
        deal = self.get_object()
        values = self._valid(DealSerializer, deal, partial=True)
        values.pop("partnership", None)
        lines = _lines_of(values)
        return self.shown(actions.resubmit_deal(actor=self.actor, deal=deal, lines=lines, fields=values))

    @extend_schema(request=None, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str | None = None) -> Response:
        """Take a submitted deal for review."""
        return self._step(actions.take_deal)

    @extend_schema(request=ReturnSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_(self, request: Request, pk: str | None = None) -> Response:
        """Return a deal for correction."""
        deal = self.get_object()
        said = self._valid(ReturnSerializer)
        asked = [name for name in RETURNABLE if name in said["fields_asked"]]
        return self.shown(actions.return_deal(actor=self.actor, deal=deal, fields=asked, reason=said["reason"]))

    @extend_schema(request=NoteSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """Approve a deal and protect it."""
        return self._step(actions.approve_deal, NoteSerializer)

    @extend_schema(request=RejectSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str | None = None) -> Response:
        """Reject a deal with a reason."""
        return self._step(actions.reject_deal, RejectSerializer)

    @extend_schema(request=NoteSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Withdraw one's own deal."""
        return self._step(actions.withdraw_deal, NoteSerializer)


class CustomerViewSet(ScopedViewSet):
    """One's own end customers."""

    model = EndCustomer
    serializer_class = CustomerSerializer
    capability = "deals.view"

    def _valid(self, partial: bool = False) -> dict[str, Any]:
        form = CustomerSerializer(data=self.request.data, partial=partial, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def create(self, request: Request) -> Response:
        """Add an end customer."""
        return self.shown(actions.save_customer(actor=self.actor, fields=self._valid()), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change an end customer."""
        customer = self.get_object()
        return self.shown(actions.save_customer(actor=self.actor, fields=self._valid(True), customer=customer))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Delete an end customer that no deal uses."""
        actions.delete_customer(actor=self.actor, customer=self.get_object())
        return Response(status=204)
