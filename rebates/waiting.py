"""What of rebates waits for an actor."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.numbers import format_day
from core.waiting import Waiting
from partners.actors import Actor
from rebates.models import CreditedLine, RebateAgreement, Statement

SHOWN = 8
State = Statement.State


def counts(actor: Actor) -> dict[str, int]:
    """The badge of rebates: proposals, statements and credits that wait for this side."""
    if not (actor.can("rebates.manage") or actor.can("rebates.settle")):
        return {}
    statements = sum(rows.count() for rows, _label, _tone in _statements(actor))
    return {"rebates": _proposals(actor).count() + statements + _credits(actor).count()}


def waiting(actor: Actor) -> list[Waiting]:
    """Proposals to answer; statements to check, to answer and to settle; credits to match."""
    found = [
        Waiting(str(row), str(row.vendor), row.get_absolute_url(), _("Answer"))
        for row in _proposals(actor).select_related("vendor").order_by("pk")[:SHOWN]
    ]
    for rows, label, tone in _statements(actor):
        found += [_statement(actor, row, label, tone) for row in rows[:SHOWN]]
    return found + [_credit(row) for row in _credits(actor)[:SHOWN]]


def _proposals(actor: Actor) -> QuerySet[RebateAgreement]:
    rows = RebateAgreement.objects.visible_to(actor).filter(partner=actor.organisation, state="proposed")
    return rows if actor.can("rebates.manage") else rows.none()


def _credits(actor: Actor) -> QuerySet[CreditedLine]:
    """What credit notes of ours have not taken back."""
    rows = CreditedLine.objects.visible_to(actor).open().filter(vendor=actor.organisation)
    rows = rows.select_related("line__invoice", "partner").order_by("pk")
    return rows if actor.can("rebates.settle") else rows.none()


def _credit(row: CreditedLine) -> Waiting:
    title = _("Credit note %(number)s") % {"number": row.line.invoice.number}
    return Waiting(
        title, f"{row.partner} · {row.get_reason_display()}", row.get_absolute_url(), _("Match"), tone="warn"
    )


def _statements(actor: Actor) -> Iterable[tuple[QuerySet[Statement], str, str]]:
    """What waits, with the verb of its button and how urgent it is."""
    if not actor.can("rebates.settle"):
        return
    rows = Statement.objects.visible_to(actor).select_related("agreement", "vendor", "partner")
    rows = rows.order_by("closed_on", "pk")
    ours = rows.filter(vendor=actor.organisation)
    yield ours.filter(state=State.DISPUTED), _("Answer"), "warn"
    yield rows.filter(partner=actor.organisation, state=State.CLOSED), _("Check it"), "info"
    yield ours.filter(state=State.CONFIRMED), _("Settle"), "info"


def _statement(actor: Actor, row: Statement, label: str, tone: str) -> Waiting:
    other = row.partner if row.vendor_id == actor.organisation.pk else row.vendor
    days = f"{format_day(row.starts_on)} – {format_day(row.ends_on)}"
    return Waiting(row.agreement.name, f"{other} · {days}", row.get_absolute_url(), label, tone=tone)
