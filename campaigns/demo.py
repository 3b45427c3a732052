"""The demo's campaigns: one that runs with three companies, one that waits for an answer, a draft, one that is over."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from audiences.models import Contact, Mailing, Recipient
from campaigns import actions
from campaigns import demo_cast as cast
from campaigns.actions.landing import ORIGIN
from campaigns.models import Asset, Campaign, Participant, Step, Visit
from chat.actions import post_message
from chat.models import Message, Room
from core.models import TrailEntry
from deals.models import Deal
from funds.models import Claim
from leads.actions import receive_lead
from leads.models import Lead, LeadForm
from partners.actors import Actor

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def fill(world: Any) -> None:
    """Write the campaigns, with what belongs to them."""
    stage = Stage(world)
    stage.running()
    stage.waiting()
    stage.draft()
    stage.over()


class Stage:
    """Who acts in the demo of campaigns, and the steps they take through the same actions as everybody."""

    def __init__(self, world: Any) -> None:
        self.world = world

    def actor(self, key: str) -> Actor:
        """Somebody of a company who leads campaigns or takes part in them."""
        found: Actor = self.world.actor(key, "channel_manager")
        return found if found.can("campaigns.join") else self.world.actor(key, "administrator")

    def open(self, key: str, name: str, budget: int, starts: int, ends: int, **more: Any) -> Campaign:
        """A draft; days are counted from today."""
        today = self.world.now.date()
        fields = {"name": name, "goal": cast.GOALS[key], "budget": Decimal(budget), "currency": "EUR", **more}
        fields |= {"starts": today + starts * DAY, "ends": today + ends * DAY}
        return actions.open_campaign(actor=self.actor(key), fields=fields)

    def share(self, campaign: Campaign, **amounts: int) -> None:
        """Invite these companies, and share the whole budget with them."""
        key = self.world.key_of(campaign.owner)
        for other in amounts:
            if other != key:
                actions.invite(actor=self.actor(key), campaign=campaign, organisation=self.world.orgs[other])
        seats = {seat.pk: Decimal(amounts[self.world.key_of(seat.organisation)]) for seat in self._seats(campaign)}
        actions.share_budget(actor=self.actor(key), campaign=campaign, shares=seats)

    def _seats(self, campaign: Campaign) -> list[Participant]:
        return list(Participant.objects.filter(campaign=campaign).select_related("organisation", "form"))

    def seat(self, campaign: Campaign, key: str) -> Participant:
        """A company's seat."""
        return next(seat for seat in self._seats(campaign) if seat.organisation == self.world.orgs[key])

    def accept(self, campaign: Campaign, key: str, phone: str, address: str, shares: bool = True) -> None:
        """Take part."""
        actor = self.actor(key)
        person = actor.user
        details: dict[str, Any] = {"contact": person.name, "email": person.email} if person else {}
        details |= {"phone": phone, "address": address, "shares_results": shares}
        actions.accept_invitation(actor=actor, seat=self.seat(campaign, key), details=details)

    def date(self, campaign: Campaign, moment: datetime, told: bool = True) -> None:
        """Say that what was just done with a campaign was done at a moment, and that everybody has been told."""
        new = TrailEntry.objects.filter(
            target="campaigns.campaign", target_id=campaign.pk, created__gt=self.world.now - MINUTE
        ).order_by("pk")
        for at, entry in enumerate(new):
            TrailEntry.objects.filter(pk=entry.pk).update(
                created=moment + at * 7 * MINUTE, **({"fanned_out_at": moment} if told else {})
            )

    def running(self) -> None:
        """Aurora's campaign with two partners, and a third that has not answered."""
        wanted = {"goal": cast.GOAL, "target_leads": 40, "target_deals": 8, "target_revenue": Decimal(300_000)}
        campaign = self.open("aurora", "What does your old pump cost?", 24_000, -30, 36, **wanted)
        self.share(campaign, aurora=11_000, brenta=6_500, adriatica=4_500, rhein=2_000)
        now, owner = self.world.now, self.actor("aurora")
        details = {"phone": "+39 035 555 0100", "address": "Via delle Pompe 12, 24122 Bergamo"}
        actions.change_details(actor=owner, seat=self.seat(campaign, "aurora"), details=details)
        letter = self.write(campaign, "letter", "What does your old pump cost you?", cast.LETTER_BEFORE)
        actions.save_asset(actor=owner, campaign=campaign, asset=letter, fields={"body": cast.LETTER})
        for kind, title, body in (
            ("letter", "Three weeks left for the free check", cast.REMINDER),
            ("flyer", "One hour, one number", cast.FLYER),
            ("page", "What does your old pump cost?", cast.PAGE),
        ):
            self.write(campaign, kind, title, body)
        self.date(campaign, now - 40 * DAY)
        campaign = actions.plan_campaign(actor=owner, campaign=campaign)
        self.date(campaign, now - 36 * DAY)
        self.accept(campaign, "brenta", "+39 049 555 0140", "Via Brenta 3, 35129 Padova")
        self.date(campaign, now - 34 * DAY)
        self.accept(campaign, "adriatica", "+39 0541 555 018", "Via Flaminia 210, 47924 Rimini")
        self.date(campaign, now - 33 * DAY)
        self.steps(campaign)
        actions.start_campaign(actor=owner, campaign=campaign)
        self.date(campaign, now - 30 * DAY)
        self.talk(campaign)
        for key in ("aurora", "brenta", "adriatica"):
            seat = self.seat(campaign, key)
            LeadForm.objects.filter(origin_id=campaign.pk, vendor=seat.organisation).update(
                code=f"{key}-pumps-{self.world.now.year}"
            )
            seat = self.seat(campaign, key)
            self.letters(campaign, seat, letter)
            self.visits(seat, letter)
            self.leads(campaign, seat, letter)
        self.costs(campaign)

    def costs(self, campaign: Campaign) -> None:
        """What each has spent so far; one cost is paid back by a claim that a fund has settled."""
        settled = Claim.objects.filter(partner=self.world.orgs["brenta"], settlements__isnull=False)
        claim = settled.filter(request__fund__currency=campaign.currency).order_by("pk").first()
        for at, (key, ago, what, amount, supplier, number) in enumerate(cast.COSTS):
            moment = self.world.now - ago * DAY
            fields = {"day": moment.date(), "what": what, "amount": Decimal(amount), "supplier": supplier}
            fields |= {"invoice_number": number, "claim": claim if at == 0 else None}
            seat = self.seat(campaign, key)
            actions.record_expense(actor=self.actor(key), seat=seat, fields=fields)
            new = TrailEntry.objects.filter(target="campaigns.participant", target_id=seat.pk, fanned_out_at=None)
            new.update(created=moment, fanned_out_at=moment)

    def talk(self, campaign: Campaign) -> None:
        """What was said beside the campaign."""
        room = Room.objects.for_record(campaign).get()
        for at, (key, ago, text) in enumerate(cast.TALK):
            moment = self.world.now - ago * DAY + at * 11 * MINUTE
            said = post_message(actor=self.actor(key), room=room, body=text, client_id=f"campaign-{at}")
            Message.objects.filter(pk=said.pk).update(created=moment)
            Room.objects.filter(pk=room.pk).update(last_at=moment)

    def write(self, campaign: Campaign, kind: str, title: str, body: str) -> Asset:
        """An asset of the campaign's owner."""
        owner = self.actor(self.world.key_of(campaign.owner))
        fields = {"kind": kind, "title": title, "body": body}
        return actions.save_asset(actor=owner, campaign=campaign, fields=fields)

    def steps(self, campaign: Campaign) -> None:
        """The calendar, done up to today."""
        today = self.world.now.date()
        owner = self.actor("aurora")
        shown = {"mailing": campaign.assets.filter(kind="letter").first(), "page": campaign.assets.get(kind="page")}
        for title, kind, begins, takes, key, done in cast.STEPS:
            starts = today + begins * DAY
            fields = {"title": title, "kind": kind, "starts": starts, "ends": starts + (takes - 1) * DAY}
            fields |= {"responsible": self.seat(campaign, key) if key else None, "asset": shown.get(kind)}
            step = actions.save_step(actor=owner, campaign=campaign, fields=fields)
            if done:
                Step.objects.filter(pk=step.pk).update(
                    done_at=self.world.now + begins * DAY, done_by=owner.user, reminded_on=step.ends
                )

    def letters(self, campaign: Campaign, seat: Participant, asset: Asset) -> None:
        """A mailing of a participant to its own contacts, with what became of it."""
        rng, org = self.world.rng, seat.organisation
        sent = self.world.now - 18 * DAY
        contacts = list(Contact.objects.filter(organisation=org).exclude(email="")[:120])
        if not contacts:
            contacts = self._contacts(org, rng.randint(46, 70))
        mailing = Mailing.objects.create(
            organisation=org, subject=asset.title, body=asset.body, sender_name=str(org), reply_to=seat.email,
            state="sent", source=ORIGIN, source_id=campaign.pk, started_at=sent, frozen_at=sent,
            finished_at=sent + 2 * MINUTE, created=sent - DAY,
        )  # fmt: skip
        rows = []
        for at, contact in enumerate(contacts):
            row = Recipient(mailing=mailing, organisation=org, contact=contact, email=contact.email, state="sent")
            row.sent_at = sent + at * timedelta(seconds=1)
            if at % 31 == 7:
                row.bounced_at, row.reason = row.sent_at + MINUTE, "5.1.1 user unknown"
            elif rng.random() < 0.47:
                row.opened_at = row.sent_at + rng.randint(5, 2000) * MINUTE
                if rng.random() < 0.4:
                    row.clicked_at = row.opened_at + MINUTE
            rows.append(row)
        Recipient.objects.bulk_create(rows)

    def _contacts(self, org: Any, many: int) -> list[Contact]:
        rows = []
        for at in range(many):
            name = cast.PEOPLE[at % len(cast.PEOPLE)]
            row = Contact(organisation=org, name=name, company=f"Edificio {at + 1}", country=org.country)
            row.email = f"{slugify(name)}{at}@edificio{at + 1}.example"
            row.source, row.created = "Customers", self.world.now - 90 * DAY
            row.set_keys()
            rows.append(row)
        return Contact.objects.bulk_create(rows)

    def visits(self, seat: Participant, asset: Asset) -> None:
        """Visits of a page, day by day."""
        rng, today = self.world.rng, self.world.now.date()
        Visit.objects.bulk_create(
            Visit(participant=seat, day=today - ago * DAY, asset=source, count=rng.randint(1, 9))
            for ago in range(20)
            for source in (0, asset.pk)
            if rng.random() < 0.8
        )

    def leads(self, campaign: Campaign, seat: Participant, asset: Asset) -> None:
        """Leads from a participant's page; some became deals that are known already."""
        key = self.world.key_of(seat.organisation)
        won = self._deals(key)
        for at, company in enumerate((*cast.LEADS[key], *(deal.customer_name for deal in won))):
            moment = self.world.now - timedelta(days=17 - 2 * at, hours=at)
            person = cast.PEOPLE[at % len(cast.PEOPLE)]
            fields = {"company": company, "contact": person, "need": cast.NEEDS[at % len(cast.NEEDS)]}
            fields |= {"email": f"{slugify(person)}@{slugify(company)}.example"}
            detail = f"asset:{asset.pk}" if at % 3 else ""
            lead = receive_lead(form=seat.form, fields=fields, once=f"demo-{seat.pk}-{at}", detail=detail)  # type: ignore[arg-type]
            self._settle(lead, moment, won[at - len(cast.LEADS[key])] if at >= len(cast.LEADS[key]) else None)

    def _settle(self, lead: Lead, moment: datetime, deal: Deal | None) -> None:
        lead.created = lead.consent_at = moment
        lead.route_at = None
        if deal is not None:
            lead.deal, lead.state = deal, Lead.State.CONVERTED
        lead.save()
        TrailEntry.objects.filter(target="leads.lead", target_id=lead.pk).update(created=moment, fanned_out_at=moment)

    def _deals(self, key: str) -> list[Deal]:
        """Deals of a partner with Aurora that nothing brought yet: what its leads became."""
        org, aurora = self.world.orgs[key], self.world.orgs["aurora"]
        if org == aurora:
            return []
        states = ("won", "approved", "submitted")
        mine = [each for each in self.world.deals if each.partner_id == org.pk and each.vendor_id == aurora.pk]
        free = [each for each in mine if each.state in states and not each.leads.exists()]
        return [
            next(each for each in free if each.state == state) for state in states if state in {d.state for d in free}
        ]

    def waiting(self) -> None:
        """Helios plans a campaign, and waits for Brenta's answer."""
        campaign = self.open("helios", "Drives that pay for themselves", 9_000, 20, 80, target_leads=25)
        self.share(campaign, helios=5_000, brenta=2_500, rhein=1_500)
        self.write(campaign, "page", "Drives that pay for themselves", cast.PAGE)
        self.date(campaign, self.world.now - 3 * DAY)
        actions.plan_campaign(actor=self.actor("helios"), campaign=campaign)
        self.date(campaign, self.world.now - 2 * DAY, told=False)
        self.accept(campaign, "rhein", "+49 221 555 0199", "Deutzer Ring 4, 50679 Köln", shares=False)
        self.date(campaign, self.world.now - DAY)

    def draft(self) -> None:
        """What Aurora thinks of for spring."""
        campaign = self.open("aurora", "Fire pumps: is yours ready?", 15_000, 100, 160, target_leads=30)
        self.share(campaign, aurora=9_000, rhein=3_000, lakes=3_000)
        self.date(campaign, self.world.now - 5 * DAY)

    def over(self) -> None:
        """Nordic's campaign of the spring."""
        campaign = self.open("nordic", "Quiet valves in hospitals", 12_000, -170, 5)
        self.share(campaign, nordic=7_000, brenta=2_000, rhein=3_000)
        self.write(campaign, "page", "Valves that nobody hears", cast.PAGE)
        owner, long_ago = self.actor("nordic"), self.world.now - 175 * DAY
        campaign = actions.plan_campaign(actor=owner, campaign=campaign)
        self.accept(campaign, "brenta", "+39 049 555 0140", "Via Brenta 3, 35129 Padova")
        self.accept(campaign, "rhein", "+49 221 555 0199", "Deutzer Ring 4, 50679 Köln", shares=False)
        campaign = actions.start_campaign(actor=owner, campaign=campaign)
        self.date(campaign, long_ago)
        for key in ("brenta", "rhein"):
            seat = self.seat(campaign, key)
            Visit.objects.create(
                participant=seat, day=long_ago.date() + 20 * DAY, count=self.world.rng.randint(60, 140)
            )
        actions.finish_campaign(actor=owner, campaign=campaign)
        self.date(campaign, self.world.now - 80 * DAY)
        Campaign.objects.filter(pk=campaign.pk).update(ends=self.world.now.date() - 80 * DAY)
