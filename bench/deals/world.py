"""A million deals of one vendor and 200 partners, written by PostgreSQL itself from one deal that the portal made.

Every column that is not varied here keeps the value of that deal, so that a new column needs no word in this file.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.timezone import localdate

PARTNERS = 200
# A sixth of all deals is open, as in a house that has registered for years.
STATES = (
    "(ARRAY['submitted','in_review','returned','approved','approved','approved','approved','approved',"
    "'won','won','won','won','won','won','won','won','won','won','won','won',"
    "'lost','lost','lost','lost','lost','lost','lost','lost','lost','lost',"
    "'expired','expired','expired','expired','expired','expired','expired','expired','rejected','rejected',"
    "'rejected','rejected','withdrawn','withdrawn','withdrawn','withdrawn','withdrawn','withdrawn'])"
)
STAGES = "(ARRAY['qualified','design','proposal','negotiation','commitment'])"
# 400 family names, 80 towns and 15 trades: a name and a town meet about thirty times in a million.
FAMILY = "initcap(substr(translate(md5('name' || {of}), '0123456789', 'aeioulmnrt'), 1, 7))"
TOWN = "initcap(substr(translate(md5('town' || {of}), '0123456789', 'aeiourstln'), 1, 8))"
_TRADES = (
    "Officine Fonderie Cantieri Acquedotto Impianti Molini Cartiere Birrificio Filatura Vetrerie Segheria Pastificio "
    "Tipografia Stamperia Conceria"
)
TRADE = f"(string_to_array('{_TRADES}', ' '))"


def family(number: int) -> str:
    """The family name of that number, as the deals carry it."""
    return _one(FAMILY.format(of=f"{number}"))


def town(number: int) -> str:
    """The town of that number, as the deals carry it."""
    return _one(TOWN.format(of=f"{number}"))


def _one(expression: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        return str(cursor.fetchone()[0])


@dataclass
class World:
    """Who looks: somebody who decides for the vendor, and somebody who sells for one partner."""

    vendor: Any
    reviewer: Any
    partner: Any
    seller: Any
    edges: list[Any]
    pattern: Any


def people() -> World:
    """The vendor, its partners, and one deal made by the portal's own actions."""
    from decimal import Decimal

    from deals import actions
    from partners.actors import actor_for
    from partners.models import Partnership
    from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory

    vendor = OrganisationFactory(name="Aurora Pumps")
    reviewer = MembershipFactory(
        organisation=vendor, roles=[RoleFactory(organisation=vendor, preset="channel_manager")]
    )
    edges = [
        PartnershipFactory(vendor=vendor, partner__name=f"Partner {at:03}", state=Partnership.State.ACTIVE)
        for at in range(PARTNERS)
    ]
    partner = edges[0].partner
    seller = MembershipFactory(organisation=partner, roles=[RoleFactory(organisation=partner, preset="sales")])
    actor = actor_for(seller.user, partner.pk, "web")
    fields = {
        "customer_name": "Pattern S.p.A.",
        "title": "Pumping station",
        "amount": Decimal(12000),
        "decision_date": localdate(),
    }
    lines = [actions.LineInput(product_text="Vertical pump", quantity=Decimal(2), asked_price=Decimal(6000))]
    draft = actions.save_draft(actor=actor, partnership=edges[0], fields=fields, lines=lines)
    pattern = actions.submit_deal(actor=actor, deal=draft, terms=True)
    return World(vendor, reviewer, partner, seller, edges, pattern)


def fill(world: World, first: int, last: int) -> None:
    """Write the deals of these numbers (both included), each with a line, a check and the entry of its submission."""
    from core.models import TrailEntry, TrailReader
    from deals.models import ConflictCheck, Deal, DealLine

    pattern = world.pattern
    newest = Deal.objects.order_by("-pk").values_list("pk", flat=True)[0]
    _copy(Deal, _varied(), _numbered(first, last, [edge.pk for edge in world.edges]), f"t.id = {pattern.pk}")
    line, check = pattern.lines.get(), ConflictCheck.objects.get(deal=pattern)
    entry = TrailEntry.objects.filter(verb="deal.submitted", target_id=pattern.pk).get()
    reader = TrailReader.objects.filter(entry=entry)[0]
    new = f"d.id > {newest} AND t.id ="
    about = {"target_id": "d.id", "created": "d.created", "organisation_id": "d.partner_id"}
    told = "deals_deal d JOIN core_trailentry x ON x.target = 'deals.deal' AND x.target_id = d.id, core_trailreader t"
    _copy(DealLine, {"deal_id": "d.id"}, "deals_deal d, deals_dealline t", f"{new} {line.pk}")
    _copy(ConflictCheck, {"deal_id": "d.id"}, "deals_deal d, deals_conflictcheck t", f"{new} {check.pk}")
    _copy(TrailEntry, about, "deals_deal d, core_trailentry t", f"{new} {entry.pk}")
    for side in ("d.partner_id", "d.vendor_id"):
        _copy(TrailReader, {"entry_id": "x.id", "organisation_id": side}, told, f"{new} {reader.pk}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _varied() -> dict[str, str]:
    """The columns in which one deal differs from the next, as SQL over the number `n` and the partnership `e`."""
    spread = "((n::bigint * 7919) % 1000003)"  # deals that follow each other are not alike
    when = f"now() - interval '84 seconds' * {spread}"
    number = "lpad((n + 10)::text, 9, '0')"
    name = f"{TRADE}[1 + {spread} % 15] || ' ' || {FAMILY.format(of=f'({spread} % 400)')}"
    name += f" || ' ' || {TOWN.format(of=f'({spread} / 400 % 80)')}"
    state = f"{STATES}[1 + ({spread} / 7) % 48]"
    ends = f"(now() + interval '1 day' * (1 + {spread} % 90))::date"
    return {
        "number": f"'D-' || {number}",
        "partnership_id": "e.id",
        "partner_id": "e.partner_id",
        "customer_id": "NULL",
        "draft_key": "NULL",
        "customer_name": f"{name} || ' S.p.A.'",
        "customer_name_key": f"lower({name})",
        "search_text": f"' d-' || {number} || ' pumping station ' || lower({name}) || ' s.p.a. '",
        "amount": f"1000 + {spread} % 90000",
        "stage": f"{STAGES}[1 + ({spread} / 3) % 5]",
        "state": state,
        "created": when,
        "submitted_at": when,
        "priority_at": when,
        "sla_due_at": f"CASE WHEN {state} IN ('submitted', 'in_review') THEN now() + interval '5 hours' END",
        "protected_until": f"CASE WHEN {state} = 'approved' THEN {ends} END",
        "decision_date": f"(now() + interval '1 day' * (1 + {spread} % 300))::date",
    }


def _numbered(first: int, last: int, edges: list[int]) -> str:
    """FROM: the numbers `n`, to each a partnership `e`, and the deal `t` that is copied.

    The first partner, who looks, has registered every fourth deal: its pages are full at every size, so what grows is
    the table and not the page. The others take turns.
    """
    ids = ", ".join(map(str, edges))
    turns = (
        "SELECT p.id, p.partner_id, row_number() OVER (ORDER BY p.id) - 1 AS turn "
        f"FROM partners_partnership p WHERE p.id IN ({ids})"
    )
    return (
        f"generate_series({first}, {last}) AS n JOIN ({turns}) e "
        f"ON e.turn = CASE n % 4 WHEN 0 THEN 0 ELSE n % {len(edges)} END, deals_deal t"
    )


def _copy(model: type[Model], varied: dict[str, str], source: str, where: str) -> None:
    """INSERT … SELECT: the columns of the row `t`, but for those that vary."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    chosen = ", ".join(varied.get(column, f't."{column}"') for column in columns)
    quoted = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({quoted}) SELECT {chosen} FROM {source} WHERE {where}')
