"""A partner reports who of its people is certified; the vendor confirms or refuses."""

from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.states import move
from deals.evidence import inspect
from partners.access import require
from partners.actors import Actor
from partners.models import Membership, Partnership
from programmes.models import Certification
from programmes.permissions import may_judge, may_report, may_withdraw


@transaction.atomic
def report_certification(
    *,
    actor: Actor,
    partnership: Partnership,
    membership: Membership,
    name: str,
    given_by: str,
    given_on: date,
    valid_until: date | None = None,
    file: tuple[str, bytes] | None = None,
) -> Certification:
    """Report a certificate of a colleague to a vendor; `file` is its name and content.

    Raises DomainError for somebody else's person, a partnership that is not active, days that do not fit, or a file
    that is none.
    """
    require(may_report(actor))
    if partnership.partner_id != actor.organisation.pk or partnership.state != Partnership.State.ACTIVE:
        raise DomainError(_("Choose a vendor with which you have an active partnership."), field="partnership")
    if membership.organisation_id != actor.organisation.pk or not membership.active:
        raise DomainError(_("Choose a member of your organisation."), field="membership")
    if not name.strip():
        raise DomainError(_("Say what the certification is called."), field="name")
    if valid_until is not None and valid_until < given_on:
        raise DomainError(_("It cannot end before it begins."), field="valid_until")
    row = Certification(
        vendor=partnership.vendor,
        partner=actor.organisation,
        membership=membership,
        person=str(membership.user)[:120],
        name=name.strip()[:120],
        given_by=given_by.strip()[:120] or str(partnership.vendor)[:120],
        given_on=given_on,
        valid_until=valid_until,
    )
    if file is not None:
        row.file_name, row.file_type = _checked(*file)
        row.file.save(row.file_name, ContentFile(file[1]), save=False)
    row.save()
    record(actor=actor, verb="certification.reported", target=row)
    return row


def _checked(name: str, content: bytes) -> tuple[str, str]:
    try:
        return inspect(name, content)
    except DomainError as error:
        raise DomainError(error.message, field="file") from error


@transaction.atomic
def judge_certification(*, actor: Actor, certification: Certification, step: str, reason: str = "") -> Certification:
    """Confirm ("confirm") or refuse ("refuse") a certificate. Raises DomainError for a refusal without a reason."""
    row = _locked(actor, certification)
    require(may_judge(actor, row, step))
    if step == "refuse" and not reason.strip():
        raise DomainError(_("Say why: the partner will read it."), field="reason")
    move(row, step)
    row.refusal = reason.strip()[:500] if step == "refuse" else ""
    row.save(update_fields=["state", "refusal"])
    if step == "confirm":
        record(actor=actor, verb="certification.confirmed", target=row)
    else:
        record(actor=actor, verb="certification.refused", target=row, reason=row.refusal)
    return row


@transaction.atomic
def withdraw_certification(*, actor: Actor, certification: Certification) -> None:
    """Take a report back that was not confirmed. The trail keeps that it was there."""
    row = _locked(actor, certification)
    require(may_withdraw(actor, row))
    record(actor=actor, verb="certification.withdrawn", target=row)
    if row.file:
        row.file.delete(save=False)
    row.delete()


def _locked(actor: Actor, certification: Certification) -> Certification:
    rows = Certification.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("vendor", "partner").get(pk=certification.pk)
