"""Campaigns: what one leads, takes part in or is invited to. Shares of the budget are shown to whom they belong."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from campaigns import actions
from campaigns.actions.planning import FIELDS
from campaigns.branding import page_url
from campaigns.models import Asset, Campaign, Participant, Step
from campaigns.page import Page, page_of
from campaigns.presenting import seats_shown
from campaigns.results import results_for
from partners.models import Organisation

STATE = OpenApiParameter("state", str, description="Only those in this state.")
MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class CampaignSerializer(serializers.ModelSerializer):
    """A campaign. `starts` and `ends` are days; amounts are in `currency`."""

    class Meta:
        model = Campaign
        fields = ["id", "number", "owner", "state", *FIELDS, "reason", "created", "version"]
        read_only_fields = ["number", "owner", "state", "reason", "created", "version"]


class SeatSerializer(serializers.Serializer):
    """A participant. `share` is null where it is not yours to know; `page` is the address of your own landing page."""

    id = serializers.IntegerField()
    organisation = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField()
    share = serializers.DecimalField(**MONEY, allow_null=True)
    agreed = serializers.BooleanField()
    shares_results = serializers.BooleanField()
    page = serializers.CharField()


class InviteSerializer(serializers.Serializer):
    """Which company."""

    organisation = OwnRow(Organisation)


class SeatKeySerializer(serializers.Serializer):
    """Which participant, by its id."""

    seat = OwnRow(Participant)


class ShareSerializer(serializers.Serializer):
    """The amount of one participant."""

    seat = serializers.IntegerField()
    amount = serializers.DecimalField(**MONEY, min_value=0)


class BudgetSerializer(serializers.Serializer):
    """An amount for everybody who is invited or takes part; together they make the budget."""

    shares = ShareSerializer(many=True)


class DetailsSerializer(serializers.Serializer):
    """What stands of one's company on its page, letters and flyers, and whether it shows its figures."""

    contact = serializers.CharField(max_length=120, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    shares_results = serializers.BooleanField(required=False)


class WhySerializer(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=500)


class StepSerializer(serializers.ModelSerializer):
    """A step; `responsible` is a participant's id, null for everybody, `asset` what is sent or shown then."""

    responsible = OwnRow(Participant, required=False, allow_null=True)
    asset: Any = serializers.PrimaryKeyRelatedField(queryset=Asset.objects.none(), required=False, allow_null=True)
    ends = serializers.DateField(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """Assets are those of the campaign alone."""
        fields: dict[str, Any] = super().get_fields()
        campaign = self.context.get("campaign")
        if campaign is not None:
            fields["asset"].queryset = campaign.assets.all()
        return fields

    class Meta:
        model = Step
        fields = ["id", "title", "kind", "starts", "ends", "responsible", "asset", "note", "done_at"]
        read_only_fields = ["done_at"]


class StepKeySerializer(serializers.Serializer):
    """Which step, and whether it is done."""

    step = serializers.IntegerField()
    done = serializers.BooleanField(required=False, default=True)


class AssetSerializer(serializers.ModelSerializer):
    """An asset; `number` is that of its version."""

    class Meta:
        model = Asset
        fields = ["id", "kind", "title", "body", "number", "written_at"]
        read_only_fields = ["number", "written_at"]


class FiguresSerializer(serializers.Serializer):
    """The figures of a participant; null where it keeps them to itself."""

    organisation = serializers.IntegerField()
    name = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField(), allow_null=True)


class CampaignViewSet(ScopedViewSet):
    """Campaigns."""

    model = Campaign
    serializer_class = CampaignSerializer
    capability = "campaigns.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=`."""
        rows = super().get_queryset()
        state = self.request.query_params.get("state") if self.request else None
        return rows.filter(state=state) if state else rows

    def _page(self) -> Page:
        return page_of(self.actor, self.get_object().pk)

    def _seat(self) -> Participant:
        seat = self._page().seat
        if seat is None:
            raise NotFound
        return seat

    @extend_schema(parameters=[STATE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Campaigns, the latest first."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Begin the draft of a campaign of one's own."""
        return self.shown(actions.open_campaign(actor=self.actor, fields=self.said(CampaignSerializer)), 201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a campaign that one leads."""
        campaign = self.get_object()
        said = self.said(CampaignSerializer, partial=True)
        return self.shown(actions.change_campaign(actor=self.actor, campaign=campaign, fields=said))

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: str | None = None) -> Response:
        """Send the invitations."""
        return self.shown(actions.plan_campaign(actor=self.actor, campaign=self.get_object()))

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str | None = None) -> Response:
        """Start it."""
        return self.shown(actions.start_campaign(actor=self.actor, campaign=self.get_object()))

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str | None = None) -> Response:
        """Finish it."""
        return self.shown(actions.finish_campaign(actor=self.actor, campaign=self.get_object()))

    @extend_schema(request=WhySerializer, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Call it off."""
        campaign = self.get_object()
        return self.shown(actions.cancel_campaign(actor=self.actor, campaign=campaign, **self.said(WhySerializer)))

    def _seats(self, status: int = 200) -> Response:
        rows = [
            {
                "id": each.seat.pk,
                "organisation": each.seat.organisation_id,
                "name": str(each.seat.organisation),
                "state": each.seat.state,
                "share": each.share,
                "agreed": not each.seat.owes_agreement,
                "shares_results": each.seat.shares_results,
                "page": page_url(each.seat) if each.mine else "",
            }
            for each in seats_shown(self._page())
        ]
        return Response(SeatSerializer(rows, many=True).data, status=status)

    @extend_schema(responses=SeatSerializer(many=True))
    @action(detail=True, methods=["get"])
    def seats(self, request: Request, pk: str | None = None) -> Response:
        """Who takes part."""
        return self._seats()

    @extend_schema(request=InviteSerializer, responses={201: SeatSerializer(many=True)})
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str | None = None) -> Response:
        """Invite a company."""
        campaign = self.get_object()
        actions.invite(actor=self.actor, campaign=campaign, **self.said(InviteSerializer))
        return self._seats(201)

    @extend_schema(request=SeatKeySerializer, responses=SeatSerializer(many=True))
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str | None = None) -> Response:
        """Take a company out."""
        campaign, seat = self.get_object(), self.said(SeatKeySerializer)["seat"]
        if seat.campaign_id != campaign.pk:
            raise NotFound
        actions.remove_participant(actor=self.actor, seat=seat)
        return self._seats()

    @extend_schema(request=BudgetSerializer, responses=SeatSerializer(many=True))
    @action(detail=True, methods=["post"])
    def budget(self, request: Request, pk: str | None = None) -> Response:
        """Share the whole budget."""
        campaign, said = self.get_object(), self.said(BudgetSerializer)
        shares = {each["seat"]: each["amount"] for each in said["shares"]}
        actions.share_budget(actor=self.actor, campaign=campaign, shares=shares)
        return self._seats()

    @extend_schema(request=DetailsSerializer, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """Take part, with the share as it stands."""
        seat, said = self._seat(), self.said(DetailsSerializer)
        actions.accept_invitation(actor=self.actor, seat=seat, details=said)
        return self.shown(seat.campaign)

    @extend_schema(request=WhySerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str | None = None) -> Response:
        """Decline the invitation; the campaign is no longer seen."""
        actions.decline_invitation(actor=self.actor, seat=self._seat(), **self.said(WhySerializer))
        return Response(status=204)

    @extend_schema(request=WhySerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str | None = None) -> Response:
        """Leave; the campaign is no longer seen."""
        actions.leave_campaign(actor=self.actor, seat=self._seat(), **self.said(WhySerializer))
        return Response(status=204)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str | None = None) -> Response:
        """Agree to a changed share."""
        seat = self._seat()
        actions.agree_share(actor=self.actor, seat=seat)
        return self.shown(seat.campaign)

    @extend_schema(request=DetailsSerializer, responses=SeatSerializer(many=True))
    @action(detail=True, methods=["post"])
    def details(self, request: Request, pk: str | None = None) -> Response:
        """Change what stands of one's company, and whether it shows its figures."""
        actions.change_details(actor=self.actor, seat=self._seat(), details=self.said(DetailsSerializer))
        return self._seats()

    @extend_schema(responses=FiguresSerializer(many=True))
    @action(detail=True, methods=["get"])
    def results(self, request: Request, pk: str | None = None) -> Response:
        """What it brought: one's own figures, and those of others where both show them."""
        found = results_for(self.actor, self.get_object())
        rows = [
            {
                "organisation": each.seat.organisation_id,
                "name": str(each.seat.organisation),
                "counts": asdict(each.counts) if each.counts else None,
            }
            for each in found
        ]
        return Response(FiguresSerializer(rows, many=True).data)

    @extend_schema(methods=["get"], responses=StepSerializer(many=True))
    @extend_schema(methods=["post"], request=StepSerializer, responses={201: StepSerializer})
    @action(detail=True, methods=["get", "post"])
    def steps(self, request: Request, pk: str | None = None) -> Response:
        """The calendar; a POST adds a step."""
        campaign = self.get_object()
        if request.method == "GET":
            return Response(StepSerializer(campaign.steps.all(), many=True).data)
        shape = StepSerializer(data=request.data, context={**self.get_serializer_context(), "campaign": campaign})
        shape.is_valid(raise_exception=True)
        step = actions.save_step(actor=self.actor, campaign=campaign, fields=shape.validated_data)
        return Response(StepSerializer(step).data, status=201)

    @extend_schema(request=StepKeySerializer, responses=StepSerializer)
    @action(detail=True, methods=["post"])
    def step_done(self, request: Request, pk: str | None = None) -> Response:
        """Say that a step is done, or that it is not after all."""
        campaign, said = self.get_object(), self.said(StepKeySerializer)
        step = campaign.steps.filter(pk=said["step"]).first()
        if step is None:
            raise NotFound
        step = actions.finish_step(actor=self.actor, campaign=campaign, step=step, done=said["done"])
        return Response(StepSerializer(step).data)

    @extend_schema(methods=["get"], responses=AssetSerializer(many=True))
    @extend_schema(methods=["post"], request=AssetSerializer, responses={201: AssetSerializer})
    @action(detail=True, methods=["get", "post"])
    def assets(self, request: Request, pk: str | None = None) -> Response:
        """Letters, flyers and the landing page; a POST writes one."""
        campaign = self.get_object()
        if request.method == "GET":
            return Response(AssetSerializer(campaign.assets.all(), many=True).data)
        asset = actions.save_asset(actor=self.actor, campaign=campaign, fields=self.said(AssetSerializer))
        return Response(AssetSerializer(asset).data, status=201)
