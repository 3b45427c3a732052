"""Whether the conditions of a trigger hold, in the shape that `deals.rules` has."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from automation.kinds import Subject
from automation.occasions import Occasion
from deals import rules
from partners.models import Organisation


def hold(rule: Mapping[str, Any], subject: Subject) -> bool:
    """True where nothing is asked, and where what is asked holds."""
    return not rule.get("groups") or rules.holds({"active": True, **rule}, subject.facts)


def cleaned(organisation: Organisation, occasion: Occasion, rule: Any) -> dict[str, Any]:
    """The rule in its stored shape; empty where it asks nothing. Raises DomainError, naming what cannot be read."""
    given = rule if isinstance(rule, dict) else {}
    if not given.get("groups"):
        return {}
    fields = occasion.kind.catalogue(organisation)
    [row] = rules.clean([{**given, "name": _("If"), "active": True}], [], fields)
    return {"join": row["join"], "groups": row["groups"]}
