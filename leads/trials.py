"""What the rules in force would have done with the leads of the last weeks. Nothing is offered."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import now

from leads.choosing import Network, Plan, in_force, plan
from leads.models import Lead
from partners.actors import Actor

DAYS = 30
MOST = 500


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome: each lead with its plan (the newest first), and how often each rule and partner was chosen."""

    rows: list[tuple[Lead, Plan]]
    by_rule: list[tuple[str, int]]
    by_partner: list[tuple[str, int]]
    nobody: int


def trial(actor: Actor) -> Trial:
    """Route the vendor's leads of the last DAYS days anew, on paper: everybody begins with nothing, and turns count."""
    vendor_id = actor.organisation.pk
    rows = Lead.objects.visible_to(actor).of_vendor(vendor_id).filter(created__gte=now() - timedelta(days=DAYS))
    network, rules = Network(vendor_id), in_force(vendor_id)
    network.turns = {}
    by_rule: Counter[str] = Counter()
    by_partner: Counter[str] = Counter()
    found: list[tuple[Lead, Plan]] = []
    for lead in sorted(rows.select_related("vendor")[:MOST], key=lambda each: (each.created, each.pk)):
        planned = plan(lead, rules, network, afresh=True)
        found.append((lead, planned))
        if planned.chosen and planned.rule:
            by_rule[planned.rule.name] += 1
        for each in planned.chosen:
            by_partner[str(each.partnership.partner)] += 1
            turn = network.turns.setdefault(each.partnership.pk, {"load": 0, "given": 0, "last": None})
            turn["given"], turn["last"] = turn["given"] + 1, lead.created
    nobody = sum(not planned.chosen for _lead, planned in found)
    return Trial(found[::-1], by_rule.most_common(), by_partner.most_common(), nobody)
