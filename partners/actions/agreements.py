"""Agreements: publishing a version, accepting it."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now

from core.audit import record
from partners.access import person_of, require
from partners.actions.organisations import lock_organisation
from partners.actions.partnerships import activate, locked
from partners.actors import Actor
from partners.models import Agreement, AgreementAcceptance, Partnership
from partners.permissions import may_accept, may_manage_partnerships


@transaction.atomic
def publish_agreement(*, actor: Actor, title: str, text: str, accept_within_days: int = 30) -> Agreement:
    """Publish the next version; partners see a banner until they accept it, within so many days."""
    organisation = lock_organisation(actor)
    require(may_manage_partnerships(actor))
    last = Agreement.objects.visible_to(actor).filter(vendor=organisation).aggregate(last=Max("version"))["last"] or 0
    agreement = Agreement.objects.create(
        vendor=organisation,
        version=last + 1,
        title=title,
        text=text,
        published_at=now(),
        accept_within_days=accept_within_days,
    )
    edges = Partnership.objects.visible_to(actor).filter(vendor=organisation).unfinished()
    readers = {organisation.pk, *edges.values_list("partner_id", flat=True)}
    facts: dict[str, Any] = {"version": agreement.version, "sha256": agreement.text_sha256}
    record(actor=actor, verb="agreement.published", target=agreement, parties=readers, **facts)
    return agreement


@transaction.atomic
def accept_agreement(
    *, actor: Actor, partnership: Partnership, agreement: Agreement, address: str | None
) -> AgreementAcceptance:
    """Accept the current version for one's organisation: who, when, from which address, and the hash of the text.

    An invited partner becomes active by it, as the vendor has said yes already.
    """
    partnership = locked(actor, partnership)
    agreement = Agreement.objects.visible_to(actor).get(pk=agreement.pk)
    require(may_accept(actor, partnership, agreement))
    acceptance = AgreementAcceptance.objects.create(
        partnership=partnership,
        agreement=agreement,
        user=person_of(actor),
        address=address,
        text_sha256=agreement.text_sha256,
    )
    facts: dict[str, Any] = {
        "version": agreement.version,
        "agreement": str(agreement),
        "sha256": acceptance.text_sha256,
    }
    record(actor=actor, verb="agreement.accepted", target=partnership, **facts)
    if partnership.state == Partnership.State.INVITED:
        activate(actor, partnership)
    return acceptance
