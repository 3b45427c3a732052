"""The demo's leads: forty in every state, with the rules, offers, form and import behind them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from core.models import Sequence
from core.numbers import with_check_digit
from leads import clock
from leads import demo_cast as cast
from leads.actions.capturing import PREFIX
from leads.models import ImportLine, Intake, Lead, LeadForm, LeadImport, LeadOffer, RoutingRule
from partners.models import Partnership

FIRST_NUMBER = 212
# How many in each state, and how many days ago they came in.
PLAN = (
    ("new", 3, 0, 1),
    ("routed", 3, 1, 4),
    ("offered", 7, 0, 0),
    ("accepted", 6, 0, 1),
    ("working", 7, 2, 9),
    ("converted", 5, 5, 30),
    ("closed", 6, 10, 45),
    ("spam", 3, 1, 10),
)


def fill(world: Any) -> None:
    """Write the leads of Aurora, with what belongs to them."""
    vendor = world.orgs["aurora"]
    edges = [each for each in world.partnerships if each.vendor_id == vendor.pk and each.state == "active"]
    rules = _rules(vendor, edges)
    form = _form(world, vendor)
    imported = _import(world, vendor)
    number = FIRST_NUMBER
    for state, count, newest, oldest in PLAN:
        for place in range(count):
            number += 1
            lead = _lead(world, vendor, number, state, (newest, oldest))
            lead.form, lead.imported = (form, None) if place % 2 == 0 else (None, imported if place % 3 else None)
            lead.source = "form" if lead.form else "import" if lead.imported else "hand"
            _story(world, lead, edges, rules)
    Sequence.objects.update_or_create(name="lead", defaults={"last": number})
    imported.taken = imported.leads.count()
    imported.settled = imported.total = imported.taken + len(cast.REFUSED)
    imported.save()


def _rules(vendor: Any, edges: list[Partnership]) -> list[RoutingRule]:
    for at, edge in enumerate(edges):
        Intake.objects.create(
            vendor=vendor, partnership=edge, capacity=12 - 2 * (at % 3), weight=1 + at % 3,
            certificates=["ATEX", "Service level 2"] if at % 2 == 0 else [],
        )  # fmt: skip
    return [
        RoutingRule.objects.create(
            vendor=vendor, name="Large fire pumps", position=1, product_lines=["Fire pumps"], min_value=Decimal(50_000),
            way="tier", in_territory=False, certificate="ATEX", offer_hours=18,
        ),
        RoutingRule.objects.create(vendor=vendor, name="By territory", position=2, way="idle"),
    ]  # fmt: skip


def _form(world: Any, vendor: Any) -> LeadForm:
    return LeadForm.objects.create(
        vendor=vendor,
        code="aurora-booster-2026",
        name="Web site, booster sets",
        title="Ask Aurora for an offer",
        intro="Tell us what you need to move. A partner near you answers within two working days.",
        asked=["contact", "phone", "country", "region", "city", "product_line", "size", "message"],
        product_lines=["Booster sets", "Well pumps", "Process pumps", "Sewage pumps", "Fire pumps"],
        campaign="Web site",
        consent_text="Aurora Pumps and the partner that looks after my region may contact me about this request.",
        thanks="Thank you. A partner near you gets in touch within two working days.",
        created=world.now - timedelta(days=120),
    )


def _import(world: Any, vendor: Any) -> LeadImport:
    row = LeadImport(
        vendor=vendor,
        user=world.person("aurora", "channel_manager"),
        name="fair-bologna-visitors.csv",
        encoding="cp1252",
        separator=";",
        mapping={"company": 0, "contact": 1, "email": 2, "need": 3},
        campaign="Fair in Bologna",
        consent_source="Stand 21, visitor card",
        state="done",
        created=world.now - timedelta(days=31),
    )
    row.file.save("leads.csv", ContentFile("Azienda;Referente;E-mail;Interesse\r\n".encode("cp1252")), save=False)
    row.save()
    ImportLine.objects.bulk_create(
        ImportLine(imported=row, number=number, outcome=outcome, reason=why) for number, outcome, why in cast.REFUSED
    )
    return row


def _lead(world: Any, vendor: Any, number: int, state: str, ago: tuple[int, int]) -> Lead:
    rng = world.rng
    country, region, city = cast.PLACES[number % len(cast.PLACES)]
    company = rng.choice(cast.COMPANIES if country == "IT" else cast.ABROAD).format(city)
    need, product_line, size, value = rng.choice(cast.NEEDS)
    person = rng.choice(cast.PEOPLE)
    host = "".join(letter for letter in company.lower().replace(" ", "-") if letter.isascii())
    lead = Lead(vendor=vendor, number=with_check_digit(PREFIX, number), company=company, contact=person, state=state)
    lead.country, lead.region, lead.city = country, region, city
    lead.email = f"{person.split()[0].lower().encode('ascii', 'ignore').decode()}@{host}.example"
    lead.phone = f"+39 0444 5{rng.randint(10000, 99999)}" if country == "IT" else ""
    lead.need, lead.product_line, lead.size = need, product_line, size
    lead.value = Decimal(value) if value else None
    lead.message, lead.campaign = rng.choice(cast.MESSAGES), rng.choice(cast.CAMPAIGNS)
    lead.score = rng.randint(20, 95)
    lead.created = world.now - timedelta(days=rng.randint(*ago), minutes=rng.randint(20, 180))
    lead.consent_at = lead.created if state != "spam" else None
    lead.consent_source = "Form “Web site, booster sets”, version 1"
    if state == "spam":
        lead.company, lead.need, lead.message = "BEST SEO 4 YOU", "First page of every search engine", "http://… " * 4
    return lead


def _story(world: Any, lead: Lead, edges: list[Partnership], rules: list[RoutingRule]) -> None:
    """The lead with its offers and its trail."""
    manager = world.actor("aurora", "channel_manager")
    state, lead.state = lead.state, "new"
    lead.save()
    world.trail(manager, "lead.created", lead, lead.created)
    if state == "routed":
        _declined(world, lead, edges, rules)
        lead.why_waiting = "Nobody fits the rule “By territory” now."
    if state in {"offered", "accepted", "working", "converted"} or (state == "closed" and lead.pk % 2):
        _offered(world, lead, state, edges, rules)
    if state == "closed":
        lead.closure_code, lead.closure_note = "no_budget", "They decide again next autumn."
    lead.state = state
    lead.save()


def _pick(lead: Lead, edges: list[Partnership]) -> Partnership:
    """Whose territory it is, else by turns; Brenta Impianti is never without."""
    near = [edge for edge in edges if lead.region and lead.region.split("-", maxsplit=1)[0] in edge.territory]
    return near[0] if near else edges[lead.pk % len(edges)]


def _declined(world: Any, lead: Lead, edges: list[Partnership], rules: list[RoutingRule]) -> None:
    offer = _offer(lead, _pick(lead, edges), rules, lead.created + timedelta(minutes=5))
    offer.state = LeadOffer.State.DECLINED
    offer.decline_code, offer.decline_note = cast.DECLINES[lead.pk % 2]
    offer.answered_at = offer.offered_at + timedelta(hours=1)
    offer.save()
    _tell(world, offer, ("offered", offer.offered_at), ("declined", offer.answered_at))


def _offered(world: Any, lead: Lead, state: str, edges: list[Partnership], rules: list[RoutingRule]) -> None:
    offer = _offer(lead, _pick(lead, edges), rules, lead.created + timedelta(minutes=3))
    steps: list[tuple[str, datetime]] = [("offered", offer.offered_at)]
    lead.due_at = offer.expires_at
    if state != "offered":
        steps += list(_accepted(world, lead, offer, state))
    offer.save()
    _tell(world, offer, *steps)


def _accepted(world: Any, lead: Lead, offer: LeadOffer, state: str) -> Iterator[tuple[str, datetime]]:
    moment = offer.offered_at + timedelta(minutes=15)
    offer.state, offer.answered_at = LeadOffer.State.ACCEPTED, moment
    offer.answered_by = world.person(world.key_of(offer.partner), "sales")
    offer.first_touch_due = clock.after_minutes(offer.vendor_id, world.now, offer.touch_minutes)
    lead.holder, lead.accepted_at, lead.due_at = offer.partner, moment, offer.first_touch_due
    yield "accepted", moment
    if state != "accepted":
        lead.touched_at = moment + timedelta(hours=5)
        offer.first_touch_due, offer.idle_due = None, clock.idle_until(offer, max(lead.touched_at, world.now))
        lead.due_at = offer.idle_due
        yield "touched", lead.touched_at
    if state in {"converted", "closed"}:
        offer.idle_due = lead.due_at = None
    if state == "converted":
        yield "converted", moment + timedelta(days=2)
        deals = [
            deal for deal in world.deals if deal.partner_id == offer.partner_id and deal.vendor_id == offer.vendor_id
        ]
        lead.deal = next((deal for deal in deals if deal.state == "approved" and not deal.leads.exists()), None)
    if state == "closed":
        yield "finished", moment + timedelta(days=3)


def _offer(lead: Lead, edge: Partnership, rules: list[RoutingRule], moment: datetime) -> LeadOffer:
    rule = rules[0] if lead.product_line == "Fire pumps" else rules[1]
    answer, touch, idle = clock.terms_of(rule)
    return LeadOffer(
        lead=lead,
        partnership=edge,
        vendor_id=edge.vendor_id,
        partner=edge.partner,
        rule=rule,
        why=f"Rule “{rule.name}”: {edge.partner} has waited longest.",
        offered_at=moment,
        expires_at=clock.after_minutes(edge.vendor_id, moment, answer),
        touch_minutes=touch,
        idle_days=idle,
    )


def _tell(world: Any, offer: LeadOffer, *steps: tuple[str, datetime]) -> None:
    """The offer's history, each step by the side that did it."""
    vendor = world.actor("aurora", "channel_manager")
    partner = world.actor(world.key_of(offer.partner), "sales")
    for step, moment in steps:
        note = {"note": cast.CONTACTS[offer.pk % len(cast.CONTACTS)]} if step == "touched" else {}
        if step == "declined":
            note = {"note": offer.decline_note}
        world.trail(vendor if step == "offered" else partner, f"lead.{step}", offer, min(moment, world.now), **note)
