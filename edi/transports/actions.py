"""Setting how the documents of a connection travel, and how its tables are read."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, StaleObject
from core.vault import seal, unseal
from edi.mapping.tables import ColumnMapping
from edi.models import Connection, TableMapping, Transport
from edi.permissions import may_manage_connections
from partners.access import require
from partners.actors import Actor
from partners.models import ServiceAccount


@transaction.atomic
def save_transport(
    *,
    actor: Actor,
    connection: Connection,
    kind: str,
    account: ServiceAccount,
    state: str,
    settings: dict[str, Any],
    secrets: dict[str, str],
    version: int | None = None,
    own_name: str = "",
    their_name: str = "",
    new_certificate: bool = False,
) -> Transport:
    """Set the way of a connection; secrets that are not given stay as they are, unless the way is another. Raises
    StaleObject when `version` is not the current one, DomainError for AS2 names that are taken."""
    require(may_manage_connections(actor))
    connection = _locked(actor, connection)
    if account.organisation_id != actor.organisation.pk:
        raise DomainError(_("Choose an account of your own organisation."), field="account")
    row = Transport.objects.filter(connection=connection).select_for_update(of=("self",)).first()
    if version is not None and version != (row.version if row else 0):
        raise StaleObject
    row = row or Transport(organisation=connection.organisation, connection=connection, version=0)
    same = row.kind == kind
    kept = unseal(row.sealed) if same else {}
    if _elsewhere(row, settings, same=same):
        kept = {name: value for name, value in kept.items() if name.startswith("key") and kind == "as2"}
    if same and kind == Transport.Kind.AS2:
        settings = {**settings, "own_certificates": row.settings.get("own_certificates", [])}
    row.kind, row.account, row.state, row.settings = kind, account, state, settings
    row.own_name, row.their_name, row.fault = own_name, their_name, ""
    kept |= secrets
    if kind == Transport.Kind.AS2 and (new_certificate or not settings.get("own_certificates")):
        kept = _with_new_certificate(row, kept)
    row.sealed = seal(kept)
    row.version += 1
    _save(row)
    record(actor=actor, verb="transport.saved", target=connection, parties=(), way=kind, state=state)
    return row


def _elsewhere(row: Transport, settings: dict[str, Any], *, same: bool) -> bool:
    """Whether the documents would go to another server than the secrets were given for: then they are asked for
    anew, or whoever may change the address could have them sent to himself."""
    moved = any(row.settings.get(name) != settings.get(name) for name in ("url", "host", "port"))
    pinned = row.settings.get("host_key")  # to pin a key for the first time is no move
    return not same or moved or bool(pinned and pinned != settings.get("host_key"))


def _with_new_certificate(row: Transport, kept: dict[str, str]) -> dict[str, str]:
    """A new certificate of ours before the one there is, which still opens messages."""
    from edi.transports.as2 import keys

    certificate, key = keys.make(row.own_name, now())
    row.settings["own_certificates"] = [certificate, *row.settings.get("own_certificates", [])][: keys.AT_MOST]
    before = {"key1": kept["key0"]} if "key0" in kept else {}
    return {name: value for name, value in kept.items() if not name.startswith("key")} | {"key0": key} | before


def _save(row: Transport) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError(_("These two AS2 names are in use already."), field="their_name") from error


@transaction.atomic
def remove_transport(*, actor: Actor, connection: Connection) -> None:
    """Take the way of a connection away; its documents wait to be collected again."""
    require(may_manage_connections(actor))
    connection = _locked(actor, connection)
    for row in Transport.objects.filter(connection=connection).select_for_update(of=("self",)):
        record(actor=actor, verb="transport.removed", target=connection, parties=(), way=row.kind)
        row.delete()


@transaction.atomic
def save_table(*, actor: Actor, connection: Connection, mapping: ColumnMapping) -> TableMapping:
    """Set how the tables of a connection are read. Raises DomainError for a mapping that cannot be used."""
    require(may_manage_connections(actor))
    connection = _locked(actor, connection)
    wrong = [*mapping.faults(), *mapping.lacks()]
    if wrong:
        raise DomainError(_("The mapping is not complete yet: %s") % ", ".join(wrong))
    row, _made = TableMapping.objects.update_or_create(
        connection=connection, defaults={"mapping": mapping.to_json(), "changed": now()}
    )
    record(actor=actor, verb="table.saved", target=connection, parties=(), kind=mapping.kind)
    return row


def _locked(actor: Actor, connection: Connection) -> Connection:
    rows = Connection.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("organisation", "counterpart").get(pk=connection.pk)
