"""Deals and end customers: register, decide, look up. The same rules as on the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deal_steps import StepsMixin
from api.deal_sync import SYNCED, ChosenFieldsMixin, SyncMixin, lines_of
from api.scoping import ScopedViewSet
from core.numbers import is_valid_number
from deals import actions, identity, offers
from deals.actions import merging
from deals.actions.drafting import FIELDS
from deals.actions.submitting import PREFIX
from deals.fields import returnable
from deals.models import Deal, DealLine, EndCustomer, RegistrationType
from deals.particulars import PARTICULARS
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


class OfferedType(serializers.PrimaryKeyRelatedField):
    """A type of registration that one is offered, or one's own; any other is as good as missing: 404."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=RegistrationType.objects.none(), **kwargs)

    def get_queryset(self) -> QuerySet:
        """One's own and those offered."""
        actor = self.context["request"].auth
        return RegistrationType.objects.visible_to(actor) | offers.offered_to(actor)

    def to_internal_value(self, data: Any) -> RegistrationType:
        """The row, or 404."""
        if isinstance(data, bool) or not str(data).isdecimal() or len(str(data)) > 15:
            raise Http404
        return get_object_or_404(self.get_queryset(), pk=int(data))


class CustomerSerializer(serializers.ModelSerializer):
    """An end customer of one's own."""

    class Meta:
        model = EndCustomer
        fields = ["id", "name", "country", "vat", "city", "postcode", "domain", *PARTICULARS, "created"]
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


class DealSerializer(ChosenFieldsMixin, serializers.ModelSerializer):
    """A registration as both sides see it. Identifiers of companies are those of the organisations resource."""

    partnership = OwnRow(Partnership)
    type = OfferedType(
        required=False, help_text=_("One of the registration types; the vendor's default when left out.")
    )
    type_version = serializers.SlugRelatedField("number", read_only=True)  # type: ignore[var-annotated]
    values = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text=_("Of the type's own fields, by key. Only those named are changed; null empties one."),
    )
    customer = OwnRow(EndCustomer, required=False, allow_null=True, help_text=_("Yours; null for the vendor."))
    lines = DealLineSerializer(many=True, required=False)
    version = serializers.IntegerField(read_only=True)
    external_ids = serializers.SerializerMethodField(help_text=_("By which keys your own systems know it."))

    class Meta:
        model = Deal
        fields = [
            "id",
            "number",
            "state",
            "partnership",
            "vendor",
            "partner",
            "type",
            "type_version",
            *FIELDS,
            "is_tender",
            "source",
            "prepared_by_vendor",
            "held_by_vendor",
            "probability",
            "lines",
            "submitted_at",
            "returned_fields",
            "returned_reason",
            "protected_from",
            "protected_until",
            "granted_benefit",
            "granted_percent",
            "decided_rule",
            "closure_code",
            "closure_note",
            "receipt_sha256",
            "created",
            "updated_at",
            "version",
            "external_ids",
        ]
        read_only_fields = [
            "number",
            "state",
            "vendor",
            "partner",
            "source",
            "is_tender",
            "prepared_by_vendor",
            "held_by_vendor",
            "granted_benefit",
            "granted_percent",
            "decided_rule",
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
            "updated_at",
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
            shown |= {name: value for name, value in {"customer": None, "receipt_sha256": ""}.items() if name in shown}
        return shown

    def get_external_ids(self, deal: Deal) -> dict[str, str]:
        """{"salesforce": "0061x…"}: the reader's own, never the other side's."""
        return {each.system: each.value for each in getattr(deal, "own_external_ids", [])}


class SubmitSerializer(serializers.Serializer):
    """Submitting says that the terms of registration are accepted."""

    terms = serializers.BooleanField()


class ReturnSerializer(serializers.Serializer):
    """Which parts the partner has to correct, and why."""

    fields_asked = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=60,
        help_text=_("Such as amount, lines, customer; own_KEY and evidence_KEY of the deal's type."),
    )
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


class GoneSerializer(serializers.Serializer):
    """Which of one's own end customers is the same one."""

    gone = OwnRow(EndCustomer)


class MergeSerializer(serializers.Serializer):
    """A merge that can be undone: its id, and the name of the customer that went."""

    id = serializers.IntegerField()
    gone_name = serializers.CharField(source="data.gone_name")
    created = serializers.DateTimeField()


NUMBERED = [OpenApiParameter("number", str, description="Only the deal with this number."),
            OpenApiParameter("state", str, description="Only deals in this state.")]  # fmt: skip


class DealViewSet(SyncMixin, StepsMixin, ScopedViewSet):
    """Registrations of deals: drafts of one's own, and what was submitted to one."""

    model = Deal
    serializer_class = DealSerializer
    capability = "deals.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?number=` and `?state=`."""
        rows = super().get_queryset().prefetch_related("lines").select_related("partnership", "type_version")
        if number := self.request.query_params.get("number"):
            rows = rows.filter(number=number) if is_valid_number(number, PREFIX) else rows.none()
        if state := self.request.query_params.get("state"):
            rows = rows.filter(state=state)
        return rows if getattr(self, "swagger_fake_view", False) else self.with_own_ids(rows)

    @extend_schema(parameters=[*NUMBERED, *SYNCED])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The deals that the organisation is a party to, newest first; with `updated_since`, by their last change."""
        if request.query_params.get("updated_since"):
            return self.changes(request)
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """A new draft, seen by one's own organisation alone."""
        values = self.said(DealSerializer)
        type_, lines = values.pop("type", None), lines_of(values)
        deal = actions.save_draft(
            actor=self.actor, partnership=values.pop("partnership"), type_=type_, lines=lines, fields=values
        )
        return self.shown(deal, 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a draft. Lines, where given, replace all lines."""
        deal = self.get_object()
        values = self.said(DealSerializer, deal, partial=True)
        partnership = values.pop("partnership", deal.partnership)
        lines, type_ = lines_of(values), values.pop("type", None)
        return self.shown(
            actions.save_draft(
                actor=self.actor, partnership=partnership, deal=deal, type_=type_, lines=lines, fields=values
            )
        )

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Throw a draft away."""
        actions.delete_draft(actor=self.actor, deal=self.get_object())
        return Response(status=204)

    def _step(self, run: Callable[..., Deal], shape: Any = NothingSerializer) -> Response:
        deal = self.get_object()
        return self.shown(run(actor=self.actor, deal=deal, **self.said(shape)))

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
        values = self.said(DealSerializer, deal, partial=True)
        for name in ("partnership", "type"):
            values.pop(name, None)
        lines = lines_of(values)
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
        said = self.said(ReturnSerializer)
        if unknown := set(said["fields_asked"]) - set(returnable(deal)):
            sentence = _("This deal has no part “%(name)s”.") % {"name": min(unknown)}
            raise serializers.ValidationError({"fields_asked": sentence})
        asked = said["fields_asked"]
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

    @extend_schema(request=None, responses=DealSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over", url_name="hand-over")
    def hand_over(self, request: Request, pk: str | None = None) -> Response:
        """Give a draft that one prepared to its partner; it is the partner's alone from then on."""
        actions.hand_over_draft(actor=self.actor, deal=self.get_object())
        return Response(status=204)

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

    def create(self, request: Request) -> Response:
        """Add an end customer."""
        return self.shown(actions.save_customer(actor=self.actor, fields=self.said()), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change an end customer."""
        customer = self.get_object()
        return self.shown(actions.save_customer(actor=self.actor, fields=self.said(partial=True), customer=customer))

    @extend_schema(methods=["GET"], responses=MergeSerializer(many=True))
    @extend_schema(methods=["POST"], request=GoneSerializer, responses={201: MergeSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def merges(self, request: Request, pk: str | None = None) -> Response:
        """What was merged into this customer and can be undone; POST merges another one into it."""
        customer = self.get_object()
        if request.method == "GET":
            return Response(MergeSerializer(merging.merges_to_undo(self.actor, customer), many=True).data)
        gone = self.said(GoneSerializer)["gone"]
        entry = actions.merge_customers(actor=self.actor, keep=customer, gone=gone)
        return Response(MergeSerializer(entry).data, status=201)

    @extend_schema(request=None, responses=CustomerSerializer)
    @action(
        detail=True,
        methods=["post"],
        url_path=r"merges/(?P<entry_pk>[0-9]{1,18})/undo",
        url_name="merge-undo",
    )
    def undo_merge(self, request: Request, pk: str, entry_pk: str) -> Response:
        """Make two customers of one again; the answer is the one that had gone."""
        customer = self.get_object()
        entry = get_object_or_404(merging.merges_into(self.actor, customer), pk=entry_pk)
        return self.shown(actions.unmerge_customers(actor=self.actor, customer=customer, entry=entry))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Delete an end customer that no deal uses."""
        actions.delete_customer(actor=self.actor, customer=self.get_object())
        return Response(status=204)
