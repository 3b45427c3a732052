"""The demo's deals: 150 in every state over all partnerships, with the eight months of history behind them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from core.models import Sequence
from core.numbers import with_check_digit
from deals import demo_cast as cast
from deals import working_time
from deals.actions.filing import file_deals
from deals.actions.reviewing import schedule_reminders
from deals.actions.submitting import PREFIX
from deals.demo_accounts import accounts
from deals.demo_approvals import ask_for_approval, large
from deals.demo_conflicts import conflicts
from deals.demo_history import Sketch, decide, story_of, tell
from deals.demo_pipeline import sell, stand_beside
from deals.demo_requests import ask
from deals.demo_types import dress, types_of
from deals.identity import name_key
from deals.models import (
    BusinessCalendar,
    ClusterKey,
    ConflictCheck,
    CustomerCluster,
    Deal,
    DealLine,
    EndCustomer,
    Protection,
    RegistrationType,
    Stage,
)
from deals.models.stages import PROBABILITY
from partners.models import Partnership

FIRST_NUMBER = 3985
# How many in each state, and how many days ago they were submitted.
PLAN = (
    ("won", 34, 25, 235),
    ("lost", 14, 30, 220),
    ("expired", 14, 130, 235),
    ("rejected", 12, 4, 200),
    ("withdrawn", 7, 10, 180),
    ("revoked", 2, 20, 120),
    ("approved", 41, 3, 54),
    ("returned", 6, 1, 6),
    ("in_review", 7, 0, 2),
    ("submitted", 7, 0, 1),
    ("draft", 7, 0, 14),
)


def fill(world: Any) -> None:
    """Write the deals, their customers, checks, protections, reminders and trail."""
    types = types_of(world, {key: org for key, org in world.orgs.items() if _is_vendor(world, org)})
    _calendar(world)
    big = large(world, types, _blank)
    _customer_row(big.deal)
    sketches = [_reference(world, types), big, *_planned(world, types)]
    sketches += _conflicts(world, types, sketches)
    sketches.sort(key=lambda each: each.when)
    _number(sketches)
    dress(world, sketches)
    sell(world, sketches)
    Deal.objects.bulk_create(each.deal for each in sketches)
    DealLine.objects.bulk_create(line for each in sketches for line in _attached(each))
    _check(sketches)
    _protect(world, sketches)
    file_deals(each.deal for each in sketches)
    tell(world, [event for each in sketches for event in story_of(world, each)])
    ask(world, sketches)
    ask_for_approval(world, big)
    stand_beside(world, sketches)
    conflicts(world, sketches)
    accounts(world)
    world.deals = [each.deal for each in sketches]


def _is_vendor(world: Any, org: Any) -> bool:
    return any(edge.vendor_id == org.pk for edge in world.partnerships)


def _calendar(world: Any) -> None:
    """Aurora works by the Italian holidays, with a break at noon, and closes in August and between the years."""
    year = localdate(world.now).year
    day = [["08:30", "12:30"], ["13:30", "17:30"]]
    closed = [(year, 12, 24, year + 1, 1, 2, "Chiusura natalizia"), (year + 1, 8, 9, year + 1, 8, 20, "Ferie d'agosto")]
    BusinessCalendar.objects.create(
        vendor=world.orgs["aurora"],
        hours=[day, day, day, day, [["08:30", "12:30"], ["13:30", "16:30"]], [], []],
        country="IT",
        closings=[
            {"from": date(*days[:3]).isoformat(), "to": date(*days[3:]).isoformat(), "name": name}
            for *days, name in closed
        ],
    )


def _planned(world: Any, types: dict[str, RegistrationType]) -> Iterator[Sketch]:
    edges = [edge for edge in world.partnerships if edge.state == Partnership.State.ACTIVE]
    weights = [3 if world.key_of(edge.vendor) == "aurora" else 2 for edge in edges]
    taken: set[tuple[int, str]] = set()
    for state, number, newest, oldest in PLAN:
        for _ in range(number):
            edge = world.rng.choices(edges, weights)[0]
            yield _sketch(world, types, edge, state, (newest, oldest), taken)


def _sketch(
    world: Any, types: dict[str, RegistrationType], edge: Partnership, state: str, ago: tuple[int, int], taken: set
) -> Sketch:
    rng = world.rng
    name, city, title = _customer(rng, edge.partner.country, edge.vendor_id, taken)
    when = _office_hour(rng, world.now - timedelta(days=rng.randint(*ago)), world.now)
    stage = rng.choice(Stage.values)
    deal = _blank(world, types, edge, when, state)
    deal.title = f"{title}, {name.removesuffix(cast.FORMS.get(edge.partner.country, '')).strip()}"
    deal.customer_name, deal.customer_city, deal.customer_name_key = name, city, name_key(name)
    deal.stage, deal.probability = stage, PROBABILITY[Stage(stage)]
    deal.decision_date = (when + timedelta(days=rng.randint(20, 150))).date()
    deal.competitor, deal.requested_benefit = rng.choice(cast.COMPETITORS), rng.choice(cast.BENEFITS)
    deal.note = rng.choice(cast.NOTES)
    lines = _lines(rng, deal, world.products.get(world.key_of(edge.vendor), []))
    deal.amount = sum((line.total or Decimal(0) for line in lines), Decimal(0))
    _customer_row(deal)
    sketch = Sketch(deal, when, lines)
    decide(world, sketch)
    return sketch


def _customer(rng: Any, country: str, vendor_id: int, taken: set) -> tuple[str, str, str]:
    """A customer that no other deal of this vendor names, so that no two protections meet by chance."""
    country = country if country in cast.CUSTOMERS else "IT"
    while True:
        pattern, title = rng.choice(cast.CUSTOMERS[country])
        city = rng.choice(cast.CITIES[country])
        name = f"{pattern.format(city)} {cast.FORMS[country]}"
        if len(taken) > 2000 or (vendor_id, name) not in taken:
            taken.add((vendor_id, name))
            return name, city, title


def _office_hour(rng: Any, day: datetime, latest: datetime) -> datetime:
    moment = day.replace(hour=9, minute=0) + timedelta(minutes=rng.randint(0, 500))
    moment -= timedelta(days=max(0, moment.weekday() - 4))
    return min(moment, latest - timedelta(minutes=rng.randint(20, 200)))


def _blank(world: Any, types: dict[str, RegistrationType], edge: Partnership, when: datetime, state: str) -> Deal:
    vendor_key, partner_key = world.key_of(edge.vendor), world.key_of(edge.partner)
    deal = Deal(
        partnership=edge,
        vendor=edge.vendor,
        partner=edge.partner,
        type=types[vendor_key],
        submitter=world.person(partner_key, "sales"),
        customer_country=edge.partner.country,
        currency=edge.vendor.currency,
        state=state,
        created=when - timedelta(hours=world.rng.randint(1, 30)),
    )
    if state != Deal.State.DRAFT:
        deal.submitted_at = deal.priority_at = when
        deal.sla_due_at = working_time.add_minutes(when, deal.type.review_hours * 60)
    if state not in {Deal.State.DRAFT, Deal.State.SUBMITTED}:
        deal.owner = world.person(vendor_key, "channel_manager")
    return deal


def _lines(rng: Any, deal: Deal, products: list[Any]) -> list[DealLine]:
    discount = Decimal(rng.choice((0, 3, 5, 7, 10)))
    if not products:
        line = DealLine(deal=deal, product_text="Valve station, complete", quantity=Decimal(rng.randint(1, 6)))
        line.asked_price = Decimal(rng.randint(20, 90) * 100)
        return [line]
    main = rng.choice([each.product_line for each in products])
    fitting = [each for each in products if each.product_line == main] + rng.sample(products, min(2, len(products)))
    chosen = dict.fromkeys(rng.sample(fitting, min(len(fitting), rng.randint(1, 4))))
    return [_line(deal, position, each, rng, discount) for position, each in enumerate(chosen, start=1)]


def _line(deal: Deal, position: int, product: Any, rng: Any, discount: Decimal) -> DealLine:
    least, most = (12, 60) if product.list_price < 600 else (4, 24) if product.list_price < 4000 else (1, 8)
    return DealLine(
        deal=deal,
        position=position,
        product=product,
        product_text=product.name,
        sku=product.sku,
        unit=product.unit,
        product_line=product.product_line,
        quantity=Decimal(rng.randint(least, most)),
        list_price=product.list_price,
        asked_price=(product.list_price * (100 - discount) / 100).quantize(Decimal("0.01")),
    )


def _customer_row(deal: Deal) -> None:
    deal.customer = EndCustomer.objects.get_or_create(
        organisation=deal.partner,
        name_key=deal.customer_name_key,
        country=deal.customer_country,
        defaults={
            "name": deal.customer_name,
            "city": deal.customer_city,
            "vat": deal.customer_vat,
            "created": deal.created,
        },
    )[0]


def _reference(world: Any, types: dict[str, RegistrationType]) -> Sketch:
    """The deal of the pictures: Brenta's pumping station, in review at Aurora since this morning."""
    edge = next(
        each
        for each in world.partnerships
        if (world.key_of(each.vendor), world.key_of(each.partner)) == ("aurora", "brenta")
    )
    when = world.now - timedelta(minutes=40)
    deal = _blank(world, types, edge, when, "in_review")
    deal.title, deal.customer_name = "Pumping station upgrade, Consorzio Adige", "Consorzio Adige S.p.A."
    deal.customer_name_key, deal.customer_vat = "consorzio adige", "IT01234560231"
    deal.customer_city, deal.customer_domain = "Verona", "consorzioadige.example"
    deal.submitter = world.people.get("marta.riva@brenta.example") or deal.submitter
    deal.owner = world.people.get("luca.conti@aurora.example") or deal.owner
    deal.amount, deal.stage, deal.probability = Decimal("184200.00"), Stage.PROPOSAL, 60
    deal.decision_date = localdate(world.now) + timedelta(days=62)
    deal.competitor, deal.requested_benefit = "KSB", "Special price −7 %"
    deal.note = "The tender closes in two months. They want six pumps and our commissioning."
    by_sku = {product.sku: product for product in world.products.get("aurora", [])}
    lines = [_reference_line(deal, position, row, by_sku) for position, row in enumerate(cast.REFERENCE_LINES, 1)]
    _customer_row(deal)
    return Sketch(deal, when, lines, moments={"taken": when + timedelta(minutes=12)})


def _reference_line(deal: Deal, position: int, row: tuple[str, ...], by_sku: dict[str, Any]) -> DealLine:
    sku, name, quantity, listed, asked, product_line = row
    product = by_sku.get(sku)
    return DealLine(
        deal=deal,
        position=position,
        product=product,
        product_text=product.name if product else name,
        sku=sku,
        unit=product.unit if product else "C62",
        product_line=product.product_line if product else product_line,
        quantity=Decimal(quantity),
        list_price=Decimal(listed),
        asked_price=Decimal(asked),
    )


def _conflicts(world: Any, types: dict[str, RegistrationType], sketches: list[Sketch]) -> list[Sketch]:
    """Two registrations of Aurora's that meet another partner's protection; only Aurora can know."""
    aurora = world.orgs["aurora"].pk
    held = [each for each in sketches if each.deal.state == "approved" and each.deal.vendor_id == aurora][:2]
    edges = [edge for edge in world.partnerships if edge.vendor_id == aurora and edge.state == Partnership.State.ACTIVE]
    found = []
    for blocker in held:
        edge = next(each for each in edges if each.partner_id != blocker.deal.partner_id)
        rival = _sketch(world, types, edge, "submitted", (0, 1), set())
        for name in ("customer_name", "customer_name_key", "customer_city", "customer_country", "title"):
            setattr(rival.deal, name, getattr(blocker.deal, name))
        rival.lines = [_copy(line, rival.deal) for line in blocker.lines]
        rival.blocked_by = blocker
        _customer_row(rival.deal)
        found.append(rival)
    return found


def _copy(line: DealLine, deal: Deal) -> DealLine:
    names = (
        "position",
        "product",
        "product_text",
        "sku",
        "unit",
        "product_line",
        "quantity",
        "list_price",
        "asked_price",
    )
    return DealLine(deal=deal, **{name: getattr(line, name) for name in names})


def _number(sketches: list[Sketch]) -> None:
    submitted = [each.deal for each in sketches if each.deal.state != "draft"]
    for serial, deal in enumerate(submitted, start=FIRST_NUMBER):
        deal.number = with_check_digit(PREFIX, serial)
    Sequence.objects.update_or_create(name="deal", defaults={"last": FIRST_NUMBER + len(submitted) - 1})


def _attached(sketch: Sketch) -> list[DealLine]:
    for line in sketch.lines:
        line.deal = sketch.deal
        if sketch.deal.state in {"approved", "won", "lost", "expired", "revoked"}:
            line.approved_price = line.asked_price
    return sketch.lines


def _check(sketches: list[Sketch]) -> None:
    ConflictCheck.objects.bulk_create(
        ConflictCheck(
            vendor=each.deal.vendor,
            deal=each.deal,
            verdict="blocking" if each.blocked_by else "clear",
            queued=each.blocked_by is not None,
            blocker=each.blocked_by.deal if each.blocked_by else None,
            checked_at=each.when,
        )
        for each in sketches
        if each.deal.state != "draft"
    )


def _protect(world: Any, sketches: list[Sketch]) -> None:
    """Clusters, protections and the reminders still ahead, for what was approved."""
    for sketch in sketches:
        deal = sketch.deal
        if deal.state not in {"approved", "won"} or deal.protected_from is None:
            continue
        cluster = CustomerCluster.objects.create(vendor=deal.vendor, name=deal.customer_name, created=sketch.when)
        ClusterKey.objects.bulk_create(
            ClusterKey(vendor=deal.vendor, cluster=cluster, kind=key.kind, value=key.value)
            for key in deal.customer_keys
        )
        span = {"start": deal.protected_from, "end": deal.protected_until, "vendor": deal.vendor, "cluster": cluster}
        lines = sorted({line.product_line for line in sketch.lines})
        Protection.objects.bulk_create(Protection(deal=deal, product_line=line, **span) for line in lines)
        if deal.state == "approved":
            _remind(world, deal)


def _remind(world: Any, deal: Deal) -> None:
    if deal.protected_until and deal.protected_until > localdate(world.now):
        schedule_reminders(deal, deal.protected_until)
