"""What came before the demo's sales: leads of campaigns, letters that were read, activities that a fund paid for.

It stands here, above the apps that it writes to, as it is the one place that knows of a sale from end to end.
"""

from datetime import timedelta
from typing import Any

from django.utils.text import slugify
from django.utils.timezone import localdate

from audiences.models import Contact, Link, Mailing, Recipient
from core.models import Sequence
from core.numbers import with_check_digit
from deals.models import Deal
from funds.demo import OF_ITALY, Stage
from funds.models import Fund, FundRequest, Settlement
from leads.actions.capturing import PREFIX
from leads.models import Lead, LeadOffer
from orders.models import Order
from partners.models import Partnership

CAMPAIGNS = ("Fair in Bologna", "Energy check for hotels", "Article on energy", "Energy check for hotels", "")
PEOPLE = ("Anna Rossetti", "Giorgio Villa", "Petra Lindner", "Claire Morel", "Marco Zanetti", "Ida Berti")
# Title, activity, days from today until it starts, how long it takes, its cost, what is asked.
FAIR = ("Stand at the spring fair in Verona", "fair", -55, 4, 11_000, 5_500)
EARLIER = timedelta(days=140)  # it was claimed in its time, so it is told first and then moved to where it was
LETTERS = (
    ("Energy check: what your pumps cost a year", 190),
    ("Three hotels, a third less energy", 120),
)


def fill(world: Any) -> None:
    """Give most invoiced sales of Aurora a beginning; every fourth has none that anybody knows of."""
    rng, aurora = world.rng, world.orgs["aurora"]
    invoiced = Order.objects.filter(seller=aurora, state__in=("invoiced", "closed"), deal__isnull=False)
    sales = list(invoiced.select_related("deal__partner", "deal__vendor", "partnership").order_by("created", "pk"))
    letters = [_letter(world, aurora, subject, days) for subject, days in LETTERS]
    for at, order in enumerate(sales):
        if at % 4 == 3:
            continue
        if at % 4 == 2:
            Deal.objects.filter(orders=order).update(source=Deal.Source.CAMPAIGN)
            continue
        lead = _lead(world, rng, order, CAMPAIGNS[at % len(CAMPAIGNS)])
        _read(rng, lead, letters, order)
    _fair(world, {order.deal.partner_id for order in sales[2::4]})  # type: ignore[union-attr]


def _lead(world: Any, rng: Any, order: Order, campaign: str) -> Lead:
    """The lead from which the deal of an order was made."""
    deal: Any = order.deal
    number = Sequence.objects.get(name="lead").last + 1
    Sequence.objects.filter(name="lead").update(last=number)
    person = rng.choice(PEOPLE)
    lead = Lead(
        vendor=deal.vendor, holder=deal.partner, deal=deal, state=Lead.State.CONVERTED, source=Lead.Source.FORM,
        number=with_check_digit(PREFIX, number), company=deal.customer_name, contact=person, need=deal.title[:200],
        country=deal.customer_country, city=deal.customer_city, campaign=campaign, score=rng.randint(40, 95),
        email=f"{slugify(person.split()[0])}@{slugify(deal.customer_name)}.example",
        created=deal.submitted_at - timedelta(days=rng.randint(4, 20), hours=3),
    )  # fmt: skip
    lead.accepted_at = lead.created + timedelta(hours=5)
    lead.touched_at = lead.created + timedelta(hours=9)
    lead.save()
    Deal.objects.filter(pk=deal.pk).update(source=Deal.Source.LEAD)
    offer = LeadOffer.objects.create(
        lead=lead, partnership=order.partnership, vendor=deal.vendor, partner=deal.partner, offered_at=lead.created,
        state=LeadOffer.State.ACCEPTED, answered_at=lead.accepted_at, expires_at=lead.created + timedelta(days=1),
        why="Chosen by hand.",
    )  # fmt: skip
    manager = world.actor(world.key_of(deal.vendor), "channel_manager")
    seller = world.actor(world.key_of(deal.partner), "sales")
    world.trail(manager, "lead.created", lead, lead.created)
    world.trail(manager, "lead.offered", offer, lead.created)
    world.trail(seller, "lead.accepted", offer, lead.accepted_at)
    world.trail(seller, "lead.converted", offer, min(deal.submitted_at, world.now))
    return lead


def _letter(world: Any, aurora: Any, subject: str, days: int) -> Mailing:
    started = world.now - timedelta(days=days, hours=1)
    mailing = Mailing.objects.create(
        organisation=aurora, subject=subject, body="[Ask for the check](https://aurora.example/energy-check)",
        sender_name="Aurora Pumps", reply_to="news@aurora.example", state=Mailing.State.SENT, created=started,
        started_at=started, frozen_at=started, finished_at=started + timedelta(minutes=2),
        written_by=world.person("aurora", "channel_manager"),
    )  # fmt: skip
    Link.objects.create(mailing=mailing, number=1, url="https://aurora.example/energy-check")
    world.trail(world.actor("aurora", "channel_manager"), "mailing.finished", mailing, mailing.finished_at)
    return mailing


def _read(rng: Any, lead: Lead, letters: list[Mailing], order: Order) -> None:
    """Whoever wrote in is written to from then on; some letters are opened, some followed."""
    contact = Contact.objects.filter(organisation=lead.vendor, email_key=lead.email).first() or Contact.objects.create(
        organisation=lead.vendor, name=lead.contact, company=lead.company, email=lead.email, country=lead.country,
        source=lead.campaign or "Web form", created=lead.created,
    )  # fmt: skip
    for mailing in letters:
        row = Recipient(mailing=mailing, organisation=lead.vendor, contact=contact, email=contact.email, state="sent")
        sent: Any = mailing.started_at
        row.sent_at = sent
        if rng.random() < 0.7:
            opened = sent + timedelta(hours=rng.randint(1, 60))
            row.opened_at, row.clicked_at = opened, opened + timedelta(seconds=40) if rng.random() < 0.6 else None
        if not mailing.recipients.filter(email=row.email).exists():
            row.save()


def _fair(world: Any, partners: set[int]) -> None:
    """A fair in spring, paid from the fund for Italy, for those whose deals came from a campaign."""
    aurora = world.orgs["aurora"]
    fund = Fund.objects.filter(vendor=aurora, name=OF_ITALY.format(world.now.year)).first()
    active = Partnership.objects.filter(vendor=aurora, state=Partnership.State.ACTIVE).select_related("partner")
    edges = {world.key_of(edge.partner): edge for edge in active}
    if fund is None:
        return
    stage = Stage(world, aurora, edges)
    stage.files = 1000  # proofs of the same content are refused
    for key, edge in sorted(edges.items()):
        if edge.partner_id in partners and edge.partner.country == "IT":
            request = stage.granted(stage.submitted(stage.draft(key, fund, FAIR)))
            stage.paid(request)
            _move(request)


def _move(request: FundRequest) -> None:
    for line in request.lines.all():
        line.starts, line.ends = line.starts - EARLIER, line.ends - EARLIER
        line.save(update_fields=["starts", "ends"])
    request.refresh_from_db()
    for name in ("first_day", "last_day", "claim_until"):
        setattr(request, name, getattr(request, name) - EARLIER)
    request.save(update_fields=["first_day", "last_day", "claim_until"])
    Settlement.objects.filter(claim__request=request).update(day=localdate() - EARLIER)
