"""How every action reads before it decides: the fund, then the request, then the claim, each anew under lock."""

from typing import TypeVar

from core.errors import StaleObject
from funds.models import Claim, Fund, FundRequest
from partners.actors import Actor

Versioned = TypeVar("Versioned", Fund, FundRequest, Claim)


def locked_fund(actor: Actor, fund: Fund) -> Fund:
    """The fund under lock. Raises DoesNotExist for strangers."""
    rows = Fund.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("vendor", "partnership__partner").get(pk=fund.pk)


def locked_request(actor: Actor, request: FundRequest, version: int | None = None) -> FundRequest:
    """The request under lock. Raises DoesNotExist for strangers, StaleObject when `version` is not current."""
    rows = FundRequest.objects.visible_to(actor).select_for_update(of=("self",))
    related = ("vendor", "partner", "partnership", "fund__vendor", "fund__partnership__partner")
    found = rows.select_related(*related).get(pk=request.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


def locked_claim(actor: Actor, claim: Claim, version: int | None = None) -> Claim:
    """The claim under lock, after its request. Raises DoesNotExist for strangers, StaleObject as above."""
    known = Claim.objects.visible_to(actor).select_related("request").get(pk=claim.pk)
    request = locked_request(actor, known.request)
    rows = Claim.objects.visible_to(actor).select_for_update(of=("self",))
    found = rows.select_related("vendor", "partner", "line").get(pk=claim.pk)
    if version is not None and version != found.version:
        raise StaleObject
    found.request = request
    return found


def write(row: Versioned, *fields: str) -> None:
    """Save these columns, and count the version."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])
