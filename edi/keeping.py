"""The raw bytes first: what was posted is kept before it is read, once, and is worked on by one request at a time."""

import hashlib
import time
from datetime import timedelta
from enum import Enum

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import now

from core.errors import DomainError
from edi.models import Interchange, Transmission
from partners.actors import Actor
from partners.models import Organisation

LEASE = timedelta(minutes=10)  # a request that died gives its claim back after this long
WAIT_SECONDS = 20.0
STEP_SECONDS = 0.05


class StillBeingRead(DomainError):
    """The same bytes are being read by another request that takes its time."""

    code = "still_being_read"


class Claim(Enum):
    """What is to be done with bytes that were kept."""

    READ = "read them"
    DONE = "they were read before, and nothing is owed"
    BUSY = "another request is reading them"


def sha256_of(data: bytes) -> str:
    """The SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def keep(*, actor: Actor, data: bytes, content_type: str, counts: bool = True) -> Transmission:
    """Store what was posted, in a transaction of its own. The same bytes of one organisation are stored once."""
    digest = sha256_of(data)
    mine = Transmission.objects.filter(organisation=actor.organisation, sha256=digest, inbound=True)
    if not mine.exists():
        try:
            with transaction.atomic():
                return Transmission.objects.create(
                    organisation=actor.organisation,
                    inbound=True,
                    raw=data,
                    size=len(data),
                    sha256=digest,
                    content_type=content_type[:120],
                    user=actor.user,
                    service_account=actor.service_account,
                )
        except IntegrityError:  # another request was first with the same bytes
            pass
    if counts:
        mine.update(times_received=F("times_received") + 1, last_received_at=now())
    return mine.defer("raw").get()


def keep_outbound(organisation: Organisation, data: bytes, content_type: str) -> Transmission:
    """Store what goes out to an organisation."""
    return Transmission.objects.create(
        organisation=organisation,
        inbound=False,
        raw=data,
        size=len(data),
        sha256=sha256_of(data),
        content_type=content_type,
        processed_at=now(),
    )


def claim(transmission: Transmission) -> Claim:
    """Take the bytes to read them, unless that was done or is being done. What was refused whole is read again:
    the fault may have been a connection that is set up by now."""
    with transaction.atomic():
        row = Transmission.objects.select_for_update(of=("self",)).defer("raw").get(pk=transmission.pk)
        if row.claimed_at and row.claimed_at > now() - LEASE:
            return Claim.BUSY
        owed = row.interchanges.filter(registration="").exclude(validation=Interchange.Validation.VALID)
        if row.processed_at and not owed.exists():
            return Claim.DONE
        row.claimed_at = now()
        row.save(update_fields=["claimed_at"])
    return Claim.READ


def release(transmission: Transmission, *, finished: bool) -> None:
    """Give the claim back; bytes that were not finished are read when they are posted again."""
    changes = {"claimed_at": None, **({"processed_at": now()} if finished else {})}
    Transmission.objects.filter(pk=transmission.pk).update(**changes)


def claim_patiently(transmission: Transmission) -> Claim:
    """READ or DONE; waits for another request with the same bytes. Raises StillBeingRead after twenty seconds."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := claim(transmission)) is Claim.BUSY:
        if time.monotonic() > deadline:
            raise StillBeingRead(
                "The same document is still being read. It was kept; ask again in a minute for the result."
            )
        time.sleep(STEP_SECONDS)
    return found
