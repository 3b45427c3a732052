"""Where revenue came from: sums by source, what came back of what was spent, and the credits behind both. Read only."""

from decimal import Decimal
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.scoping import ScopedViewSet
from insights.attribution.board import readable
from insights.attribution.measuring import by_source, total
from insights.attribution.naming import may_name, names_of
from insights.attribution.returns import Return, returns
from insights.attribution.rows import narrowed
from insights.attribution.scopes import money_scope
from insights.attribution.splitting import MODELS
from insights.models import Credit
from insights.permissions import may_read_money
from partners.actors import Actor

SCOPE = [
    OpenApiParameter(
        "side", str, description="vendor: what was sold; partner: what was bought. The usual one if left."
    ),
    OpenApiParameter("from", str, description="First day, ISO 8601. Without it twelve months up to `to`."),
    OpenApiParameter("to", str, description="Last day, included; today without it."),
    OpenApiParameter("currency", str, description="ISO 4217; the most used without it. Currencies are never added up."),
    OpenApiParameter("model", str, description="first, last, linear or position: by which `back` is reckoned."),
    OpenApiParameter("with", int, description="Only invoices of this organisation on the other side."),
]
NARROWED = [
    OpenApiParameter("kind", str, description="Only credits of this kind of source."),
    OpenApiParameter("source", int, description="Only of the source with this key."),
    OpenApiParameter("name", str, description="Only of the source with this name, where it has no key."),
]


class AmountsSerializer(serializers.Serializer):
    """What a source is credited with by each model, decimals as text."""

    first = serializers.CharField()
    last = serializers.CharField()
    linear = serializers.CharField()
    position = serializers.CharField()


class SourceSerializer(serializers.Serializer):
    """A campaign, lead, promotion, fund or mailing; kind `none` is what nothing is known of."""

    kind = serializers.ChoiceField(Credit.Kind.choices)
    source = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    name = serializers.CharField()
    lines = serializers.IntegerField()
    amounts = AmountsSerializer()


class ReturnSerializer(serializers.Serializer):
    """What was spent within the days (null where nobody wrote it down), and what came back on invoice lines of them.
    `planned`: what stands as spent is one's share of a budget, as no cost was written down."""

    kind = serializers.ChoiceField(Credit.Kind.choices)
    source = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    name = serializers.CharField()
    spent = serializers.CharField(allow_null=True)
    planned = serializers.BooleanField()
    back = serializers.CharField()
    times = serializers.CharField(allow_null=True)


class CreditSerializer(serializers.ModelSerializer):
    """The part of an invoice line that goes back to one source, by each model. `place` counts the touches of the line
    from 0; `invoice`, `order` and `deal` are numbers; `amount` is the line's, negative on a credit note."""

    invoice = serializers.CharField(source="trace.invoice.number")
    order = serializers.CharField(source="trace.order.number", default=None)
    deal = serializers.CharField(source="trace.deal.number", default=None)
    deal_basis = serializers.CharField(source="trace.deal_basis")
    line = serializers.IntegerField(source="trace.line_id")
    amount = serializers.DecimalField(source="trace.amount", max_digits=19, decimal_places=4)
    source = serializers.SerializerMethodField()  # type: ignore[assignment]
    name = serializers.SerializerMethodField()
    confidence = serializers.SerializerMethodField(help_text="none, possible, probable or certain: of the whole chain.")

    class Meta:
        model = Credit
        fields = [
            "id", "invoice", "line", "order", "deal", "deal_basis", "vendor", "partner", "day", "currency", "amount",
            "kind", "source", "name", "touch", "at", "basis", "confidence", "place", *MODELS,
        ]  # fmt: skip
        read_only_fields = fields

    def get_source(self, row: Credit) -> int | None:
        """The key of the source, where it has one that the reader may know."""
        return row.source_id or None if may_name(self.context["request"].auth, row.kind) else None

    def get_name(self, row: Credit) -> str:
        """Its name where it has no key."""
        return row.source_name if may_name(self.context["request"].auth, row.kind) else ""

    def get_confidence(self, row: Credit) -> str:
        """How sure the whole chain is."""
        return ("none", "possible", "probable", "certain")[row.confidence]


def _allowed(actor: Actor) -> Actor:
    """The actor, if it may read money; PermissionDenied with the sentence otherwise."""
    verdict = may_read_money(actor)
    if not verdict:
        raise PermissionDenied(str(verdict.reason))
    return actor


class MoneyViewSet(ViewSet):
    """What was invoiced, what it goes back to, and what came back of what was spent."""

    capability = "insights.view"

    @extend_schema(
        parameters=SCOPE,
        responses=inline_serializer(
            "Money",
            {
                "side": serializers.CharField(),
                "from": serializers.DateField(),
                "to": serializers.DateField(),
                "currency": serializers.CharField(),
                "model": serializers.CharField(),
                "total": serializers.CharField(),
                "lines": serializers.IntegerField(),
                "sources": SourceSerializer(many=True),
                "returns": ReturnSerializer(many=True),
            },
        ),
    )
    def list(self, request: Request) -> Response:
        """Sums by source: by every model they add up to `total`."""
        scope = money_scope(_allowed(cast(Actor, request.auth)), request.query_params)
        sums = readable(scope, by_source(scope))
        names = names_of(scope.actor, sums)
        whole, lines = total(scope)
        told = {"side": scope.side, "from": scope.start, "to": scope.end, "currency": scope.currency}
        sources = [
            {
                "kind": key.kind,
                "source": key.pk or None,
                "name": names[key].text,
                "lines": part.lines,
                "amounts": {model: f"{amount:f}" for model, amount in part.amounts.items()},
            }
            for key, part in sorted(sums.items())
        ]
        back = [_returned(row) for row in returns(scope, sums)]
        sums_up = {"model": scope.model, "total": f"{whole:f}", "lines": lines}
        return Response({**told, **sums_up, "sources": sources, "returns": back})


def _returned(row: Return) -> dict[str, Any]:
    return {
        "kind": row.key.kind,
        "source": row.key.pk or None,
        "name": row.name.text,
        "spent": _plain(row.spent),
        "planned": row.planned,
        "back": f"{row.back:f}",
        "times": _plain(row.times),
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


class CreditViewSet(ScopedViewSet):
    """The credits of one's own organisation: each part of each invoice line, and what it rests on."""

    model = Credit
    serializer_class = CreditSerializer
    capability = "insights.view"

    def get_queryset(self) -> QuerySet:
        """With the records of the chain; of a list only those of the scope that the address names."""
        rows = super().get_queryset().select_related("trace__invoice", "trace__order", "trace__deal").order_by("-pk")
        if getattr(self, "swagger_fake_view", False) or self.action != "list":
            return rows
        return narrowed(rows, money_scope(self.actor, self.request.query_params), self.request.query_params)

    def check_permissions(self, request: Request) -> None:
        """Orders and deals have to be the reader's to read as well."""
        super().check_permissions(request)
        _allowed(cast(Actor, request.auth))

    @extend_schema(parameters=[*SCOPE, *NARROWED])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The credits behind a number, the newest first."""
        return super().list(request, *args, **kwargs)
