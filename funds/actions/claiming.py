"""Claims as the partner writes them, with their proof."""

import hashlib
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from core.audit import record
from core.durability import delete_later
from core.errors import DomainError, InvalidTransition
from core.money import round_money
from core.numbers import with_check_digit
from core.sequences import next_number
from core.states import move
from deals import evidence
from funds.actions.locking import locked_claim, locked_request, write
from funds.models import Claim, FundRequest, Proof, ProofKind, RequestLine, invoice_key, proof_needed
from funds.permissions import may_write, may_write_claim
from partners.access import require
from partners.actors import Actor

FIELDS = ("line", "supplier", "invoice_number", "invoice_day", "cost", "asked", "results")
PREFIX = "CL-"
MOST_PROOFS = 20


@transaction.atomic
def draft_claim(*, actor: Actor, request: FundRequest, fields: dict[str, Any]) -> Claim:
    """Begin a claim on a request: one supplier's invoice for one of its activities. `fields` are FIELDS.

    Raises DomainError for an invoice that was claimed before, an amount above the invoice or above what is left of the
    activity; InvalidTransition for a request of which nothing can be claimed now.
    """
    request = locked_request(actor, request)
    require(may_write(actor, request))
    must_be_claimable(request)
    claim = Claim(request=request, vendor=request.vendor, partner=request.partner, created_by=actor.user)
    _fill(claim, fields)
    claim.number = with_check_digit(PREFIX, next_number("fund_claim"))
    claim.save()
    record(actor=actor, verb="claim.drafted", target=claim)
    return claim


@transaction.atomic
def change_claim(*, actor: Actor, claim: Claim, fields: dict[str, Any], version: int | None = None) -> Claim:
    """Correct a draft or a returned claim. Raises as `draft_claim` does."""
    claim = locked_claim(actor, claim, version)
    require(may_write_claim(actor, claim))
    _must_be_open(claim)
    _fill(claim, fields)
    write(claim, *FIELDS, "invoice_key")
    record(actor=actor, verb="claim.changed", target=claim)
    return claim


def must_be_claimable(request: FundRequest, grace: timedelta = timedelta(0)) -> None:
    """Raises InvalidTransition where nothing was granted, and after the last day to claim, with some days of grace."""
    if request.state not in FundRequest.GRANTED:
        raise InvalidTransition(_("Nothing can be claimed of a request that is not approved."))
    if request.claim_until is None or request.claim_until + grace < localdate():
        raise InvalidTransition(_("The last day to claim was %(day)s.") % {"day": request.claim_until})


def _must_be_open(claim: Claim) -> None:
    if claim.state not in {Claim.State.DRAFT, Claim.State.RETURNED}:
        raise InvalidTransition(_("It was submitted. Ask the vendor to return it, then you can change it."))


def _fill(claim: Claim, fields: dict[str, Any]) -> None:
    """Write what the partner says on a claim in memory. Raises DomainError at the field that cannot be."""
    for name in FIELDS:
        if name in fields:
            setattr(claim, name, fields[name])
    currency = claim.request.fund.currency
    claim.cost, claim.asked = round_money(claim.cost, currency), round_money(claim.asked, currency)
    claim.invoice_key = invoice_key(claim.invoice_number)
    if claim.line.request_id != claim.request_id or not claim.line.approved:
        raise DomainError(_("Choose an activity that was approved."), field="line")
    try:
        claim.clean_fields(exclude=["request", "vendor", "partner", "number", "invoice_key"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from error
    if not claim.invoice_key:
        raise DomainError(_("Give the number that the supplier printed on the invoice."), field="invoice_number")
    if claim.asked > claim.cost:
        raise DomainError(_("You cannot claim more than the invoice says."), field="asked")
    _must_be_new(claim)


def _must_be_new(claim: Claim) -> None:
    """Raises DomainError where the supplier's invoice is in another claim already."""
    used = Claim.objects.filter(vendor=claim.vendor_id, partner=claim.partner_id, invoice_key=claim.invoice_key)
    if other := used.exclude(pk=claim.pk).exclude(state=Claim.State.DENIED).first():
        raise DomainError(
            _("This invoice is in %(claim)s already. Is it another supplier's? Put its name before the number.")
            % {"claim": other.number},
            field="invoice_number",
        )


def left_of(line: RequestLine, but: Claim | None = None) -> Any:
    """What of an activity's approved amount no claim has earned yet, in the fund's currency."""
    earned = [claim.approved for claim in line.claims.all() if claim.approved and claim != but]
    return (line.approved or 0) - sum(earned)


@transaction.atomic
def submit_claim(*, actor: Actor, claim: Claim, version: int | None = None) -> Claim:
    """Hand a claim to the vendor. Raises DomainError where a proof is missing or more is claimed than is left."""
    claim = locked_claim(actor, claim, version)
    require(may_write_claim(actor, claim))
    returned = claim.state == Claim.State.RETURNED
    must_be_claimable(claim.request, FundRequest.GRACE if returned else timedelta(0))
    move(claim, "submit")
    had = set(claim.proofs.values_list("kind", flat=True))
    missing = [str(name) for kind, name in proof_needed(claim.line.activity) if kind not in had]
    if missing:
        raise DomainError(_("Add what is missing: %(names)s.") % {"names": ", ".join(missing)}, field="evidence")
    if claim.asked > left_of(claim.line, but=claim):
        raise DomainError(_("That is more than is left of this activity."), field="asked")
    claim.submitted_at, claim.reason = now(), ""
    write(claim, "state", "submitted_at", "reason")
    record(actor=actor, verb="claim.submitted", target=claim)
    return claim


@transaction.atomic
def delete_claim(*, actor: Actor, claim: Claim) -> None:
    """Throw a draft away, with its files. Raises InvalidTransition for what was submitted once."""
    claim = locked_claim(actor, claim)
    require(may_write_claim(actor, claim))
    move(claim, "edit")
    record(actor=actor, verb="claim.deleted", target=claim)
    stored = list(claim.proofs.all())
    claim.delete()
    for proof in stored:
        delete_later(proof.file)


@transaction.atomic
def add_proof(*, actor: Actor, claim: Claim, upload: UploadedFile, kind: str) -> Proof:
    """Add a file to a draft or a returned claim. Raises DomainError for bad files, and for one that proved something
    before: the same content proves one claim of a vendor and no other."""
    claim = locked_claim(actor, claim)
    require(may_write_claim(actor, claim))
    _must_be_open(claim)
    if kind not in ProofKind.values:
        raise DomainError(_("Say what the file shows."), field="kind")
    if claim.proofs.count() >= MOST_PROOFS:
        raise DomainError(_("A claim has at most %(n)d files.") % {"n": MOST_PROOFS}, field="evidence")
    content = upload.read(evidence.MAX_SIZE + 1)
    name, content_type = evidence.inspect(upload.name or "", content)
    digest = hashlib.sha256(content).hexdigest()
    if Proof.objects.filter(vendor=claim.vendor_id, sha256=digest).exists():
        raise DomainError(_("This file is proof of a claim already. Each claim needs its own."), field="evidence")
    proof = Proof(claim=claim, vendor=claim.vendor, kind=kind, name=name, content_type=content_type, sha256=digest)
    proof.size, proof.user = len(content), actor.user
    proof.file.save(digest[:32], ContentFile(content), save=False)
    proof.save()
    write(claim)
    return proof


@transaction.atomic
def remove_proof(*, actor: Actor, claim: Claim, proof_id: int) -> None:
    """Take a file off a draft. What was submitted once stays, as a part of the record."""
    claim = locked_claim(actor, claim)
    require(may_write_claim(actor, claim))
    move(claim, "edit")
    proof = claim.proofs.get(pk=proof_id)
    proof.delete()
    write(claim)
    delete_later(proof.file)
