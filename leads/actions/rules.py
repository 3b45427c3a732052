"""The rules of routing, their order, and what each partner takes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from leads.models import Intake, RoutingRule
from leads.permissions import may_set_rules
from partners.access import require
from partners.actors import Actor
from partners.models import Partnership

MOST_RULES = 50
FIELDS = (
    "name",
    "active",
    "countries",
    "regions",
    "product_lines",
    "sizes",
    "sources",
    "min_value",
    "way",
    "partners",
    "in_territory",
    "min_rank",
    "certificate",
    "offer_hours",
    "touch_hours",
    "idle_days",
)
INTAKE = ("paused", "weight", "capacity", "certificates")


@transaction.atomic
def save_rule(*, actor: Actor, fields: Mapping[str, Any], rule: RoutingRule | None = None) -> RoutingRule:
    """Write a rule, a new one at the end. `fields` may hold any of FIELDS.

    Raises DomainError for a rule without partners where it names them, for foreign partners and for too many rules.
    """
    require(may_set_rules(actor))
    if rule is None:
        known = RoutingRule.objects.visible_to(actor).count()
        if known >= MOST_RULES:
            raise DomainError(_("There may be %(n)d rules at most.") % {"n": MOST_RULES})
        rule = RoutingRule(vendor=actor.organisation, position=known + 1)
    else:
        rule = RoutingRule.objects.visible_to(actor).select_for_update().get(pk=rule.pk)
        rule.version += 1
    before = {name: getattr(rule, name) for name in FIELDS}
    for name in FIELDS:
        if name in fields:
            setattr(rule, name, fields[name])
    if not rule.name.strip():
        raise DomainError(_("Give the rule a name."), field="name")
    _check_partners(actor, rule)
    rule.changed_at = now()
    rule.save()
    changed = [name for name in FIELDS if before[name] != getattr(rule, name)]
    record(actor=actor, verb="lead_rule.changed", target=rule, parties=(), fields=changed, version=rule.version)
    return rule


def _check_partners(actor: Actor, rule: RoutingRule) -> None:
    mine = Partnership.objects.visible_to(actor).filter(vendor=actor.organisation)
    known = set(mine.filter(pk__in=rule.partners).values_list("pk", flat=True))
    if set(rule.partners) - known:
        raise DomainError(_("Choose among your own partners."), field="partners")
    if rule.way == RoutingRule.Way.NAMED and not rule.partners:
        raise DomainError(_("Name at least one partner, or choose another way."), field="partners")


@transaction.atomic
def move_rule(*, actor: Actor, rule: RoutingRule, up: bool) -> None:
    """Let a rule be asked one place earlier or later. At the end of the list nothing happens."""
    require(may_set_rules(actor))
    rows = list(RoutingRule.objects.visible_to(actor).select_for_update().order_by("position", "pk"))
    at = next(place for place, each in enumerate(rows) if each.pk == rule.pk)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rows):
        return
    rows[at], rows[other] = rows[other], rows[at]
    for place, each in enumerate(rows, start=1):
        if each.position != place:
            each.position = place
            each.save(update_fields=["position"])
    record(actor=actor, verb="lead_rule.moved", target=rule, parties=(), position=other + 1)


@transaction.atomic
def delete_rule(*, actor: Actor, rule: RoutingRule) -> None:
    """Delete a rule. What was offered by it stays offered."""
    require(may_set_rules(actor))
    rule = RoutingRule.objects.visible_to(actor).select_for_update().get(pk=rule.pk)
    record(actor=actor, verb="lead_rule.deleted", target=rule, parties=())
    rule.delete()


@transaction.atomic
def set_intake(*, actor: Actor, partnership: Partnership, fields: Mapping[str, Any]) -> Intake:
    """Say how many leads a partner gets, with what weight and certificates. `fields` may hold any of INTAKE."""
    require(may_set_rules(actor))
    edge = Partnership.objects.visible_to(actor).filter(vendor=actor.organisation).get(pk=partnership.pk)
    intake, _made = Intake.objects.select_for_update().get_or_create(
        partnership=edge, defaults={"vendor": actor.organisation}
    )
    for name in INTAKE:
        if name in fields:
            setattr(intake, name, fields[name])
    intake.save()
    record(actor=actor, verb="lead_intake.changed", target=intake, parties=(), fields=sorted(fields))
    return intake
