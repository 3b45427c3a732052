"""Approval by a rule: what nobody contests, and a rule of its type lets through, waits for no person."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from core.states import move
from deals import rules
from deals.actions.reviewing import settle
from deals.facts import facts_of
from deals.models import ConflictCheck, Deal
from deals.plans import plan_for, policies_for
from partners.actors import system_actor
from partners.models import Partnership

log = logging.getLogger("filiera.deals")


def decide(deal: Deal, found: ConflictCheck) -> bool:
    """Approve a deal just submitted when its check is clear, a rule of its type's version holds and nobody else has to
    agree; True when it did.

    Called under the deal's lock, in the transaction of the submission, which it never spoils: where the approval cannot
    be made, the deal waits for a person, and so does one to which the vendor's approvers have to agree. The rules are
    looked at whatever the check found, so that both take as long.
    """
    if not deal.terms.rules:
        return False
    rule = rules.first_that_holds(deal.terms.rules, facts_of([deal])[0])
    others = policies_for(deal)
    if rule is None or others or found.verdict != ConflictCheck.Verdict.CLEAR or deal.state != Deal.State.SUBMITTED:
        return False
    if deal.partnership.state != Partnership.State.ACTIVE or plan_for(deal, None):
        return False
    return _approve(deal, rule)


def _approve(deal: Deal, rule: Mapping[str, Any]) -> bool:
    said = {"rule": rule["name"], "rule_version": rule["version"]}
    deal.decided_rule = {key: rule[key] for key in ("id", "name", "version")} | {"type_version": deal.terms.version}
    try:
        with transaction.atomic():
            move(deal, "approve_by_rule")
            _deal, held = settle(system_actor(deal.vendor), deal, "", "deal.approved_by_rule", **said)
        if held is None:
            return True
    except IntegrityError:  # somebody was protected in the same moment
        log.info("deal %s was not approved by its rule: its customer had just been protected", deal.number)
    deal.state, deal.decided_rule = Deal.State.SUBMITTED, None
    return False
