"""Watched folders: looked into on the timetable, what lies there is taken in, then moved away at the other end."""

import logging

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.timezone import now

from core.errors import DomainError
from edi.exchange import receive
from edi.models import Transport
from edi.transports.delivering import actor_of
from edi.transports.ways import TransportFault, way_of
from partners.actors import Actor

log = logging.getLogger("filiera.edi")
WATCHED = (Transport.Kind.SFTP, Transport.Kind.FOLDER)


def fetch_all() -> int:
    """Look into every watched folder; returns how many documents were taken in."""
    rows = Transport.objects.filter(kind__in=WATCHED, state=Transport.State.ACTIVE, connection__state="active")
    rows = rows.filter(Q(account__active=True)).select_related("account__organisation", "account__role", "connection")
    return sum(fetch_from(row) for row in rows.order_by("looked_at", "pk"))


def fetch_from(transport: Transport) -> int:
    """Take in what lies in the folder of one transport; what went wrong is noted on it. Returns how many came in."""
    way, actor = way_of(transport.kind), actor_of(transport)
    if way is None or actor is None:
        return 0
    count, fault = 0, ""
    try:
        for fetched in way.fetch(transport):
            if _taken_in(actor, transport, fetched.data, fetched.name):
                fetched.done()
                count += 1
    except TransportFault as found:
        fault = str(found)
    except Exception:
        log.exception("transport %s could not be looked into", transport.pk)
        fault = "The portal failed while looking. The operators were told."
    Transport.objects.filter(pk=transport.pk).update(looked_at=now(), fault=fault[:1_000])
    return count


def _taken_in(actor: Actor, transport: Transport, data: bytes, name: str) -> bool:
    """True once the bytes are kept here, whatever was found in them; else they stay where they are."""
    from edi.tables import content_type_for

    try:
        receive(actor=actor, data=data, content_type=content_type_for(transport.connection, name, data))
    except (DomainError, PermissionDenied):
        log.warning("a file of transport %s was left where it is", transport.pk, exc_info=True)
        return False
    return True
