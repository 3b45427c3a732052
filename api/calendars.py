"""When a vendor works: one's own business calendar, and when something is due by it."""

from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedGenericViewSet
from deals import working_time
from deals.models import BusinessCalendar


class ClosingSerializer(serializers.Serializer):
    """Days of one's own on which nobody works; both are included."""

    start = serializers.DateField()
    end = serializers.DateField()
    name = serializers.CharField()


class CalendarSerializer(serializers.Serializer):
    """Opening hours in local time of `zone`: seven weekdays from Monday, each with its spans ["09:00", "18:00"].

    `country` (ISO 3166-1) and `region` (ISO 3166-2) name the public holidays that count.
    """

    zone = serializers.CharField(source="tz")
    hours = serializers.SerializerMethodField()
    country = serializers.CharField()
    region = serializers.CharField()
    closings = ClosingSerializer(many=True)

    def get_hours(self, row: Any) -> list[list[list[str]]]:
        """The hours as they are stored."""
        return [[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans] for spans in row.hours]


class DueQuestion(serializers.Serializer):
    """From when, and how many business minutes."""

    since = serializers.DateTimeField(required=False)
    minutes = serializers.IntegerField(min_value=0, max_value=60 * 24 * 366)


class DueSerializer(serializers.Serializer):
    """The moment after so many business minutes, in the calendar's zone."""

    due = serializers.DateTimeField()


class CalendarViewSet(ScopedGenericViewSet):
    """One's own business calendar; the usual one (Monday to Friday, 9 to 18) while none is set."""

    model = BusinessCalendar
    serializer_class = CalendarSerializer
    capability = "deals.view"
    pagination_class = None

    @extend_schema(responses=CalendarSerializer)
    def list(self, request: Request) -> Response:
        """The calendar."""
        return Response(CalendarSerializer(working_time.calendar_of(self.actor.organisation.pk)).data)

    @extend_schema(
        parameters=[OpenApiParameter("minutes", int, required=True), OpenApiParameter("since", str)],
        responses=DueSerializer,
    )
    @action(detail=False)
    def due(self, request: Request) -> Response:
        """When something is due after so many business minutes."""
        asked = DueQuestion(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        calendar = working_time.calendar_of(self.actor.organisation.pk)
        due = working_time.add_minutes(said.get("since") or now(), said["minutes"], calendar)
        return Response({"due": due.isoformat()})
