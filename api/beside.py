"""What stands beside a deal: activities, notes, files, contacts, the history of fields. Rules as on the pages."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.colleagues import ColleagueField
from api.deals import OwnRow
from api.scoping import ScopedViewSet
from core.web import download, key_of
from deals import actions
from deals.actions.activities import FIELDS as ACTIVITY_FIELDS
from deals.actions.contacts import FIELDS as CONTACT_FIELDS
from deals.models import Activity, Contact, Deal, DealFile, EndCustomer, FieldChange, Note

OF_DEAL = [OpenApiParameter("deal", int, description="Only what stands beside this deal.")]


class ActivitySerializer(serializers.ModelSerializer):
    """A call, meeting, mail or task on a deal; `minutes` is how long it takes. `shared` cannot be changed later."""

    deal = OwnRow(Deal)
    assignee = ColleagueField(required=False, allow_null=True)

    class Meta:
        model = Activity
        fields = ["id", "deal", "organisation", "shared", *ACTIVITY_FIELDS, "done_at", "created"]
        read_only_fields = ["organisation", "done_at", "created"]


class NoteSerializer(serializers.ModelSerializer):
    """A note on a deal. `shared` cannot be changed later."""

    deal = OwnRow(Deal)
    author: serializers.StringRelatedField = serializers.StringRelatedField(read_only=True)

    class Meta:
        model = Note
        fields = ["id", "deal", "organisation", "shared", "text", "pinned", "author", "created", "edited_at"]
        read_only_fields = ["organisation", "created", "edited_at"]


class FileSerializer(serializers.ModelSerializer):
    """A file beside a deal; its content is at `content/`."""

    deal = OwnRow(Deal)
    file = serializers.FileField(write_only=True)

    class Meta:
        model = DealFile
        fields = ["id", "deal", "organisation", "shared", "file", "name", "content_type", "size", "sha256", "created"]
        read_only_fields = ["organisation", "name", "content_type", "size", "sha256", "created"]


class ContactSerializer(serializers.ModelSerializer):
    """A person at one's own end customer. `phone` is kept as E.164, `email` in lower case."""

    customer = OwnRow(EndCustomer)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)

    class Meta:
        model = Contact
        fields = ["id", "customer", *CONTACT_FIELDS, "created"]
        read_only_fields = ["created"]
        validators: list = []  # an address that is known fills the known contact


class ChangeSerializer(serializers.ModelSerializer):
    """One change of a field: values as plain text, independent of language."""

    class Meta:
        model = FieldChange
        fields = ["id", "deal", "field", "before", "after", "who", "reason", "created"]


class DaysSerializer(serializers.Serializer):
    """By how many days it is put off."""

    days = serializers.IntegerField(min_value=1, max_value=365, default=1)


class BesideViewSet(ScopedViewSet):
    """Rows beside deals, narrowed by `?deal=`."""

    capability = "deals.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?deal=`; what is no number names no deal."""
        rows = super().get_queryset()
        deal = self.request.query_params.get("deal", "") if self.request else ""
        if not deal:
            return rows
        return rows.filter(deal=key_of(deal) or 0)

    @extend_schema(parameters=OF_DEAL)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those that one's own organisation wrote, and those that the other side shared."""
        return super().list(request, *args, **kwargs)


class ActivityViewSet(BesideViewSet):
    """Calls, meetings, mails and tasks."""

    model = Activity
    serializer_class = ActivitySerializer

    def create(self, request: Request) -> Response:
        """Plan something; without an assignee it is one's own."""
        said = self.said()
        deal, shared = said.pop("deal"), said.pop("shared", False)
        row = actions.plan_activity(actor=self.actor, deal=deal, fields=said, shared=shared)
        return self.shown(row, 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change what is planned; whose deal it is on, and who reads it, stays."""
        row, said = self.get_object(), self.said(partial=True)
        fields = {name: value for name, value in said.items() if name in ACTIVITY_FIELDS}
        return self.shown(actions.change_activity(actor=self.actor, activity=row, fields=fields))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Throw away what was planned by mistake."""
        actions.delete_activity(actor=self.actor, activity=self.get_object())
        return Response(status=204)

    @extend_schema(request=None, responses=ActivitySerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str | None = None) -> Response:
        """Tick it off."""
        return self.shown(actions.complete_activity(actor=self.actor, activity=self.get_object()))

    @extend_schema(request=None, responses=ActivitySerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        """It was not done after all."""
        return self.shown(actions.reopen_activity(actor=self.actor, activity=self.get_object()))

    @extend_schema(request=DaysSerializer, responses=ActivitySerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str | None = None) -> Response:
        """Put it off."""
        row, said = self.get_object(), self.said(DaysSerializer)
        return self.shown(actions.snooze_activity(actor=self.actor, activity=row, **said))


class NoteViewSet(BesideViewSet):
    """Notes."""

    model = Note
    serializer_class = NoteSerializer

    def get_queryset(self) -> QuerySet:
        """With their authors."""
        return super().get_queryset().select_related("author")

    def create(self, request: Request) -> Response:
        """Write a note."""
        return self.shown(actions.add_note(actor=self.actor, **self.said()), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change one's own note while its time runs (`text`), or keep it on top (`pinned`)."""
        row, said = self.get_object(), self.said(partial=True)
        if "text" in said:
            row = actions.edit_note(actor=self.actor, note=row, text=said["text"])
        if "pinned" in said:
            row = actions.pin_note(actor=self.actor, note=row, pinned=said["pinned"])
        return self.shown(row)


class FileViewSet(BesideViewSet):
    """Files beside deals."""

    model = DealFile
    serializer_class = FileSerializer
    parser_classes = (MultiPartParser,)

    def create(self, request: Request) -> Response:
        """Add a file (multipart/form-data), to 10 MB."""
        said = self.said()
        said["upload"] = said.pop("file")
        return self.shown(actions.add_file(actor=self.actor, **said), 201)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take away what one's own organisation kept to itself."""
        actions.remove_file(actor=self.actor, file=self.get_object())
        return Response(status=204)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request: Request, pk: str | None = None) -> FileResponse:
        """The file itself."""
        row = self.get_object()
        return download(row.file, row.name, row.content_type)


class ContactViewSet(ScopedViewSet):
    """The people at one's own end customers."""

    model = Contact
    serializer_class = ContactSerializer
    capability = "deals.view"

    def create(self, request: Request) -> Response:
        """Add a person; one with an address that is known there is that person."""
        said = self.said()
        return self.shown(actions.save_contact(actor=self.actor, customer=said.pop("customer"), fields=said), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a person; the customer stays."""
        row, said = self.get_object(), self.said(partial=True)
        said.pop("customer", None)
        return self.shown(actions.save_contact(actor=self.actor, customer=row.customer, fields=said, contact=row))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Forget a person."""
        actions.delete_contact(actor=self.actor, contact=self.get_object())
        return Response(status=204)


class ChangeViewSet(BesideViewSet):
    """The history of the fields of deals."""

    model = FieldChange
    serializer_class = ChangeSerializer
