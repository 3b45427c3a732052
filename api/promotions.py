"""Promotions: a vendor's own to run, and those that vendors offer. The same rules as on the pages."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from orders.models import Product
from partners.access import require
from partners.models import Organisation, Partnership, Tier
from promotions import actions
from promotions.models import Promotion, PromotionCode, Redemption
from promotions.permissions import may_run
from promotions.presenting import terms_of

STATE = OpenApiParameter("state", str, description="Only those in this state.")
SIDE = OpenApiParameter("side", str, enum=["own", "offered"], description="One's own, or those of vendors.")


def _plain(value: Decimal) -> str:
    """A number without trailing zeros, as people would have typed it."""
    return format(value.normalize(), "f")


class PromotionSerializer(serializers.ModelSerializer):
    """What everybody who sees a promotion may know of it. `terms` are sentences in the reader's language; `code` is
    the one code for everybody, where there is one."""

    terms = serializers.SerializerMethodField()
    code = serializers.SerializerMethodField()

    class Meta:
        model = Promotion
        fields = [
            "id", "number", "name", "sentence", "vendor", "state", "start", "until", "currency", "kind", "value",
            "breaks", "buy", "get", "reward", "products", "product_lines", "min_quantity", "min_value", "needs_deal",
            "codes_kind", "stacking", "group", "priority", "terms", "code", "version",
        ]  # fmt: skip

    def get_terms(self, row: Promotion) -> list[str]:
        """How it works, in sentences."""
        return terms_of(row)

    def get_code(self, row: Promotion) -> str:
        """The one code, or nothing."""
        return next((code.text for code in row.codes.all() if not code.single), "")


class OwnPromotionSerializer(PromotionSerializer):
    """A promotion for its vendor: also who gets it, its limits and what is used of them. For others those are null."""

    limits = serializers.SerializerMethodField()

    class Meta(PromotionSerializer.Meta):
        fields = [*PromotionSerializer.Meta.fields, "limits"]

    def get_limits(self, row: Promotion) -> dict[str, Any] | None:
        """Budget, uses and audience, for the vendor alone."""
        if row.vendor_id != self.context["request"].auth.organisation.pk:
            return None
        return {
            "tiers": [tier.pk for tier in row.tiers.all()],
            "partnerships": [edge.pk for edge in row.partnerships.all()],
            "countries": row.countries,
            "budget": None if row.budget is None else f"{row.budget:f}",
            "spent": f"{row.spent:f}",
            "max_uses": row.max_uses,
            "max_uses_each": row.max_uses_each,
            "used": row.used,
            "shares": [[share.organisation_id, f"{share.percent:f}"] for share in row.shares.all()],
        }


class ShareInput(serializers.Serializer):
    """What another organisation pays."""

    organisation = OwnRow(Organisation)
    percent = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100)


class BreakInput(serializers.Serializer):
    """From so many units, so many percent."""

    start = serializers.DecimalField(max_digits=12, decimal_places=3)
    percent = serializers.DecimalField(max_digits=5, decimal_places=2)


class PromotionInput(serializers.ModelSerializer):
    """A promotion to be written; once it was started, only `sentence`, `until`, `budget` and the limits may change."""

    breaks = BreakInput(many=True, required=False)
    reward = OwnRow(Product, required=False, allow_null=True)
    products = OwnRow(Product, many=True, required=False)
    product_lines = serializers.ListField(child=serializers.CharField(max_length=80), max_length=200, required=False)
    tiers = OwnRow(Tier, many=True, required=False)
    partnerships = OwnRow(Partnership, many=True, required=False)
    countries = serializers.ListField(child=serializers.RegexField("^[A-Z]{2}$"), max_length=250, required=False)
    shares = ShareInput(many=True, required=False)
    code = serializers.CharField(max_length=40, required=False)

    class Meta:
        model = Promotion
        fields = [
            *(name for name in actions.FIELDS if name != "territories"), *actions.LINKS, "countries", "shares", "code",
        ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        """By what the action calls it."""
        data = dict(self.validated_data)
        if "countries" in data:
            data["territories"] = " ".join(data.pop("countries"))
        if "breaks" in data:
            data["breaks"] = [[_plain(step["start"]), _plain(step["percent"])] for step in data["breaks"]]
        if "shares" in data:
            data["shares"] = [(share["organisation"], share["percent"]) for share in data["shares"]]
        return data


class CountInput(serializers.Serializer):
    """How many codes."""

    count = serializers.IntegerField(min_value=1, max_value=5000)


class CodeSerializer(serializers.ModelSerializer):
    """A code for one order, and the order that took it."""

    class Meta:
        model = PromotionCode
        fields = ["text", "order", "taken_at"]


class RedemptionSerializer(serializers.ModelSerializer):
    """One promotion on one line of an order: `amount` is what it costs."""

    order_number = serializers.CharField(source="order.number")

    class Meta:
        model = Redemption
        fields = [
            "id", "promotion", "partner", "order", "order_number", "position", "line_number", "product", "units",
            "given", "price_before", "price_after", "amount", "currency", "state", "created",
        ]  # fmt: skip


class PromotionViewSet(ScopedViewSet):
    """One's own promotions and those that one may use or pays a share of."""

    model = Promotion
    serializer_class = OwnPromotionSerializer
    capability = "promotions.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=` and `?side=`."""
        linked = ("products", "codes", "tiers", "partnerships", "shares")
        rows = super().get_queryset().select_related("reward").prefetch_related(*linked)
        query = self.request.query_params if not getattr(self, "swagger_fake_view", False) else {}
        if query.get("state"):
            rows = rows.filter(state=query["state"])
        if query.get("side") == "own":
            return rows.filter(vendor=self.actor.organisation)
        return rows.exclude(vendor=self.actor.organisation) if query.get("side") == "offered" else rows

    @extend_schema(parameters=[STATE, SIDE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Promotions, the newest first."""
        return super().list(request, *args, **kwargs)

    def _said(self, shape: type[serializers.BaseSerializer], **options: Any) -> Any:
        form = shape(data=self.request.data, context=self.get_serializer_context(), **options)
        form.is_valid(raise_exception=True)
        return form

    @extend_schema(request=PromotionInput, responses={201: OwnPromotionSerializer})
    def create(self, request: Request) -> Response:
        """Write a promotion; it is a draft until it is started."""
        fields = self._said(PromotionInput).values()
        return self.shown(actions.save_promotion(actor=self.actor, fields=fields), 201)

    @extend_schema(request=PromotionInput, responses=OwnPromotionSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a draft, or the limits of one that runs."""
        promotion = self.get_object()
        fields = self._said(PromotionInput, partial=True).values()
        return self.shown(actions.save_promotion(actor=self.actor, fields=fields, promotion=promotion))

    @extend_schema(request=None, responses=OwnPromotionSerializer)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str | None = None) -> Response:
        """Start it; the partners that may use it are told."""
        return self.shown(actions.activate(actor=self.actor, promotion=self.get_object()))

    @extend_schema(request=None, responses=OwnPromotionSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str | None = None) -> Response:
        """Give it to no new order for now."""
        return self.shown(actions.pause(actor=self.actor, promotion=self.get_object()))

    @extend_schema(request=None, responses=OwnPromotionSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Give it again."""
        return self.shown(actions.resume(actor=self.actor, promotion=self.get_object()))

    @extend_schema(request=None, responses=OwnPromotionSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """End it; what orders have stays."""
        return self.shown(actions.end(actor=self.actor, promotion=self.get_object()))

    @extend_schema(request=None, responses=OwnPromotionSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Take it back, as long as no order uses it."""
        return self.shown(actions.cancel(actor=self.actor, promotion=self.get_object()))

    @extend_schema(request=CountInput, responses={201: CodeSerializer(many=True)})
    @action(detail=True, methods=["post"], url_path="codes")
    def make_codes(self, request: Request, pk: str | None = None) -> Response:
        """Make codes for one order each."""
        promotion, said = self.get_object(), self._said(CountInput).validated_data
        made = actions.make_codes(actor=self.actor, promotion=promotion, count=said["count"])
        return Response(CodeSerializer(made, many=True).data, status=201)

    @extend_schema(request=None, responses=CodeSerializer(many=True))
    @make_codes.mapping.get
    def list_codes(self, request: Request, pk: str | None = None) -> Response:
        """The codes for one order each; for the vendor alone."""
        promotion = self.get_object()
        require(may_run(self.actor, promotion))
        page = self.paginate_queryset(promotion.codes.filter(single=True).order_by("pk"))
        return self.get_paginated_response(CodeSerializer(page, many=True).data)

    @extend_schema(request=None, responses=RedemptionSerializer(many=True))
    @action(detail=True, methods=["get"])
    def redemptions(self, request: Request, pk: str | None = None) -> Response:
        """The order lines that use it: all for the vendor, one's own for a partner."""
        rows = Redemption.objects.visible_to(self.actor).filter(promotion=self.get_object())
        page = self.paginate_queryset(rows.select_related("order").order_by("-pk"))
        return self.get_paginated_response(RedemptionSerializer(page, many=True).data)
