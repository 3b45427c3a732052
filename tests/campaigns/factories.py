"""Campaigns in a whole neighbourhood: an owner with two partners, and people on every side."""

from datetime import timedelta
from decimal import Decimal

from django.utils.timezone import localdate

from campaigns import actions
from campaigns.models import Participant
from partners.actors import acting
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory


def somebody(organisation, *capabilities):
    """A new colleague with these capabilities, through the web."""
    role = RoleFactory(organisation=organisation, capabilities=["campaigns.view", *capabilities])
    return acting(MembershipFactory(organisation=organisation, roles=[role]), "web")


class Scene:
    """An owner, two partners of it, and a campaign in whatever state is asked for."""

    def __init__(self):
        self.owner = OrganisationFactory(name="Aurora")
        self.first, self.second = OrganisationFactory(name="Brenta"), OrganisationFactory(name="Dora")
        self.edges = [PartnershipFactory(vendor=self.owner, partner=each) for each in (self.first, self.second)]
        self.manager = somebody(self.owner, "campaigns.manage", "campaigns.join", "audiences.manage", "leads.view")
        self.joiner = somebody(self.first, "campaigns.join", "audiences.manage", "leads.view", "leads.work",
                               "deals.view", "deals.register")  # fmt: skip
        self.other = somebody(self.second, "campaigns.join")
        self.stranger = somebody(OrganisationFactory(), "campaigns.manage", "campaigns.join")

    def draft(self, **fields):
        today = localdate()
        given = {"name": "Old pumps", "budget": Decimal(1000), "starts": today, "ends": today + timedelta(days=30)}
        return actions.open_campaign(actor=self.manager, fields={**given, "currency": "EUR", **fields})

    def seat(self, campaign, organisation):
        return Participant.objects.get(campaign=campaign, organisation=organisation)

    def shared(self, campaign, *amounts):
        """Share the budget among the owner, the first and the second partner."""
        rows = Participant.objects.filter(campaign=campaign, state__in=Participant.SEATED).order_by("pk")
        shares = {seat.pk: Decimal(amount) for seat, amount in zip(rows, amounts, strict=True)}
        return actions.share_budget(actor=self.manager, campaign=campaign, shares=shares)

    def planned(self, *amounts, **fields):
        """Both partners are invited."""
        campaign = self.draft(**fields)
        for each in (self.first, self.second):
            actions.invite(actor=self.manager, campaign=campaign, organisation=each)
        self.shared(campaign, *(amounts or (500, 300, 200)))
        return actions.plan_campaign(actor=self.manager, campaign=campaign)

    def accept(self, campaign, actor, **details):
        given = {"contact": "Anna", "email": "anna@brenta.example", "phone": "+39 049 1", "shares_results": True}
        seat = self.seat(campaign, actor.organisation)
        return actions.accept_invitation(actor=actor, seat=seat, details={**given, **details})

    def running(self, **fields):
        """Both take part, there is a landing page, and it has started."""
        campaign = self.planned(**fields)
        for each in (self.joiner, self.other):
            self.accept(campaign, each)
        self.asset(campaign, "page", "What does your pump cost?", "Ask **{{our_name}}**, {{our_phone|by mail}}.")
        return actions.start_campaign(actor=self.manager, campaign=campaign)

    def asset(self, campaign, kind="letter", title="Your pump", body="Dear {{first_name}}, [ask us]({{our_page}})."):
        fields = {"kind": kind, "title": title, "body": body}
        return actions.save_asset(actor=self.manager, campaign=campaign, fields=fields)
