"""The exchange by HTTP: post documents, collect those that go out, confirm them."""

from typing import ClassVar, cast

from django.db.models import BigIntegerField, Case, F, QuerySet, When
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import actor_of
from api.edi_formats import EDIFACTRenderer, LenientNegotiation, RawParser, X12Renderer, XMLRenderer
from api.edi_shapes import FindingSerializer, OutboundSerializer, ReceivedSerializer, acknowledgement_of
from api.errors import problem
from api.idempotency import IdempotentMixin
from api.pagination import Cursor
from api.scoping import ScopedViewSet
from api.throttles import InboundThrottle
from edi.acknowledging import content_type_of
from edi.actions import collect, confirm
from edi.exchange import MAX_BYTES, Receipt, receive
from edi.models import Interchange
from edi.models.interchange import InterchangeQuerySet
from partners.actors import Actor

UNCOLLECTED_FIRST = 10**15  # lifts what nobody collected yet above everything else; newest first within both


def _with_everything(receipt: Receipt, actor: Actor) -> list[Interchange]:
    """The interchanges of a receipt in their order, with all that the answer tells, in a fixed number of queries."""
    wanted = [row.pk for row in receipt.interchanges]
    rows = Interchange.objects.visible_to(actor).prefetch_related(
        "messages__order", "messages__findings", "findings", "answered_by__transmission"
    )
    found = rows.in_bulk(wanted)
    return [found[pk] for pk in wanted]


class InboundView(IdempotentMixin, APIView):
    """Post EDIFACT, X12 or UBL. The same bytes posted again change nothing and give the same answer."""

    capability = "edi.send"
    parser_classes = [RawParser]
    renderer_classes = [JSONRenderer, EDIFACTRenderer, X12Renderer, XMLRenderer]
    content_negotiation_class = LenientNegotiation
    throttle_classes = [InboundThrottle]

    @extend_schema(
        operation_id="edi_inbound",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={
            200: OpenApiResponse(ReceivedSerializer, description="Received before; nothing was done."),
            201: OpenApiResponse(ReceivedSerializer, description="Taken in, at least in part."),
            413: OpenApiResponse(description="Larger than 20 MB."),
            422: OpenApiResponse(ReceivedSerializer, description="Refused whole; the findings say why."),
        },
    )
    def post(self, request: Request) -> Response | HttpResponse:
        """Take in a file; answer with its interchanges, findings and acknowledgement."""
        if refused := _refused_form(request):
            return refused
        actor = cast(Actor, actor_of(request))  # HasActor let nobody else in
        receipt = receive(actor=actor, data=request.body, content_type=request.content_type or "")
        rows = _with_everything(receipt, actor)
        repeated = receipt.repeated >= {row.pk for row in rows}
        status = 422 if receipt.refused else 200 if repeated else 201
        if not isinstance(request.accepted_renderer, EDIFACTRenderer):
            context = {"repeated": receipt.repeated, "request": request}
            return Response(ReceivedSerializer({"interchanges": rows}, context=context).data, status=status)
        return _bare(rows, status)


def _refused_form(request: Request) -> Response | None:
    """413 before the body is read where its length is stated, 415 for a form."""
    too_large = _("A document may have 20 MB at most. Nothing was kept; split it into several interchanges.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return problem(413, "too_large", too_large)
    if (request.content_type or "").startswith("multipart/"):
        return problem(415, "not_a_form", _("Send the file itself as the body, not a form (curl --data-binary @file)."))
    return problem(413, "too_large", too_large) if len(request.body) > MAX_BYTES else None


def _bare(rows: list[Interchange], status: int) -> Response | HttpResponse:
    """The acknowledgements alone, one after the other, with the media type of their standard."""
    answers = [answer for row in rows if (answer := acknowledgement_of(row))]
    if not answers:
        findings = [finding for row in rows for finding in row.findings.all()]
        if status < 400:
            return HttpResponse(status=204)
        detail = findings[0].text if findings else _("Nothing could be read.")
        return problem(status, "unreadable", detail, findings=FindingSerializer(findings, many=True).data)
    kind = content_type_of(answers[0].standard)
    joined = b"".join(answer.raw for answer in answers if answer.standard == answers[0].standard)
    return HttpResponse(joined, status=status, content_type=kind)


class OutboundCursor(Cursor):
    """What nobody collected yet comes first, the newest first within both."""

    ordering = "-rank"


@extend_schema(
    parameters=[
        OpenApiParameter("delivery", str, enum=[*Interchange.Delivery.values], description="Only in this state."),
        OpenApiParameter("acknowledgements", bool, description="With acknowledgements, which were answered at once."),
    ]
)
class OutboundViewSet(ScopedViewSet):
    """Documents that go out: list them, fetch their bytes, confirm that they are held safely."""

    model = Interchange
    capability: ClassVar[str | None] = "edi.send"
    serializer_class = OutboundSerializer
    pagination_class = OutboundCursor
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet:
        """What goes out to the acting organisation itself."""
        rows = cast(InterchangeQuerySet, super().get_queryset())
        if getattr(self, "swagger_fake_view", False):
            return rows
        pending = When(delivery=Interchange.Delivery.PENDING, then=F("pk") + UNCOLLECTED_FIRST)
        rank = Case(pending, default=F("pk"), output_field=BigIntegerField())
        rows = rows.outbound_of(self.actor.organisation.pk).annotate(rank=rank)
        return rows.select_related("counterpart").prefetch_related("messages")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The list narrows to one state of delivery, and leaves acknowledgements out unless asked for."""
        queryset = super().filter_queryset(queryset)
        if self.action != "list":
            return queryset
        wanted = self.request.query_params
        if delivery := wanted.get("delivery"):
            queryset = queryset.filter(delivery=delivery)
        if wanted.get("acknowledgements", "").lower() not in {"1", "true"}:
            queryset = queryset.exclude(content=Interchange.Content.ACKNOWLEDGEMENT)
        return queryset

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], content_negotiation_class=LenientNegotiation)
    def content(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The document itself, byte for byte; fetching it marks it as collected."""
        row = collect(actor=self.actor, interchange=self.get_object())
        response = HttpResponse(row.raw, content_type=content_type_of(row.standard))
        response["ETag"] = f'"{row.sha256}"'
        response["Content-Disposition"] = f'attachment; filename="{row.pk}.{row.standard}"'
        return response

    @extend_schema(request=None, responses=OutboundSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str | None = None) -> Response:
        """Say that the document is held safely; it is not offered again. Repeating this changes nothing."""
        return self.shown(confirm(actor=self.actor, interchange=self.get_object()))
