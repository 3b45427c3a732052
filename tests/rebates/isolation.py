"""Rows of the isolation table: agreements and statements are shared, a draft is its vendor's alone."""

from datetime import date
from typing import Any

from rebates.models import CreditedLine, RebateAgreement, Statement

STEPS = ("propose", "withdraw", "accept", "decline", "end")
ON_STATEMENT = ("close", "confirm", "dispute", "answer", "settle")
ON_CREDIT = ("match", "dismiss", "reopen")
ROUTES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "rebates:detail": ("get", "rebate", {}),
    "rebates:edit": ("get", "rebate", {}),
    **{f"rebates:{step}": ("post", "rebate", {}) for step in STEPS},
    "rebates:statement": ("get", "rebate_statement", {}),
    **{f"rebates:{step}": ("post", "rebate_statement", {}) for step in ON_STATEMENT},
    "rebates:compare": ("get", "rebate_statement", {}),
    "rebates:credit": ("get", "rebate_credit", {}),
    **{f"rebates:credit_{step}": ("post", "rebate_credit", {}) for step in ON_CREDIT},
    "api:rebate-credit-detail": ("get", "rebate_credit", {}),
    **{f"api:rebate-credit-{step}": ("post", "rebate_credit", {}) for step in ON_CREDIT},
    "api:rebate-detail": ("get", "rebate", {}),
    **{f"api:rebate-{step}": ("post", "rebate", {}) for step in STEPS},
    "api:rebate-statement-detail": ("get", "rebate_statement", {}),
    "api:rebate-statement-lines": ("get", "rebate_statement", {}),
    **{f"api:rebate-statement-{step}": ("post", "rebate_statement", {}) for step in ON_STATEMENT},
}
PRIVATE: set[str] = set()
WITHOUT_RECORD: dict[str, str] = {}


def records(world: Any) -> dict[str, Any]:
    """One of each kind, of Aurora and Brenta."""
    aurora, brenta = world.orgs["aurora"], world.orgs["brenta"]
    agreement = RebateAgreement.objects.filter(vendor=aurora, partner=brenta, state="active").first()
    found = Statement.objects.filter(vendor=aurora, partner=brenta).first()
    credit = CreditedLine.objects.filter(vendor=aurora, partner=brenta).first()
    return {"rebate": agreement, "rebate_statement": found or _statement(agreement), "rebate_credit": credit}


def _statement(agreement: RebateAgreement) -> Statement:
    return Statement.objects.create(
        agreement=agreement, vendor=agreement.vendor, partner=agreement.partner,
        starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31),
    )  # fmt: skip
