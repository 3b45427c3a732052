"""A participant writes down what it really spent, corrects it and takes it away again; nobody else sees a row of it."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.locking import locked_seat
from campaigns.models import Campaign, Expense, Participant
from campaigns.permissions import may_spend
from core.audit import record
from core.durability import delete_later
from core.errors import DomainError, StaleObject
from core.money import round_money
from deals import evidence
from funds.models import Claim
from partners.access import require
from partners.actors import Actor

FIELDS = ("day", "what", "amount", "supplier", "invoice_number", "step", "claim")
MOST_AMOUNT, MOST = 1_000_000_000, 2_000
TEXTS = {"what": 160, "supplier": 120, "invoice_number": 60}


@transaction.atomic
def record_expense(
    *, actor: Actor, seat: Participant, fields: Mapping[str, Any], upload: UploadedFile | None = None
) -> Expense:
    """Write down a cost of one's own. `fields` may hold any of FIELDS; the amount is in the campaign's currency.

    Raises DomainError naming the field that cannot be: no day, nothing it was for, no amount above nought, a step of
    another campaign, a claim of others, in another currency or that pays another cost back, and a bad file.
    """
    seat = locked_seat(actor, seat)
    require(may_spend(actor, seat))
    if Expense.objects.filter(participant=seat).count() >= MOST:
        raise DomainError(_("A campaign has %(n)d costs of one company at most.") % {"n": MOST})
    row = Expense(campaign=seat.campaign, participant=seat, organisation_id=seat.organisation_id, created_by=actor.user)
    _fill(actor, seat.campaign, row, fields)
    _keep_file(row, upload)
    row.save()
    _told(actor, "campaign_expense.recorded", row)
    return row


@transaction.atomic
def change_expense(
    *, actor: Actor, expense: Expense, fields: Mapping[str, Any], upload: UploadedFile | None = None,
    version: int | None = None,
) -> Expense:  # fmt: skip
    """Correct a cost. Raises as `record_expense` does, and StaleObject when `version` is not current."""
    row = _locked(actor, expense, version)
    before = _words(row)
    _fill(actor, row.campaign, row, fields)
    _keep_file(row, upload)
    row.version += 1
    row.save()
    _told(actor, "campaign_expense.changed", row, before=before)
    return row


@transaction.atomic
def remove_expense(*, actor: Actor, expense: Expense) -> None:
    """Take a cost away; what it said stays in the trail."""
    row = _locked(actor, expense, None)
    _told(actor, "campaign_expense.removed", row)
    if row.file:
        delete_later(row.file)
    row.delete()


def _locked(actor: Actor, expense: Expense, version: int | None) -> Expense:
    """The campaign first, then the seat, as everywhere, then the cost."""
    known = Expense.objects.visible_to(actor).select_related("participant").get(pk=expense.pk)
    seat = locked_seat(actor, known.participant)
    require(may_spend(actor, seat))
    row: Expense = Expense.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=expense.pk)
    if version is not None and version != row.version:
        raise StaleObject
    row.participant, row.campaign = seat, seat.campaign
    return row


def _fill(actor: Actor, campaign: Campaign, row: Expense, fields: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    for name, most in TEXTS.items():
        setattr(row, name, " ".join(str(getattr(row, name) or "").replace("\x00", "").split())[:most])
    if row.day is None:
        raise DomainError(_("Choose a day."), field="day")
    if not row.what:
        raise DomainError(_("Say in a few words what it was for."), field="what")
    _check_amount(campaign, row)
    if row.step is not None and row.step.campaign_id != campaign.pk:
        raise DomainError(_("Choose a step of this campaign."), field="step")
    if row.claim is not None:
        _check_claim(actor, campaign, row)


def _check_amount(campaign: Campaign, row: Expense) -> None:
    if row.amount is None or not row.amount.is_finite() or not 0 < row.amount < MOST_AMOUNT:
        raise DomainError(_("Give an amount above nought."), field="amount")
    row.amount = round_money(row.amount, campaign.currency)
    if not row.amount:
        raise DomainError(_("Give an amount above nought."), field="amount")


def _check_claim(actor: Actor, campaign: Campaign, row: Expense) -> None:
    """A claim of one's own in the campaign's currency, which pays no other cost back."""
    own = Claim.objects.visible_to(actor).filter(pk__in=[row.claim_id], partner=row.organisation_id)
    if not own.filter(request__fund__currency=campaign.currency).exists():
        raise DomainError(_("Choose a claim of your own in the currency of the campaign."), field="claim")
    if Expense.objects.filter(claim=row.claim_id).exclude(pk=row.pk).exists():
        raise DomainError(_("This claim pays another cost back already."), field="claim")


def _keep_file(row: Expense, upload: UploadedFile | None) -> None:
    """Keep a file in the place of the one before. Raises DomainError for one that is too large or of no known kind."""
    if upload is None:
        return
    content = upload.read(evidence.MAX_SIZE + 1)
    name, content_type = evidence.inspect(upload.name or "", content)
    if row.file:
        delete_later(row.file)
    row.file_name, row.content_type = name, content_type
    row.file.save(name, ContentFile(content), save=False)


def _words(row: Expense) -> str:
    return f"{row.what}, {row.amount:f} {row.campaign.currency}"


def _told(actor: Actor, verb: str, row: Expense, **more: Any) -> None:
    """Only its own company hears of it."""
    record(
        actor=actor, verb=verb, target=row.participant, parties={row.organisation_id}, expense=row.pk, what=_words(row),
        day=row.day.isoformat(), **more,
    )  # fmt: skip
