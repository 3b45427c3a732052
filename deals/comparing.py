"""The sides of a conflict case beside each other: the same facts in the same rows, with what differs marked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import format_money
from core.numbers import format_day
from deals.matching.scoring import HOUSE
from deals.models import CaseSide, ConflictCase, ConflictCheck, Deal
from partners.actors import Actor

Text = str | Promise
MATCHES: dict[str, Text] = {
    "known": gettext_lazy("Known to you as one customer"),
    "tax_id": gettext_lazy("Same VAT number"),
    "lei": gettext_lazy("Same LEI"),
    "duns": gettext_lazy("Same D-U-N-S number"),
    "gln": gettext_lazy("Same GLN"),
    "project_id": gettext_lazy("Same project or tender"),
    "domain": gettext_lazy("Same web domain"),
    "email": gettext_lazy("Same contact"),
    "phone": gettext_lazy("Same telephone number"),
    "name_same": gettext_lazy("Same name"),
    "name_postcode": gettext_lazy("Similar name and same postcode"),
    "name_country": gettext_lazy("Similar name in the same country"),
    "affiliate": gettext_lazy("Parent or affiliate"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of all sides; `alone` says which cells stand against the most frequent value."""

    label: Text
    cells: list[str]
    differs: bool
    alone: list[bool]

    @property
    def marked(self) -> list[tuple[str, bool]]:
        """Each cell with whether it stands apart."""
        return list(zip(self.cells, self.alone, strict=True))


@dataclass(frozen=True, slots=True)
class Match:
    """What two sides have in common, in words with its score, the strongest first."""

    one: str
    other: str
    score: int
    words: list[str]
    lines: str


@dataclass(frozen=True)
class Comparison:
    """What the page of a case shows."""

    sides: list[CaseSide]
    rows: list[Row]
    matches: list[Match]


def sides_of(actor: Actor, case: ConflictCase) -> list[CaseSide]:
    """The sides in the order of their priority, with all that the page names in a fixed number of queries."""
    related = ("deal__partner", "deal__vendor", "deal__type", "deal__owner", "deal__partnership__tier")
    rows = CaseSide.objects.visible_to(actor).filter(case=case).select_related(*related)
    rows = rows.prefetch_related("deal__lines", "deal__evidence", "deal__protections")
    return sorted(rows, key=lambda side: (side.deal.priority_at or side.deal.created, side.deal_id))


def compare(actor: Actor, case: ConflictCase) -> Comparison:
    """The sides of a case, aligned."""
    sides = sides_of(actor, case)
    deals = [side.deal for side in sides]
    rows = [_row(label, [read(deal) for deal in deals]) for label, read in FACTS]
    order = [_("%(place)d. %(moment)s") % {"place": n, "moment": _when(deal)} for n, deal in enumerate(deals, 1)]
    rows.insert(0, Row(_("Came"), order, False, [False] * len(order)))
    return Comparison(sides, [row for row in rows if any(row.cells)], _matches(actor, deals))


def _row(label: Text, cells: list[str]) -> Row:
    """Compared without case and space; the first of the most frequent values is what the others stand against."""
    plain = [" ".join(cell.casefold().split()) for cell in cells]
    usual = max(plain, key=plain.count) if plain else ""
    alone = [value != usual for value in plain]
    return Row(label, cells, any(alone), alone)


def _when(deal: Deal) -> str:
    return format_day(deal.priority_at or deal.created)


def _address(deal: Deal) -> str:
    town = " ".join(part for part in (deal.customer_postcode, deal.customer_city) if part)
    return ", ".join(part for part in (town, deal.customer_country) if part)


def _lines(deal: Deal) -> str:
    return "\n".join(
        f"{line.quantity.normalize():f} × {line.product_text or line.product_line}" for line in deal.lines.all()
    )


def _product_lines(deal: Deal) -> str:
    named = sorted({line.product_line for line in deal.lines.all()})
    return ", ".join(named) if named and all(named) else _("Every product")


def _protection(deal: Deal) -> str:
    if not deal.protected_until or deal.state != Deal.State.APPROVED:
        return _("Not protected")
    alone = any(protection.exclusive for protection in deal.protections.all())
    until = {"day": format_day(deal.protected_until)}
    return _("Alone, until %(day)s") % until if alone else _("Shared, until %(day)s") % until


FACTS: tuple[tuple[Text, Callable[[Deal], str]], ...] = (
    (gettext_lazy("End customer"), lambda deal: deal.customer_name),
    (gettext_lazy("VAT number"), lambda deal: deal.customer_vat),
    (gettext_lazy("Web domain"), lambda deal: deal.customer_domain),
    (gettext_lazy("Place"), _address),
    (gettext_lazy("Project"), lambda deal: deal.title),
    (gettext_lazy("Value"), lambda deal: format_money(deal.amount, deal.currency)),
    (gettext_lazy("Decision"), lambda deal: format_day(deal.decision_date) if deal.decision_date else ""),
    (gettext_lazy("Stage"), lambda deal: f"{deal.get_stage_display()} · {deal.probability} %"),
    (gettext_lazy("Competitor"), lambda deal: deal.competitor),
    (gettext_lazy("Protection"), _protection),
    (gettext_lazy("Product lines"), _product_lines),
    (gettext_lazy("Products"), _lines),
    (gettext_lazy("Reviewer"), lambda deal: str(deal.owner or "")),
    (gettext_lazy("Note"), lambda deal: deal.note),
)


def _matches(actor: Actor, deals: list[Deal]) -> list[Match]:
    """What the checks of the registrations say of each other, the pair with the highest score first."""
    by_id = {deal.pk: deal for deal in deals}
    rows = ConflictCheck.objects.visible_to(actor).filter(deal__in=by_id)
    said: dict[frozenset[int], dict[str, Any]] = {}
    for check in rows:
        for finding in check.findings:
            if finding.get("deal") in by_id:
                said.setdefault(frozenset((check.deal_id, finding["deal"])), finding)
    pairs = combinations(deals, 2)
    found = [_match(one, other, said.get(frozenset((one.pk, other.pk)))) for one, other in pairs]
    return sorted(found, key=lambda match: -match.score)


def _match(one: Deal, other: Deal, finding: dict[str, Any] | None) -> Match:
    finding = finding or {}
    words = [_worded(name, finding) for name in finding.get("matched", [])]
    return Match(one.number, other.number, int(finding.get("score", 0)), words, _common(one, other))


def _worded(name: str, finding: dict[str, Any]) -> str:
    score = getattr(HOUSE, name, None)
    word = str(MATCHES.get(name, name.replace("_", " ").capitalize()))
    return f"{word}: {score}" if score is not None else word


def _common(one: Deal, other: Deal) -> str:
    mine, theirs = ({line.product_line for line in deal.lines.all()} for deal in (one, other))
    if not mine or not theirs or "" in mine or "" in theirs:
        return _("Every product in common")
    both = sorted(mine & theirs)
    return _("In common: %(lines)s") % {"lines": ", ".join(both)} if both else _("No product in common")


def numbers_of(sides: Iterable[CaseSide]) -> list[tuple[int, CaseSide]]:
    """The sides with the key that chooses each."""
    return list(enumerate(sides, start=1))
