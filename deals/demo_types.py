"""The demo's types of registration: Aurora offers three, the others their standard one."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from deals.actions import add_type, save_type
from deals.demo_history import Sketch
from deals.models import Deal, RegistrationType

State = Deal.State
PLAIN = ["Pumps", "Drives", "Accessories", "Spare parts"]
SMALL = {
    "name": "Small projects",
    "join": "all",
    "groups": [
        {
            "join": "all",
            "conditions": [
                {"field": "amount", "op": "lt", "value": {"amount": "25000", "currency": "EUR"}},
                {"field": "discount", "op": "le", "value": "7"},
                {"field": "product_lines", "op": "within", "value": PLAIN},
            ],
        }
    ],
}
TENDER = {
    "name": "Tender",
    "help": "For public tenders: whoever registers first before publication is backed with price and papers.",
    "protection_days": 180,
    "extensions": 2,
    "extension_days": 90,
    "review_hours": 16,
    "tender": True,
    "benefit": "Help with the tender papers",
    "required": ["customer_vat"],
    "own_fields": [
        {"label": "Procedure", "kind": "choice", "choices": ["Open", "Restricted", "Negotiated"], "required": True},
        {"label": "Closing date of the tender", "kind": "date"},
        {"label": "Bid bond asked for", "kind": "yes_no"},
        {"label": "Specified make", "kind": "text", "help": "The make that the consultant wrote in, if any."},
    ],
    "evidence_kinds": [{"label": "Tender notice", "help": "The notice or the invitation, as PDF.", "count": 1}],
}
FRAMEWORK = {
    "name": "Framework agreement",
    "help": "For customers who call off over a year or more at agreed prices.",
    "protection_days": 365,
    "exclusive": False,
    "extensions": 3,
    "extension_days": 180,
    "review_hours": 24,
    "benefit": "Stock reserved for the first call-off",
    "benefit_percent": "4.00",
    "own_fields": [
        {"label": "Expected call-offs a year", "kind": "number", "required": True},
        {"label": "Price fixed until", "kind": "date"},
    ],
    "evidence_kinds": [{"label": "Letter of intent", "help": "Signed by the customer.", "count": 1}],
}


def types_of(world: Any, vendors: dict[str, Any]) -> dict[str, RegistrationType]:
    """Each vendor's default type, by the vendor's key."""
    hours = {"aurora": 8, "nordic": 16, "helios": 8}
    return {
        key: RegistrationType.objects.create(
            vendor=vendor, name="Standard", is_default=True, review_hours=hours.get(key, 24)
        )
        for key, vendor in vendors.items()
    }


def dress(world: Any, sketches: list[Sketch]) -> None:
    """Give Aurora its further types and rules, some of its deals these types, and let a rule decide some."""
    actor = world.actor("aurora", "channel_manager")
    standard = RegistrationType.objects.default_of(actor.organisation.pk)
    help_text = "For a project with one customer, from the first talk on."
    standard = save_type(actor=actor, type_=standard, fields={"help": help_text})
    standard = save_type(actor=actor, type_=standard, fields={"rules": [SMALL]})
    tender, framework = add_type(actor=actor, fields=TENDER), add_type(actor=actor, fields=FRAMEWORK)
    mine = [each for each in sketches if each.deal.vendor_id == actor.organisation.pk and not each.blocked_by]
    plain = [each for each in mine if each.deal.customer_domain == ""]
    for number, sketch in enumerate(plain):
        deal = sketch.deal
        if number % 7 == 3 and deal.state not in {State.APPROVED, State.SUBMITTED}:
            _as_tender(world, deal, tender)
        elif number % 11 == 5 and deal.state not in {State.APPROVED, State.SUBMITTED}:
            deal.type = framework
            deal.values = {"expected_call_offs_a_year": str(world.rng.randint(4, 24))}
        elif _is_small(sketch):
            _by_rule(sketch, standard)
    versions = {row.pk: row.current() for row in (standard, tender, framework)}
    for sketch in mine:
        deal = sketch.deal
        deal.type_version = None if deal.state == State.DRAFT else versions[deal.type_id]
        if deal.protected_from:
            deal.granted_benefit, deal.granted_percent = deal.type.benefit, deal.type.benefit_percent


def _as_tender(world: Any, deal: Deal, tender: RegistrationType) -> None:
    deal.type, deal.is_tender = tender, True
    deal.tender_published_on = localdate(deal.created) + timedelta(days=world.rng.randint(10, 40))
    deal.values = {
        "procedure": world.rng.choice(["Open", "Restricted", "Negotiated"]),
        "closing_date_of_the_tender": (deal.tender_published_on + timedelta(days=35)).isoformat(),
        "bid_bond_asked_for": world.rng.random() < 0.5,
    }


def _is_small(sketch: Sketch) -> bool:
    deal = sketch.deal
    approved = deal.state in {State.APPROVED, State.WON, State.EXPIRED, State.LOST}
    discounts = [line.discount_percent or 0 for line in sketch.lines]
    plain = {line.product_line for line in sketch.lines} <= set(PLAIN) and max(discounts, default=0) <= 7
    return approved and plain and "returned" not in sketch.moments and deal.amount < 25_000


def _by_rule(sketch: Sketch, standard: RegistrationType) -> None:
    """Decided in the second in which it was submitted, by the rule."""
    deal, rule = sketch.deal, standard.rules[0]
    kept = {key: moment for key, moment in sketch.moments.items() if key == "closed"}
    sketch.moments.clear()
    sketch.moments.update({"decided": sketch.when, **kept})
    deal.owner = deal.decided_by = None
    deal.decided_at = sketch.when
    deal.decided_rule = {key: rule[key] for key in ("id", "name", "version")} | {"type_version": standard.version}
