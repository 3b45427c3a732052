"""How leads come in and are routed: a vendor's rules, its public forms, and leads from a file."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from core.imports import MAX_SIZE
from leads import tables
from leads.actions import importing, publishing, rules
from leads.models import ImportLine, Lead, LeadForm, LeadImport, RoutingRule, Size

KEY = 2**62


def names(most: int = 30, **options: Any) -> serializers.ListField:
    """Short names, each of at most 80 characters."""
    return serializers.ListField(child=serializers.CharField(max_length=80), max_length=most, required=False, **options)


def some_of(choices: Any) -> serializers.ListField:
    """Some of these codes."""
    codes = [pair for pair in choices if pair[0]]
    return serializers.ListField(child=serializers.ChoiceField(choices=codes), max_length=len(codes), required=False)


class RuleSerializer(serializers.ModelSerializer):
    """A rule of routing. Empty conditions hold for every lead; `partners` are partnerships in their order."""

    countries = serializers.ListField(
        child=serializers.RegexField(r"^[A-Z]{2}$"), max_length=250, required=False, help_text="ISO 3166-1, two letters"
    )
    regions = names()
    product_lines = names()
    sizes = some_of(Size.choices)
    sources = some_of(Lead.Source.choices)
    partners = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=KEY), max_length=200, required=False
    )

    class Meta:
        model = RoutingRule
        fields = ["id", "position", *rules.FIELDS, "version", "changed_at"]
        read_only_fields = ["position", "version", "changed_at"]


class MoveSerializer(serializers.Serializer):
    """One place earlier (true), or later."""

    up = serializers.BooleanField()


class LeadFormSerializer(serializers.ModelSerializer):
    """A public form. `asked` names optional fields; another `consent_text` is another `consent_version`."""

    asked = some_of([(name, name) for name in LeadForm.OPTIONAL])
    product_lines = names()
    address = serializers.SerializerMethodField()

    class Meta:
        model = LeadForm
        fields = ["id", *publishing.FIELDS, "consent_version", "open", "address", "created"]
        read_only_fields = ["consent_version", "open", "created"]

    def get_address(self, row: LeadForm) -> str:
        """Where everybody finds it."""
        return str(self.context["request"].build_absolute_uri(row.public_url))


class SwitchSerializer(serializers.Serializer):
    """Whether it takes leads."""

    open = serializers.BooleanField()


class ImportSerializer(serializers.ModelSerializer):
    """A file of leads. `mapping` says in which column (from 0) each field is; before the start it is a guess."""

    class Meta:
        model = LeadImport
        fields = [
            "id",
            "name",
            "state",
            "mapping",
            "country",
            "campaign",
            "consent_source",
            "route",
            "total",
            "settled",
            "taken",
            "created",
        ]
        read_only_fields = fields


class FileSerializer(serializers.Serializer):
    """CSV with a heading, at most 10 MB and 50,000 lines."""

    file = serializers.FileField()


class StartSerializer(serializers.ModelSerializer):
    """What each column is, and what holds for every line. Without `mapping` the guess holds."""

    mapping = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=tables.MAX_COLUMNS - 1), required=False
    )
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False)

    class Meta:
        model = LeadImport
        fields = ["mapping", "country", "campaign", "consent_source", "route"]

    def validate_mapping(self, mapping: dict[str, int]) -> dict[str, int]:
        """Fields of a lead, each from a column of its own."""
        if unknown := sorted(mapping.keys() - set(tables.FIELDS)):
            raise serializers.ValidationError(f"{unknown[0]}?")
        if len(set(mapping.values())) != len(mapping):
            raise serializers.ValidationError("Two fields are taken from the same column. Name one column for each.")
        return mapping


class LineSerializer(serializers.ModelSerializer):
    """A line that made no lead, and why. The heading is line 1."""

    class Meta:
        model = ImportLine
        fields = ["number", "outcome", "reason"]


class SetupViewSet(ScopedViewSet):
    """What all of these take."""

    capability = "leads.rules"


class LeadRuleViewSet(SetupViewSet):
    """The rules by which leads find partners, in the order in which they are asked."""

    model = RoutingRule
    serializer_class = RuleSerializer

    def create(self, request: Request) -> Response:
        """A new rule, asked last."""
        return self.shown(rules.save_rule(actor=self.actor, fields=self.said()), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a rule; it holds for what is routed from now on."""
        rule = self.get_object()
        return self.shown(rules.save_rule(actor=self.actor, fields=self.said(partial=True), rule=rule))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Delete a rule. What was offered by it stays offered."""
        rules.delete_rule(actor=self.actor, rule=self.get_object())
        return Response(status=204)

    @extend_schema(request=MoveSerializer, responses=RuleSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str | None = None) -> Response:
        """Have it asked one place earlier or later; at the end of the order nothing happens."""
        rule = self.get_object()
        rules.move_rule(actor=self.actor, rule=rule, **self.said(MoveSerializer))
        return self.shown(rule)


class LeadFormViewSet(SetupViewSet):
    """Forms that everybody can fill in."""

    model = LeadForm
    serializer_class = LeadFormSerializer

    def create(self, request: Request) -> Response:
        """A new form, which takes leads at once."""
        return self.shown(publishing.save_form(actor=self.actor, fields=self.said()), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a form; its address stays."""
        form = self.get_object()
        return self.shown(publishing.save_form(actor=self.actor, fields=self.said(partial=True), form=form))

    @extend_schema(request=SwitchSerializer, responses=LeadFormSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str | None = None) -> Response:
        """Let it take leads, or none any more."""
        form = self.get_object()
        open_ = self.said(SwitchSerializer)["open"]
        return self.shown(publishing.switch_form(actor=self.actor, form=form, open_=open_))


class LeadImportViewSet(SetupViewSet):
    """Leads from files: upload, start, progress, report, undo."""

    model = LeadImport
    serializer_class = ImportSerializer
    capability = "leads.manage"

    def get_parsers(self) -> list[Any]:
        """A file comes as multipart/form-data, all else as JSON."""
        to_list = getattr(self, "action_map", {}).get("post") == "create"
        return [MultiPartParser()] if to_list else super().get_parsers()

    @extend_schema(request={"multipart/form-data": FileSerializer}, responses={201: ImportSerializer})
    def create(self, request: Request) -> Response:
        """Upload a file (multipart/form-data). Nothing is taken in before the start."""
        upload = self.said(FileSerializer)["file"]
        row = importing.upload_import(actor=self.actor, name=upload.name or "", data=upload.read(MAX_SIZE + 1))
        return self.shown(row, 201)

    @extend_schema(request=StartSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str | None = None) -> Response:
        """Have it taken in by a job."""
        row = self.get_object()
        said = self.said(StartSerializer, partial=True)
        mapping = said.pop("mapping", row.mapping)
        return self.shown(importing.start_import(actor=self.actor, row=row, mapping=mapping, **said))

    @extend_schema(responses=LineSerializer(many=True))
    @action(detail=True)
    def lines(self, request: Request, pk: str | None = None) -> Response:
        """The lines that made no lead, in their order."""
        rows = self.get_object().lines.exclude(outcome=ImportLine.Outcome.TAKEN)
        return self.get_paginated_response(LineSerializer(self.paginate_queryset(rows), many=True).data)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Delete what it brought, while none of it was offered."""
        return self.shown(importing.undo_import(actor=self.actor, row=self.get_object()))
