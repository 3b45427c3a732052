"""What a partner goes on changing in a deal that is with the vendor: how the sale stands, and after the approval what
has moved since."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.errors import DomainError, InvalidTransition
from deals.actions.history import keep_changes
from deals.actions.locking import locked, write
from deals.history import snapshot
from deals.models import Deal, FieldChange, Forecast, Stage
from deals.models.stages import MAX_AMOUNT, PROBABILITY
from deals.permissions import may_edit
from partners.access import require
from partners.actors import Actor
from partners.models import Membership

# How the sale stands is the partner's own view, at any time. What the vendor judges stays still until it has judged.
ALWAYS = ("stage", "probability", "forecast", "seller")
WHEN_APPROVED = ("decision_date", "amount", "competitor", "note")
TELLS_THE_VENDOR = Decimal("0.20")  # of the value that was approved


def revisable(deal: Deal) -> tuple[str, ...]:
    """The fields that `revise_deal` takes in the deal's state; none once it is closed."""
    if deal.state not in Deal.OPEN:
        return ()
    return (*ALWAYS, *WHEN_APPROVED) if deal.state == Deal.State.APPROVED else ALWAYS


@transaction.atomic
def revise_deal(
    *, actor: Actor, deal: Deal, fields: Mapping[str, Any], reason: str = "", version: int | None = None
) -> Deal:
    """Change what may still be changed of an open deal (`revisable`); the probability follows the stage unless given.

    A value that leaves the approved one by more than a fifth is told to the vendor. Raises InvalidTransition for a
    closed deal and for fields that stay as they were submitted, DomainError, naming the field, for impossible values.
    """
    deal = locked(actor, deal, version)
    require(may_edit(actor, deal))
    allowed = revisable(deal)
    if not allowed:
        raise InvalidTransition(_("A closed deal stays as it is."))
    if kept := [name for name in fields if name not in allowed]:
        raise InvalidTransition(_("That stays as it was submitted until the vendor has decided."), field=kept[0])
    before, approved = snapshot(deal), approved_amount(deal)
    for name, value in fields.items():
        _CHECKS[name](actor, value)
        setattr(deal, name, value)
    if deal.stage != before["stage"] and fields.get("probability") in (None, int(before["probability"])):
        deal.probability = PROBABILITY[Stage(deal.stage)]
    far = "amount" in fields and abs(deal.amount - approved) > approved * TELLS_THE_VENDOR
    told = far and deal.amount != Decimal(before["amount"])
    only_stage = deal.stage != before["stage"] and set(fields) == {"stage"}
    verb = "deal.amount_changed" if told else "deal.stage_changed" if only_stage else "deal.changed"
    if keep_changes(actor=actor, deal=deal, before=before, verb=verb, reason=reason.strip()[:300]):
        write(deal, *allowed)
    return deal


def approved_amount(deal: Deal) -> Decimal:
    """The value at the approval: small steps cannot carry it away unseen."""
    since = FieldChange.objects.filter(deal=deal, field="amount", created__gte=deal.decided_at or deal.created)
    first = since.order_by("pk").first()
    return Decimal(first.before or 0) if first else deal.amount


def _stage(_actor: Actor, value: Any) -> None:
    if value not in Stage.values:
        raise DomainError(_("That is not a stage."), field="stage")


def _probability(_actor: Actor, value: Any) -> None:
    if not isinstance(value, int) or not 0 <= value <= 100:
        raise DomainError(_("Write a probability between 0 and 100."), field="probability")


def _forecast(_actor: Actor, value: Any) -> None:
    if value and value not in Forecast.values:
        raise DomainError(_("That is not a category of the forecast."), field="forecast")


def _seller(actor: Actor, value: Any) -> None:
    colleagues = Membership.objects.live().filter(organisation=actor.organisation)
    if value is not None and not colleagues.filter(user=value).exists():
        raise DomainError(_("Choose one of your colleagues."), field="seller")


def _decision_date(_actor: Actor, value: Any) -> None:
    if not isinstance(value, date) or value < localdate():
        raise DomainError(
            _("That day is past. Write the day on which the decision is expected."), field="decision_date"
        )


def _amount(_actor: Actor, value: Any) -> None:
    if not isinstance(value, Decimal) or not value.is_finite() or not 0 < value <= MAX_AMOUNT:
        raise DomainError(_("Write a value above 0 and up to 999,999,999,999.99."), field="amount")


def _text(field: str, longest: int) -> Any:
    def check(_actor: Actor, value: Any) -> None:
        if not isinstance(value, str) or len(value) > longest:
            raise DomainError(_("That is too long."), field=field)

    return check


_CHECKS: dict[str, Any] = {
    "stage": _stage,
    "probability": _probability,
    "forecast": _forecast,
    "seller": _seller,
    "decision_date": _decision_date,
    "amount": _amount,
    "competitor": _text("competitor", 120),
    "note": _text("note", 4000),
}
