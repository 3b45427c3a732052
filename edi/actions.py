"""What people and machines do in the exchange: connections, collecting, confirming, the clock."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, StaleObject
from edi.models import Connection, Interchange
from edi.permissions import may_exchange, may_manage_connections
from partners.access import require
from partners.actors import Actor, system_actor
from partners.models import Organisation

FIELDS = (
    "format",
    "own_id",
    "own_qualifier",
    "their_id",
    "their_qualifier",
    "own_codes",
    "their_codes",
    "guide_rules",
    "code_rules",
    "mode",
    "acknowledged_within",
    "state",
)


@transaction.atomic
def create_connection(*, actor: Actor, counterpart: Organisation, **values: Any) -> Connection:
    """Set up how documents are exchanged with a company. Raises DomainError for one that is no partner."""
    require(may_manage_connections(actor))
    if not Organisation.objects.partners_of(actor.organisation).filter(pk=counterpart.pk).exists():
        raise DomainError(_("There is no active partnership with %(who)s.") % {"who": counterpart}, field="counterpart")
    connection = Connection(organisation=actor.organisation, counterpart=counterpart)
    _set(connection, values)
    _save(connection)
    record(actor=actor, verb="connection.created", target=connection, parties=(), **_facts(connection))
    return connection


@transaction.atomic
def change_connection(*, actor: Actor, connection: Connection, version: int | None = None, **values: Any) -> Connection:
    """Change a connection. Raises StaleObject when `version` is not the current one."""
    require(may_manage_connections(actor))
    rows = Connection.objects.visible_to(actor).select_for_update(of=("self",))
    connection = rows.select_related("counterpart").get(pk=connection.pk)
    if version is not None and version != connection.version:
        raise StaleObject
    before = _facts(connection)
    _set(connection, values)
    connection.version += 1
    _save(connection)
    after = _facts(connection)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    record(actor=actor, verb="connection.changed", target=connection, parties=(), changed=changed)
    return connection


def _set(connection: Connection, values: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(connection, name, values[name])


def _save(connection: Connection) -> None:
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError as error:
        text = _("There is a connection with these identifiers already. Change that one instead.")
        raise DomainError(text, field="their_id") from error


def _facts(connection: Connection) -> dict[str, str]:
    return {name: str(getattr(connection, name)) for name in FIELDS}


@transaction.atomic
def collect(*, actor: Actor, interchange: Interchange) -> Interchange:
    """Note that the receiver's system fetched a document. Fetching it again changes nothing."""
    interchange = _outbound(actor, interchange)
    if interchange.delivery != Interchange.Delivery.PENDING:
        return interchange
    interchange.delivery = Interchange.Delivery.SENT
    interchange.delivered_at = now()
    interchange.save(update_fields=["delivery", "delivered_at"])
    record(actor=actor, verb="edi.fetched", target=interchange, related=_orders(interchange))
    return interchange


@transaction.atomic
def confirm(*, actor: Actor, interchange: Interchange) -> Interchange:
    """Note that the receiver's system holds a document safely. Confirming it again changes nothing."""
    interchange = _outbound(actor, interchange)
    if interchange.confirmed_at is not None:
        return interchange
    interchange.delivery = Interchange.Delivery.DELIVERED
    interchange.confirmed_at = now()
    interchange.delivered_at = interchange.delivered_at or interchange.confirmed_at
    interchange.save(update_fields=["delivery", "confirmed_at", "delivered_at"])
    record(actor=actor, verb="edi.confirmed", target=interchange, related=_orders(interchange))
    return interchange


def _outbound(actor: Actor, interchange: Interchange) -> Interchange:
    require(may_exchange(actor))
    rows = Interchange.objects.visible_to(actor).outbound_of(actor.organisation.pk)
    return rows.select_for_update(of=("self",)).get(pk=interchange.pk)


def _orders(interchange: Interchange) -> list[list[Any]]:
    orders = interchange.messages.exclude(order=None).values_list("order", flat=True)
    return [["orders.order", pk] for pk in orders]


def mark_overdue() -> int:
    """Mark what should have been acknowledged by now, once each; returns how many."""
    late = Interchange.objects.filter(
        acknowledgement=Interchange.Acknowledgement.WAITING, acknowledge_by__lt=now()
    ).order_by("pk")
    return sum(_mark_overdue(pk) for pk in late.values_list("pk", flat=True)[:500])


@transaction.atomic
def _mark_overdue(pk: int) -> bool:
    waiting = Interchange.objects.filter(pk=pk, acknowledgement=Interchange.Acknowledgement.WAITING)
    row = waiting.select_for_update(of=("self",)).select_related("organisation").first()
    if row is None:
        return False
    row.acknowledgement = Interchange.Acknowledgement.OVERDUE
    row.save(update_fields=["acknowledgement"])
    record(actor=system_actor(row.organisation), verb="edi.overdue", target=row)
    return True
