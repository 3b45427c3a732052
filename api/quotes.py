"""Quotes: asked for by a partner, offered by a vendor, accepted into an order. The same actions as the pages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from deals.models import Deal
from orders import actions
from orders.explaining import codes_of
from orders.models import Product, Quote, QuoteLine
from orders.quote_paper import pdf_answer
from orders.quoting import MAX_LINES, QuoteContent, QuoteLineInput, content_of
from partners.models import Partnership

EXACT: dict[str, Any] = {"max_digits": None, "decimal_places": None, "coerce_to_string": True}


class QuoteLineSerializer(serializers.ModelSerializer):
    """A line with its price; `pricing.steps` says how it came about."""

    sku = serializers.CharField(source="product.sku")
    quantity = serializers.DecimalField(**EXACT)
    unit_price = serializers.DecimalField(**EXACT)
    choices = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = QuoteLine
        fields = [
            "position",
            "product",
            "sku",
            "choices",
            "quantity",
            "unit_price",
            "discount_percent",
            "discount_reason",
            "amount",
            "pricing",
            "note",
        ]


class QuoteSerializer(serializers.ModelSerializer):
    """One version of a quote. `asks`: the partner asks for an offer; `order`: what it became."""

    codes = serializers.ListField(child=serializers.CharField(), read_only=True)
    deal = serializers.CharField(source="deal.number", read_only=True, default=None, help_text="The deal's number.")
    order = serializers.SerializerMethodField()

    class Meta:
        model = Quote
        fields = [
            "id",
            "number",
            "revision",
            "asks",
            "state",
            "vendor",
            "partner",
            "partnership",
            "title",
            "note",
            "currency",
            "total",
            "valid_until",
            "codes",
            "deal",
            "reason",
            "order",
            "created",
            "sent_at",
            "decided_at",
            "version",
        ]
        read_only_fields = fields

    def get_order(self, quote: Quote) -> int | None:
        """The order's id, for who may see it: a draft is its buyer's alone."""
        order = quote.order
        mine = order is not None and self.context["request"].auth.organisation.pk in order.party_ids()
        return order.pk if order is not None and mine else None


class WholeQuoteSerializer(QuoteSerializer):
    """A quote with its lines, and why a code that it names does not apply."""

    lines = QuoteLineSerializer(many=True, read_only=True)
    refusals = serializers.ListField(child=serializers.DictField(child=serializers.CharField()), read_only=True)

    class Meta(QuoteSerializer.Meta):
        fields = [*QuoteSerializer.Meta.fields, "refusals", "lines"]
        read_only_fields = fields


class QuoteLineInputSerializer(serializers.Serializer):
    """A line as it is wanted. `choices` are codes of the product's options; what is left out is the usual choice."""

    product = OwnRow(Product)
    quantity = serializers.DecimalField(max_digits=15, decimal_places=3, min_value=Decimal("0.001"))
    choices = serializers.ListField(child=serializers.CharField(max_length=30), max_length=50, default=list)
    discount_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100), default=Decimal(0)
    )
    discount_reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class QuoteLinesSerializer(serializers.Serializer):
    """The lines of a draft."""

    lines = serializers.ListField(child=QuoteLineInputSerializer(), min_length=1, max_length=MAX_LINES)


class QuoteInputSerializer(QuoteLinesSerializer):
    """What a draft says."""

    title = serializers.CharField(max_length=120)
    valid_until = serializers.DateField()
    note = serializers.CharField(max_length=4000, allow_blank=True, default="")
    codes = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, default=list)
    deal = serializers.CharField(max_length=40, allow_null=True, default=None, help_text="The number of a deal.")


class NewQuoteSerializer(QuoteInputSerializer):
    """A draft, and over which partnership."""

    partnership = OwnRow(Partnership)


class QuoteNoteSerializer(serializers.Serializer):
    """What the other side, or the author, is told."""

    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class AcceptQuoteSerializer(serializers.Serializer):
    """The order that it becomes: under which number of the buyer, and whether it is sent at once."""

    number = serializers.CharField(max_length=70, allow_blank=True, default="")
    send = serializers.BooleanField(default=False)


def _inputs(lines: Iterable[dict[str, Any]]) -> list[QuoteLineInput]:
    return [QuoteLineInput(**{**line, "choices": tuple(line["choices"])}) for line in lines]


class QuoteViewSet(ScopedViewSet):
    """Quotes of the organisation, the newest first; a draft is its author's side alone."""

    model = Quote
    serializer_class = WholeQuoteSerializer
    capability = "orders.view"

    def get_queryset(self) -> QuerySet:
        """With the lines for a single one; `?state=` and `?number=` narrow the list."""
        rows = super().get_queryset().select_related("deal", "order")
        if self.action != "list":
            return rows.prefetch_related("lines__product")
        query = self.request.query_params
        return rows.filter(**{name: query[name] for name in ("state", "number") if query.get(name)})

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        """Without the lines in the list."""
        return QuoteSerializer if self.action == "list" else WholeQuoteSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, enum=Quote.State.values, description="Only in this state."),
            OpenApiParameter("number", str, description="All versions of this number."),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Each version is a quote of its own."""
        return super().list(request, *args, **kwargs)

    def _content(self, said: dict[str, Any]) -> QuoteContent:
        deals = Deal.objects.visible_to(self.actor)
        deal = get_object_or_404(deals, number=said["deal"]) if said["deal"] else None
        lines = _inputs(said["lines"])
        codes = codes_of(("promotion", code) for code in said["codes"])
        return QuoteContent(said["title"], said["valid_until"], lines, said["note"], codes, deal)

    @extend_schema(summary="Write a quote", request=NewQuoteSerializer, responses={201: WholeQuoteSerializer})
    def create(self, request: Request) -> Response:
        """A draft with its prices: a request on the partner's side, an offer on the vendor's."""
        said = self.said(NewQuoteSerializer)
        content = self._content(said)
        return self.shown(actions.save_quote(actor=self.actor, content=content, partnership=said["partnership"]), 201)

    @extend_schema(summary="Change a draft", request=QuoteInputSerializer, responses=WholeQuoteSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Say again what a draft says; what is left out stays."""
        quote = self.get_object()
        said = self.said(QuoteInputSerializer, partial=True)
        known = content_of(quote)
        if "lines" in said:
            said["lines"] = _inputs(self.said(QuoteLinesSerializer)["lines"])  # each line is whole, or none is
        if said.get("deal"):
            said["deal"] = get_object_or_404(Deal.objects.visible_to(self.actor), number=said["deal"])
        if "codes" in said:
            said["codes"] = codes_of(("promotion", code) for code in said["codes"])
        names = ("title", "valid_until", "lines", "note", "codes", "deal")
        content = QuoteContent(**{name: said.get(name, getattr(known, name)) for name in names})
        return self.shown(actions.save_quote(actor=self.actor, content=content, quote=quote))

    @extend_schema(
        summary="The PDF of a quote",
        parameters=[OpenApiParameter("language", str, description="Of the portal's languages; else the reader's.")],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    @action(detail=True)
    def pdf(self, request: Request, pk: str | None = None) -> HttpResponseBase:
        """The document as a file."""
        return pdf_answer(self.get_object(), request.query_params.get("language", ""))

    @extend_schema(summary="Send a draft", request=None, responses=WholeQuoteSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str | None = None) -> Response:
        """To the other side; with a discount over the sender's limit, to approval (state `in_approval`)."""
        return self.shown(actions.send_quote(actor=self.actor, quote=self.get_object()))

    @extend_schema(summary="Approve the discounts", request=None, responses=WholeQuoteSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """By a second person; the quote is sent with it."""
        return self.shown(actions.approve_quote(actor=self.actor, quote=self.get_object()))

    @extend_schema(summary="Hand a quote back", request=QuoteNoteSerializer, responses=WholeQuoteSerializer)
    @action(detail=True, methods=["post"], url_path="hand-back")
    def hand_back(self, request: Request, pk: str | None = None) -> Response:
        """Refuse the discounts, with a note."""
        quote, note = self.get_object(), self.said(QuoteNoteSerializer)["note"]
        return self.shown(actions.hand_back_quote(actor=self.actor, quote=quote, note=note))

    @extend_schema(summary="Withdraw a quote", request=QuoteNoteSerializer, responses=WholeQuoteSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Take it back."""
        quote, note = self.get_object(), self.said(QuoteNoteSerializer)["note"]
        return self.shown(actions.withdraw_quote(actor=self.actor, quote=quote, reason=note))

    @extend_schema(summary="Decline a quote", request=QuoteNoteSerializer, responses=WholeQuoteSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str | None = None) -> Response:
        """Say no to it."""
        quote, note = self.get_object(), self.said(QuoteNoteSerializer)["note"]
        return self.shown(actions.decline_quote(actor=self.actor, quote=quote, reason=note))

    @extend_schema(summary="Make the next version", request=None, responses={201: WholeQuoteSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, pk: str | None = None) -> Response:
        """A draft that says the same; the version before stands until it is sent."""
        return self.shown(actions.revise_quote(actor=self.actor, quote=self.get_object()), 201)

    @extend_schema(summary="Accept an offer", request=AcceptQuoteSerializer, responses=WholeQuoteSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """It becomes an order with these prices: a draft, or sent at once."""
        quote, said = self.get_object(), self.said(AcceptQuoteSerializer)
        return self.shown(actions.accept_quote(actor=self.actor, quote=quote, **said))
