"""Readings that were cut off by a crash: whoever posted the bytes need not come again."""

import logging
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.errors import DomainError
from edi.exchange import receive
from edi.keeping import LEASE, StillBeingRead
from edi.models import Interchange, Transmission
from partners.actors import Actor, acting
from partners.models import Membership

log = logging.getLogger("filiera.edi")
PATIENCE = timedelta(minutes=1)
MOST = 100


def author_of(kept: Transmission) -> Actor | None:
    """Who posted the bytes, with what that account or person may do today; None when it may no longer act."""
    account = kept.service_account
    if account is not None:
        live = account.active and account.organisation_id == kept.organisation_id
        return Actor(account.organisation, account.capabilities(), "edi", service_account=account) if live else None
    members = Membership.objects.filter(user=kept.user, organisation=kept.organisation_id, active=True)
    member = members.select_related("organisation", "user").prefetch_related("roles").first()
    return acting(member, "edi") if member else None


def author_of_transmission(row: Interchange) -> Actor:
    """Who sent a document. Raises DomainError when that account or person may no longer act."""
    found = author_of(row.transmission)
    if found is None:
        raise DomainError(_("Who sent this document can no longer act; %s has to do it.") % row.organisation)
    return found


def resume_cut_off() -> int:
    """Go on with bytes that were kept and never read to the end; returns how many were finished.

    A message that was applied has its row, written in the same transaction, so nothing is applied twice.
    """
    abandoned = Q(claimed_at=None) | Q(claimed_at__lt=now() - LEASE)
    cut_off = Transmission.objects.filter(abandoned, inbound=True, processed_at=None)
    due = cut_off.filter(last_received_at__lt=now() - PATIENCE).select_related(
        "service_account__organisation", "service_account__role", "user"
    )
    done = 0
    for kept in due.order_by("pk")[:MOST]:
        actor = author_of(kept)
        if actor is None:
            log.warning("transmission %s was cut off, and who posted it may no longer act", kept.pk)
            continue
        try:
            receive(actor=actor, data=bytes(kept.raw), content_type=kept.content_type, counts=False)
            done += 1
        except (StillBeingRead, PermissionDenied):
            log.info("transmission %s cannot be gone on with now", kept.pk)
    return done
