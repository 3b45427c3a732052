"""A CRM beside the portal: deals by its own keys, many at once, and what changed since."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from drf_spectacular.helpers import lazy_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.changes import changes_of, moment_of
from api.errors import handle
from api.scoping import PreconditionFailed, ScopedViewSet, etag_of
from core.models import TrailEntry
from deals import actions
from deals.actions import LineInput
from deals.models import Deal, ExternalId

MOST = 100
DEAL = lazy_serializer("api.deals.DealSerializer")  # that module is built of this one
SYNCED = [
    OpenApiParameter("updated_since", OpenApiTypes.DATETIME, description=(
        "Only what changed since, oldest change first. Follow `next` to its end; the next time ask from the "
        "`updated_at` of the last deal you got, less one minute: what comes twice has the same `version`.")),
    OpenApiParameter("external_id", str, description="Only the deal that your own system knows by this key."),
    OpenApiParameter("system", str, description="Of which of your systems the external id is."),
    OpenApiParameter("fields", str, description="Only these fields of each deal, separated by commas."),
]  # fmt: skip
EXAMPLE = {
    "partnership": 4,
    "title": "Pumping station upgrade",
    "customer_name": "Consorzio Adige S.p.A.",
    "customer_country": "IT",
    "amount": "184200.00",
    "currency": "EUR",
    "decision_date": "2027-01-15",
    "stage": "proposal",
    "lines": [{"product_text": "Vertical pump", "quantity": "6", "asked_price": "23064.00"}],
}


class ExternalIdSerializer(serializers.Serializer):
    """The key by which your own system knows a deal."""

    value = serializers.CharField(max_length=120)


class DeletedSerializer(serializers.ModelSerializer):
    """A draft that is gone."""

    id = serializers.IntegerField(source="target_id", read_only=True)
    deleted_at = serializers.DateTimeField(source="created", read_only=True)

    class Meta:
        model = TrailEntry
        fields = ["id", "deleted_at"]


class BatchItemSerializer(serializers.Serializer):
    """One deal by the key of one's own system; `deal` as in a PUT."""

    system = serializers.CharField(max_length=40)
    value = serializers.CharField(max_length=120)
    deal = serializers.DictField()


class BatchSerializer(serializers.Serializer):
    """At most a hundred deals."""

    items = BatchItemSerializer(many=True)


class BatchResultSerializer(serializers.Serializer):
    """What became of one item: `status` as of its own request, with `deal` and `etag`, or with `problem`."""

    index = serializers.IntegerField()
    status = serializers.IntegerField()
    deal = serializers.DictField(required=False)
    etag = serializers.CharField(required=False)
    problem = serializers.DictField(required=False)


class BatchAnswerSerializer(serializers.Serializer):
    """One result for each item, in their order."""

    results = BatchResultSerializer(many=True)


class ChosenFieldsMixin:
    """Leaves out what `?fields=` does not name, on reading; an unknown name is a 400."""

    def get_fields(self) -> dict[str, Any]:
        """The fields to show."""
        fields: dict[str, Any] = super().get_fields()  # type: ignore[misc]
        request = self.context.get("request")  # type: ignore[attr-defined]
        if request is None or request.method != "GET" or not request.query_params.get("fields"):
            return fields
        wanted = [name.strip() for name in request.query_params["fields"].split(",")]
        if unknown := [name for name in wanted if name not in fields]:
            raise ValidationError({"fields": [f"Unknown: {', '.join(unknown)[:200]}"]})
        return {name: field for name, field in fields.items() if name in wanted}


def lines_of(values: dict[str, Any]) -> list[LineInput] | None:
    """Takes the lines out of validated values; None where none were given."""
    lines = values.pop("lines", None)
    if lines is None:
        return None
    known = ("product", "product_text", "quantity", "asked_price")
    return [LineInput(**{name: line[name] for name in known if name in line}) for line in lines]


if TYPE_CHECKING:
    Mixed = ScopedViewSet
else:
    Mixed = object  # mixed into it


class SyncMixin(Mixed):
    """What a CRM asks of the deals resource beside reading and acting."""

    def with_own_ids(self, rows: QuerySet) -> QuerySet:
        """With the actor's own external ids, and narrowed by `?external_id=` and `?system=`."""
        mine = ExternalId.objects.visible_to(self.actor)
        params = self.request.query_params
        named = {"value": params.get("external_id"), "system": params.get("system")}
        wanted = {name: text for name, text in named.items() if text}
        if wanted:
            rows = rows.filter(pk__in=mine.filter(**wanted).values("deal"))
        return rows.prefetch_related(Prefetch("external_ids", queryset=mine, to_attr="own_external_ids"))

    def changes(self, request: Request) -> Response:
        """The page of `?updated_since=`."""
        since = moment_of(request.query_params["updated_since"], "updated_since")
        me = self.actor.organisation.pk
        found, following = changes_of(self.get_queryset(), (Q(partner=me), Q(vendor=me)), since, request)
        data = self.get_serializer(found, many=True).data
        return Response({"next": following, "previous": None, "results": data})

    def _known_by(self, system: str, value: str) -> Deal:
        found = actions.find_by_external_id(self.actor, system, value)
        if found is None:
            raise Http404
        return found

    @extend_schema(
        methods=["GET"],
        responses=DEAL,
        description="The deal that your system knows by this key.",
    )
    @extend_schema(
        methods=["PUT"],
        responses={200: DEAL, 201: DEAL},
        request=DEAL,
        examples=[OpenApiExample("A deal of a CRM", value=EXAMPLE, request_only=True)],
        description=(
            "Write the deal that your system knows by this key, or draft it. Repeating it changes nothing. Fields that "
            "are left out stay as they are; a deal that was submitted takes the stage alone (409 names what differs)."
        ),
    )
    @action(
        detail=False,
        methods=["get", "put"],
        url_path=r"by-external-id/(?P<system>[^/]+)/(?P<value>[^/]+)",
        url_name="by-external-id",
    )
    def by_external_id(self, request: Request, system: str, value: str) -> Response:
        """Read or write a deal by the key of one's own system."""
        if request.method != "PUT":
            return self.shown(self._known_by(system, value))
        found = actions.find_by_external_id(self.actor, system, value)
        version = self._agreed_version(found)
        deal, new = self._write(system, value, request.data, found, version)
        return self.shown(deal, 201 if new else 200)

    def _agreed_version(self, found: Deal | None) -> int | None:
        """The version that If-Match names, to be checked again under lock; 412 when it is another one."""
        wanted = self.request.headers.get("If-Match", "*")
        if wanted == "*":
            return None
        if found is None or etag_of(found) not in [each.strip() for each in wanted.split(",")]:
            raise PreconditionFailed
        return found.version

    def _write(
        self, system: str, value: str, data: Any, found: Deal | None, version: int | None = None
    ) -> tuple[Deal, bool]:
        shape: Any = self.get_serializer_class()
        form = shape(found, data=data, partial=True, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        partnership, lines = values.pop("partnership", None), lines_of(values)
        return actions.upsert_deal(
            actor=self.actor,
            system=system,
            value=value,
            partnership=partnership,
            fields=values,
            lines=lines,
            version=version,
        )

    @extend_schema(
        request=BatchSerializer,
        responses={207: BatchAnswerSerializer},
        examples=[
            OpenApiExample(
                "Two deals of a CRM",
                value={"items": [{"system": "crm", "value": "0061x", "deal": EXAMPLE},
                                 {"system": "crm", "value": "0062y", "deal": {"stage": "negotiation"}}]},
                request_only=True,
            )
        ],
    )  # fmt: skip
    @action(detail=False, methods=["post"])
    def batch(self, request: Request) -> Response:
        """Write up to a hundred deals by the keys of one's own system; each has a result of its own."""
        items = request.data.get("items") if isinstance(request.data, dict) else None
        if not isinstance(items, list) or not 1 <= len(items) <= MOST:
            raise ValidationError({"items": [f"A list of 1 to {MOST} items."]})
        results = [self._one(index, item) for index, item in enumerate(items)]
        return Response({"results": self._with_deals(results)}, status=207)

    def _one(self, index: int, item: Any) -> dict[str, Any]:
        try:
            with transaction.atomic():
                form = BatchItemSerializer(data=item)
                form.is_valid(raise_exception=True)
                key = form.validated_data["system"], form.validated_data["value"]
                given = item["deal"]
                found = actions.find_by_external_id(self.actor, *key)
                deal, new = self._write(*key, given, found)
        except Exception as error:
            refusal = handle(error, {})
            if refusal is None:
                raise
            return {"index": index, "status": refusal.status_code, "problem": refusal.data}
        return {"index": index, "status": 201 if new else 200, "deal": deal.pk}

    def _with_deals(self, results: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The deals as they are now, read at once."""
        rows = {row.pk: row for row in self.get_queryset().filter(pk__in=[each.get("deal") for each in results])}
        for each in results:
            if row := rows.get(each.get("deal")):
                each["deal"], each["etag"] = self.get_serializer(row).data, etag_of(row)
        return results

    @extend_schema(request=ExternalIdSerializer, responses=DEAL, methods=["PUT"])
    @extend_schema(responses={204: None}, methods=["DELETE"])
    @action(detail=True, methods=["put", "delete"], url_path=r"external-ids/(?P<system>[^/]+)", url_name="external-id")
    def external_id(self, request: Request, pk: str, system: str) -> Response:
        """Say, or forget, by which key one's own system knows a deal. The other side never sees it."""
        deal = self.get_object()
        if request.method == "DELETE":
            actions.unlink_deal(actor=self.actor, deal=deal, system=system)
            return Response(status=204)
        form = ExternalIdSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        actions.link_deal(actor=self.actor, deal=deal, system=system, value=form.validated_data["value"])
        return self.shown(deal)

    @extend_schema(
        parameters=[OpenApiParameter("since", OpenApiTypes.DATETIME)], responses=DeletedSerializer(many=True)
    )
    @action(detail=False, methods=["get"])
    def deleted(self, request: Request) -> Response:
        """Drafts of one's own that were thrown away, the last one first: forget them, too."""
        gone = TrailEntry.objects.visible_to(self.actor).filter(verb="deal.draft_deleted", target="deals.deal")
        if since := request.query_params.get("since"):
            gone = gone.filter(created__gte=moment_of(since, "since"))
        page = self.paginate_queryset(gone)
        return self.get_paginated_response(DeletedSerializer(page, many=True).data)
