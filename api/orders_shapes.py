"""How orders look in JSON. Numbers are text, so that no digit is lost; dates are ISO 8601."""

from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders.actions import Answer
from orders.documents import LineAnswer, OrderDocument, OrderLineDocument, PartyDocument
from orders.models import Order, OrderFinding, OrderLine, OrderResponse, OrderResponseLine


class ExactNumber(serializers.DecimalField):
    """A decimal in plain notation with every digit it has."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=30, decimal_places=15, **options)

    def quantize(self, value: Decimal) -> Decimal:
        """Left as it was written."""
        return value

    def to_representation(self, value: Any) -> Any:
        """As text, without an exponent."""
        return None if value is None else format(Decimal(value), "f")


class CompanyReference(serializers.Serializer):
    """A company, in short."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class DealReference(serializers.Serializer):
    """The deal that an order belongs to."""

    id = serializers.IntegerField()
    number = serializers.CharField()


class OrderFindingSerializer(serializers.ModelSerializer):
    """Something that a person should look at; `line` is the position of the line it is about."""

    line = serializers.IntegerField(source="line.position", default=None, read_only=True)
    message = serializers.CharField(read_only=True)

    class Meta:
        model = OrderFinding
        fields = ["code", "severity", "line", "message", "data"]
        read_only_fields = fields


class OrderLineSerializer(serializers.ModelSerializer):
    """A line as it was ordered, the product it was recognised as, and the price the catalogue gives."""

    quantity = ExactNumber(read_only=True)
    unit_price = ExactNumber(read_only=True)
    price_base = ExactNumber(read_only=True)
    stated_amount = ExactNumber(read_only=True)
    expected_price = ExactNumber(read_only=True)
    product = serializers.IntegerField(source="product_id", read_only=True)

    class Meta:
        model = OrderLine
        fields = [
            "position",
            "number",
            "product",
            "matched_by",
            "gtin",
            "seller_sku",
            "buyer_sku",
            "description",
            "quantity",
            "unit",
            "unit_price",
            "price_base",
            "amount",
            "stated_amount",
            "expected_price",
            "delivery_date",
            "note",
        ]
        read_only_fields = fields


class ResponseLineSerializer(serializers.ModelSerializer):
    """What the seller says of one line."""

    quantity = ExactNumber(read_only=True)
    unit_price = ExactNumber(read_only=True)

    class Meta:
        model = OrderResponseLine
        fields = ["position", "answer", "quantity", "unit_price", "delivery_date", "reason"]
        read_only_fields = fields


class ResponseSerializer(serializers.ModelSerializer):
    """An answer of the seller; the last one holds."""

    lines = ResponseLineSerializer(many=True, read_only=True)

    class Meta:
        model = OrderResponse
        fields = ["id", "number", "order_version", "answer", "issued_on", "total", "note", "lines"]
        read_only_fields = fields


class OrderSerializer(serializers.ModelSerializer):
    """An order, in short."""

    buyer = CompanyReference(read_only=True)
    seller = CompanyReference(read_only=True)
    deal = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = [
            "id",
            "number",
            "seller_number",
            "buyer",
            "seller",
            "state",
            "kind",
            "source",
            "currency",
            "total",
            "issued_on",
            "delivery_date",
            "deal",
            "created",
            "received_at",
            "answered_at",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field(DealReference(allow_null=True))
    def get_deal(self, order: Order) -> dict[str, Any] | None:
        """The linked deal, for those who may see deals."""
        if order.deal is None or not self.context["request"].auth.can("deals.view"):
            return None
        return {"id": order.deal.pk, "number": order.deal.number}


class WholeOrderSerializer(OrderSerializer):
    """An order with its lines, parties, findings and answers."""

    lines = OrderLineSerializer(many=True, read_only=True)
    findings = OrderFindingSerializer(many=True, read_only=True)
    responses = ResponseSerializer(many=True, read_only=True)
    stated_total = ExactNumber(read_only=True)

    class Meta(OrderSerializer.Meta):
        fields = [
            *OrderSerializer.Meta.fields,
            "stated_total",
            "parties",
            "references",
            "notes",
            "terms",
            "lines",
            "findings",
            "responses",
        ]
        read_only_fields = fields


class AddressInput(serializers.Serializer):
    """Where to deliver or bill."""

    name = serializers.CharField(max_length=200, required=False, default="")
    street = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    city = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    postcode = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    country = serializers.CharField(max_length=2, required=False, default="", allow_blank=True)


class LineInput(serializers.Serializer):
    """One line; name the product by `gtin`, `seller_sku` or `buyer_sku`."""

    number = serializers.CharField(max_length=35, required=False, default="")
    gtin = serializers.CharField(max_length=14, required=False, default="", allow_blank=True)
    seller_sku = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    buyer_sku = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    description = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)
    quantity = ExactNumber(min_value=Decimal(0))
    unit = serializers.CharField(max_length=10, required=False, default="", allow_blank=True)
    unit_price = ExactNumber(required=False, allow_null=True, default=None)
    price_base = ExactNumber(required=False, default=Decimal(1), min_value=Decimal("0.000001"))
    delivery_date = serializers.DateField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class OrderInput(serializers.Serializer):
    """A new order of the acting organisation. `deal` is the number of a registered deal, `codes` are those of
    promotions; what does not apply is among the order's findings."""

    seller = serializers.IntegerField(help_text="The organisation that is ordered from.")
    number = serializers.CharField(max_length=70)
    currency = serializers.CharField(max_length=3, min_length=3, required=False, default="")
    issued_on = serializers.DateField(required=False, default=localdate)
    delivery_date = serializers.DateField(required=False, allow_null=True, default=None)
    deal = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    codes = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, required=False, default=list
    )
    ship_to = AddressInput(required=False, allow_null=True, default=None)
    bill_to = AddressInput(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    stated_total = ExactNumber(required=False, allow_null=True, default=None)
    lines = LineInput(many=True, allow_empty=False)

    def document(self, function: str = "original") -> OrderDocument:
        """The frozen document that the action takes."""
        data = dict(self.validated_data)
        lines = [{**line, "number": line["number"] or str(n)} for n, line in enumerate(data["lines"], 1)]
        deals = [("deal", data["deal"])] if data["deal"] else []
        return OrderDocument(
            number=data["number"],
            function=function,
            issued_on=data["issued_on"],
            currency=data["currency"].upper(),
            delivery_date=data["delivery_date"],
            references=(*deals, *(("promotion", code) for code in data["codes"])),
            notes=(data["note"],) if data["note"] else (),
            ship_to=PartyDocument(**data["ship_to"]) if data["ship_to"] else None,
            bill_to=PartyDocument(**data["bill_to"]) if data["bill_to"] else None,
            stated_total=data["stated_total"],
            lines=tuple(OrderLineDocument(**line) for line in lines),
        )


class AnswerInput(serializers.Serializer):
    """The answer to the line at `position`; what is left out is confirmed as ordered."""

    position = serializers.IntegerField(min_value=1)
    answer = serializers.ChoiceField(choices=[each.value for each in LineAnswer], default=LineAnswer.ACCEPTED.value)
    quantity = ExactNumber(required=False, allow_null=True, default=None, min_value=Decimal(0))
    unit_price = ExactNumber(required=False, allow_null=True, default=None)
    delivery_date = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class RespondInput(serializers.Serializer):
    """Lines without an answer are accepted as ordered."""

    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    lines = AnswerInput(many=True, required=False, default=list)

    def answers(self) -> list[Answer]:
        """What the action takes."""
        return [Answer(**{**line, "answer": LineAnswer(line["answer"])}) for line in self.validated_data["lines"]]


class CancelInput(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
