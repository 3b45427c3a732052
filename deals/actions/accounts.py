"""What a vendor keeps to itself or is at already, and the rules by which customers are compared."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from deals import identity
from deals.actions.filing import file_accounts
from deals.matching import Rules
from deals.models import MatchRules, NamedAccount
from deals.permissions import may_set_terms
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation

FIELDS = ("kind", "name", "country", "vat", "domain", "postcode", "city", "product_line", "until", "note", "reference")
MOST_ROWS = 20_000
WEIGHTS = tuple(field.name for field in fields(Rules) if field.name != "version")


@transaction.atomic
def save_account(*, actor: Actor, values: Mapping[str, Any], account: NamedAccount | None = None) -> NamedAccount:
    """Add or change a named account of one's own. Raises DomainError, naming the field, for what cannot be right."""
    require(may_set_terms(actor))
    if account is None:
        row, verb = NamedAccount(vendor=actor.organisation), "account.added"
    else:
        mine = NamedAccount.objects.visible_to(actor).select_for_update(of=("self",))
        row, verb = mine.get(pk=account.pk), "account.changed"
    _set(row, values)
    taken = NamedAccount.objects.visible_to(actor).filter(reference=row.reference).exclude(pk=row.pk)
    if row.reference and taken.exists():
        raise DomainError(_("Another account has this reference."), field="reference")
    row.save()
    file_accounts([row])
    record(actor=actor, verb=verb, target=row, parties=())
    return row


def _set(row: NamedAccount, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    try:
        row.vat = identity.vat_number(row.country, row.vat)
    except ValueError as error:
        raise DomainError(_("That is no VAT number of this country. Check the digits."), field="vat") from error
    row.domain = identity.domain_of(row.domain)
    try:
        row.clean_fields()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(sentences[0], field=field) from error


@transaction.atomic
def delete_account(*, actor: Actor, account: NamedAccount) -> None:
    """Take an account off the list; registrations that were checked keep what was found."""
    require(may_set_terms(actor))
    row = NamedAccount.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=account.pk)
    record(actor=actor, verb="account.removed", target=row, parties=())
    row.delete()


@transaction.atomic
def import_accounts(*, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> tuple[int, list[tuple[int, str]]]:
    """Take a list over: a row with a known reference changes that account, every other one is added.

    Returns how many were taken, and for each row that was not its place (from 1) and a sentence. Raises DomainError for
    more than MOST_ROWS rows.
    """
    require(may_set_terms(actor))
    if len(rows) > MOST_ROWS:
        raise DomainError(_("A list has at most %(n)d rows. Cut it in two.") % {"n": MOST_ROWS})
    known = {row.reference: row for row in NamedAccount.objects.visible_to(actor).exclude(reference="")}
    taken, refused = [], []
    for place, values in enumerate(rows, start=1):
        # A copy: what was set before a row is refused must not reach the next of its reference.
        row = copy(known.get(str(values.get("reference", ""))) or NamedAccount(vendor=actor.organisation))
        try:
            _set(row, values)
        except DomainError as error:
            refused.append((place, error.message))
            continue
        row.save()
        if row.reference:
            known[row.reference] = row
        taken.append(row)
    file_accounts(list({row.pk: row for row in taken}.values()))
    record(actor=actor, verb="accounts.imported", target=actor.organisation, parties=(), count=len(taken))
    return len(taken), refused


@transaction.atomic
def set_rules(*, actor: Actor, values: Mapping[str, int]) -> MatchRules:
    """Write a new version of the rules by which customers are compared; checks that were made keep theirs.

    `values`: any of WEIGHTS, 0 to 100; what is left out stays. Raises DomainError, naming the field.
    """
    require(may_set_terms(actor))
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.organisation.pk)
    today = MatchRules.objects.of(actor.organisation.pk)
    wanted = today.stored() | {name: values[name] for name in WEIGHTS if name in values}
    for name, value in wanted.items():
        if not isinstance(value, int) or not 0 <= value <= 100:
            raise DomainError(_("Write a whole number from 0 to 100."), field=name)
    if wanted["possible"] >= wanted["same"]:
        raise DomainError(_("“Possible” has to begin below “the same customer”."), field="possible")
    row = MatchRules.objects.create(
        vendor=actor.organisation, version=today.version + 1, values=wanted, created_by=actor.user
    )
    changed = {name: [before, wanted[name]] for name, before in today.stored().items() if wanted[name] != before}
    record(actor=actor, verb="conflict_rules.changed", target=row, parties=(), changed=changed, version=row.version)
    return row
