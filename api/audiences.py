"""Contacts, segments and mailings of one's own organisation, over the same actions as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from audiences import actions
from audiences.choosing import contacts_of
from audiences.models import Consent, Contact, Mailing, Purpose, Recipient, Segment
from audiences.results import COUNTED, counted

EMAIL = OpenApiParameter("email", str, description="Only the contact with this address, in any case.")
STATE = OpenApiParameter("state", str, description="Only those in this state.")


class ConsentSerializer(serializers.ModelSerializer):
    """A consent: for what, where and when it was given, and when it ended."""

    class Meta:
        model = Consent
        fields = ["purpose", "source", "wording", "given_at", "withdrawn_at"]
        read_only_fields = ["withdrawn_at"]
        extra_kwargs = {"given_at": {"required": False}}


class WithdrawSerializer(serializers.Serializer):
    """A consent that ended."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    how = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class AudienceContactSerializer(serializers.ModelSerializer):
    """A person one writes to. `suppressed`: why nothing is sent to the address; empty where something may be."""

    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, required=False)
    more = serializers.DictField(child=serializers.CharField(max_length=500, allow_blank=True), required=False)
    consents = ConsentSerializer(many=True, read_only=True)
    suppressed = serializers.CharField(source="suppressed_for", read_only=True, default="")
    version = serializers.IntegerField(read_only=True)

    class Meta:
        model = Contact
        fields = ["id", *actions.FIELDS, "tags", "consents", "suppressed", "created", "version"]
        read_only_fields = ["created"]
        extra_kwargs = {"name": {"required": False}}

    def to_representation(self, instance: Any) -> Any:
        """Tags as words."""
        shown = super().to_representation(_Tagged(instance))
        return {**shown, "suppressed": shown["suppressed"] or ""}


class _Tagged:
    """A contact whose tags are words instead of rows, for the serializer."""

    def __init__(self, row: Contact) -> None:
        self._row = row
        self.tags = [tag.name for tag in row.tags.all()]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


class AudienceContactViewSet(ScopedViewSet):
    """One's own contacts. Deleting erases for ever; only a hash of the address stays."""

    model = Contact
    serializer_class = AudienceContactSerializer
    capability = "audiences.view"

    def get_queryset(self) -> QuerySet:
        """With tags, consents and suppression; narrowed by `?email=`."""
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        rows = rows.with_suppression().prefetch_related("tags", "consents")
        email = self.request.query_params.get("email")
        return rows.filter(email_key=email.strip().casefold()) if email else rows

    @extend_schema(parameters=[EMAIL])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One's own contacts, by name."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Add a contact; one that is known already is refused."""
        said = self.said(AudienceContactSerializer)
        tags = said.pop("tags", ())
        return self.shown(actions.add_contact(actor=self.actor, fields=said, tags=tags), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Correct a contact."""
        row, said = self.get_object(), self.said(AudienceContactSerializer, partial=True)
        tags = said.pop("tags", None)
        return self.shown(actions.change_contact(actor=self.actor, contact=row, fields=said, tags=tags))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Erase a person for ever."""
        actions.erase_contact(actor=self.actor, contact=self.get_object())
        return Response(status=204)

    @extend_schema(request=ConsentSerializer, responses=AudienceContactSerializer)
    @action(detail=True, methods=["post"])
    def consent(self, request: Request, pk: str | None = None) -> Response:
        """Note a consent."""
        row = self.get_object()
        actions.give_consent(actor=self.actor, contact=row, **self.said(ConsentSerializer))
        return self.shown(row)

    @extend_schema(request=WithdrawSerializer, responses=AudienceContactSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Note that a consent was withdrawn."""
        row = self.get_object()
        return self.shown(actions.withdraw_consent(actor=self.actor, contact=row, **self.said(WithdrawSerializer)))


class SegmentSerializer(serializers.ModelSerializer):
    """A rule over contacts; its people are asked for at `contacts`.

    `rule`: {"join": "all" or "any", "groups": [{"join", "conditions": [{"field", "op", "value"}]}]}.
    """

    version = serializers.IntegerField(read_only=True)

    class Meta:
        model = Segment
        fields = ["id", "name", "rule", "created", "version"]
        read_only_fields = ["created"]


class SegmentViewSet(ScopedViewSet):
    """The organisation's segments."""

    model = Segment
    serializer_class = SegmentSerializer
    capability = "audiences.view"

    def create(self, request: Request) -> Response:
        """Write a segment."""
        return self.shown(actions.save_segment(actor=self.actor, **self.said(SegmentSerializer)), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a segment."""
        row, said = self.get_object(), self.said(SegmentSerializer, partial=True)
        said = {"name": row.name, "rule": row.rule, **said}
        return self.shown(actions.save_segment(actor=self.actor, segment=row, **said))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Delete a segment that no mailing names."""
        actions.delete_segment(actor=self.actor, segment=self.get_object())
        return Response(status=204)

    @extend_schema(responses=AudienceContactSerializer(many=True))
    @action(detail=True, methods=["get"])
    def contacts(self, request: Request, pk: str | None = None) -> Response:
        """Who is in it now, page by page."""
        rows = contacts_of(self.get_object()).with_suppression().prefetch_related("tags", "consents")
        page = self.paginate_queryset(rows)
        shown = AudienceContactSerializer(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shown.data)


class MailingSerializer(serializers.ModelSerializer):
    """A mailing. `left_out`: how many of the segment were not written to, by why."""

    segment = OwnRow(Segment, required=False, allow_null=True)
    version = serializers.IntegerField(read_only=True)

    class Meta:
        model = Mailing
        fields = [
            "id", "state", "subject", "subject_b", "share_b", "body", "sender_name", "reply_to", "purpose", "segment",
            "tracking", "scheduled_at", "started_at", "finished_at", "left_out", "source", "source_id", "created",
            "version",
        ]  # fmt: skip
        read_only_fields = [
            "state", "scheduled_at", "started_at", "finished_at", "left_out", "source", "source_id", "created",
        ]  # fmt: skip
        extra_kwargs = {"sender_name": {"required": False}}


RESULTS = {key: serializers.IntegerField() for key in ("total", *COUNTED)}
ResultsSerializer = type("ResultsSerializer", (serializers.Serializer,), {**RESULTS, "__doc__": "How many, by what."})


class MailingViewSet(ScopedViewSet):
    """The organisation's mailings."""

    model = Mailing
    serializer_class = MailingSerializer
    capability = "audiences.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=`."""
        rows = super().get_queryset()
        state = None if getattr(self, "swagger_fake_view", False) else self.request.query_params.get("state")
        return rows.filter(state=state) if state else rows

    @extend_schema(parameters=[STATE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One's own mailings, newest first."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Write a draft."""
        return self.shown(actions.write_mailing(actor=self.actor, fields=self.said(MailingSerializer)), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a draft."""
        row, said = self.get_object(), self.said(MailingSerializer, partial=True)
        return self.shown(actions.write_mailing(actor=self.actor, mailing=row, fields=said))

    @extend_schema(responses=ResultsSerializer)
    @action(detail=True, methods=["get"])
    def results(self, request: Request, pk: str | None = None) -> Response:
        """What became of it, in numbers."""
        rows = Recipient.objects.visible_to(self.actor).filter(mailing=self.get_object())
        return Response(counted(rows))

    @extend_schema(request=None, responses=MailingSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str | None = None) -> Response:
        """Start sending: recipients are written down once, and each gets it once."""
        return self.shown(actions.start_mailing(actor=self.actor, mailing=self.get_object()))

    @extend_schema(request=None, responses=MailingSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str | None = None) -> Response:
        """Hand over no further letter until it is resumed."""
        return self.shown(actions.pause_mailing(actor=self.actor, mailing=self.get_object()))

    @extend_schema(request=None, responses=MailingSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Go on with the letters that wait."""
        return self.shown(actions.resume_mailing(actor=self.actor, mailing=self.get_object()))

    @extend_schema(request=None, responses=MailingSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str | None = None) -> Response:
        """Stop for good: what waits is never sent."""
        return self.shown(actions.stop_mailing(actor=self.actor, mailing=self.get_object()))
