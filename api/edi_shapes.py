"""How the exchange is told in JSON: interchanges, messages, findings, acknowledgements, documents to collect."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from edi.acknowledging import content_type_of
from edi.models import Interchange, Message, RecordedFinding


class FindingSerializer(serializers.ModelSerializer):
    """One finding, with its place in the file."""

    message = serializers.CharField(source="text")

    class Meta:
        model = RecordedFinding
        fields = ["severity", "code", "message", "value", "syntax_error", "place"]


class OrderMadeSerializer(serializers.Serializer):
    """The order that a message became."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    state = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, order: Any) -> str:
        """Its page."""
        return reverse("orders:detail", args=[order.pk])


class MessageSerializer(serializers.ModelSerializer):
    """One message and what became of it."""

    order = OrderMadeSerializer(allow_null=True)
    findings = FindingSerializer(many=True)

    class Meta:
        model = Message
        fields = ["reference", "kind", "version", "document_number", "order_number", "state", "order", "findings"]


class AcknowledgementSerializer(serializers.Serializer):
    """CONTRL, 997 or ApplicationResponse."""

    id = serializers.IntegerField(source="pk")
    content_type = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    def get_content_type(self, row: Interchange) -> str:
        """Its media type."""
        return content_type_of(row.standard)

    def get_text(self, row: Interchange) -> str:
        """The document itself; bytes outside UTF-8 are read as ISO 8859-1."""
        return text_of(row.raw)


class InterchangeSerializer(serializers.ModelSerializer):
    """One interchange that came in."""

    state = serializers.CharField(source="validation")
    duplicate = serializers.SerializerMethodField()
    messages = MessageSerializer(many=True)
    findings = serializers.SerializerMethodField()
    acknowledgement = serializers.SerializerMethodField()

    class Meta:
        model = Interchange
        fields = [
            "id",
            "standard",
            "version",
            "control_number",
            "test",
            "state",
            "duplicate",
            "messages",
            "findings",
            "acknowledgement",
        ]

    def get_duplicate(self, row: Interchange) -> bool:
        """Whether the same bytes had come before."""
        return row.pk in self.context.get("repeated", ())

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, row: Interchange) -> Any:
        """Findings of the envelope; those of a message stand with it."""
        own = [finding for finding in row.findings.all() if finding.message_id is None]
        return FindingSerializer(own, many=True).data

    @extend_schema_field(AcknowledgementSerializer(allow_null=True))
    def get_acknowledgement(self, row: Interchange) -> Any:
        """What its sender gets back, where its standard has something."""
        answer = acknowledgement_of(row)
        return AcknowledgementSerializer(answer).data if answer else None


class ReceivedSerializer(serializers.Serializer):
    """The answer to a posted file."""

    interchanges = InterchangeSerializer(many=True)


def text_of(raw: bytes) -> str:
    """Bytes as text, never failing."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def acknowledgement_of(row: Interchange) -> Interchange | None:
    """The acknowledgement that was written for an inbound interchange."""
    return next(iter(row.answered_by.all()), None)


class OutboundSerializer(serializers.ModelSerializer):
    """A document for the systems of the acting organisation."""

    sender = serializers.CharField(source="counterpart.name", default="")
    content_type = serializers.SerializerMethodField()
    content_url = serializers.SerializerMethodField()
    orders = serializers.SerializerMethodField()
    size = serializers.IntegerField(source="end")

    class Meta:
        model = Interchange
        fields = [
            "id",
            "standard",
            "kinds",
            "control_number",
            "sender",
            "orders",
            "delivery",
            "acknowledgement",
            "acknowledge_by",
            "created",
            "delivered_at",
            "confirmed_at",
            "size",
            "sha256",
            "content_type",
            "content_url",
        ]

    def get_content_type(self, row: Interchange) -> str:
        """Its media type."""
        return content_type_of(row.standard)

    def get_content_url(self, row: Interchange) -> str:
        """Where its bytes are fetched."""
        return reverse("api:edi-outbound-content", args=[row.pk])

    def get_orders(self, row: Interchange) -> list[str]:
        """The numbers of the orders that it is about."""
        return list(dict.fromkeys(each.order_number for each in row.messages.all() if each.order_number))
