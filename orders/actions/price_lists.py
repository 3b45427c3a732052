"""The vendor keeps its price lists."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import record
from core.errors import DomainError, StaleObject
from orders.models import PriceList, PriceListItem
from orders.permissions import may_edit_price_list
from orders.price_tables import Asked, Plan, plan
from partners.access import require
from partners.actors import Actor

FOR_WHOM = gettext_lazy("Say for which partner or for which tier the prices are: one of them.")
LIST_FIELDS = ("name", "currency", "partnership", "tier", "valid_from", "valid_until")


@transaction.atomic
def save_price_list(
    *, actor: Actor, price_list: PriceList | None = None, version: int | None = None, **values: Any
) -> PriceList:
    """Add a price list, or change one: `name`, `currency`, `partnership` or `tier`, `valid_from`, `valid_until`.

    Raises DomainError (with its field) unless it is for one partnership or one tier of the vendor's own and its days
    are in order; StaleObject when `version` is not the current one.
    """
    new = price_list is None
    row = PriceList(vendor=actor.organisation) if price_list is None else _locked(actor, price_list)
    require(may_edit_price_list(actor, row))
    if not new and version is not None and version != row.version:
        raise StaleObject
    for name in LIST_FIELDS:
        if name in values:
            setattr(row, name, values[name])
    _check(row)
    row.version = 1 if new else row.version + 1
    row.save()
    record(actor=actor, verb="price_list.added" if new else "price_list.changed", target=row, parties=())
    return row


def _locked(actor: Actor, price_list: PriceList) -> PriceList:
    rows = PriceList.objects.visible_to(actor).select_related("vendor", "partnership", "tier__programme")
    return rows.select_for_update(of=("self",)).get(pk=price_list.pk)


def _check(row: PriceList) -> None:
    if (row.partnership is None) == (row.tier is None):
        raise DomainError(str(FOR_WHOM), field="tier")
    if row.partnership is not None and row.partnership.vendor_id != row.vendor_id:
        raise DomainError(_("That is not one of your partners."), field="partnership")
    if row.tier is not None and row.tier.programme.vendor_id != row.vendor_id:
        raise DomainError(_("That tier is not one of your programme."), field="tier")
    if row.valid_until is not None and row.valid_until < row.valid_from:
        raise DomainError(_("The last day is before the first."), field="valid_until")


@transaction.atomic
def take_prices(*, actor: Actor, price_list: PriceList, asked: Sequence[Asked], replace: bool = False) -> Plan:
    """Put these prices into a list and say what became of each line; a wrong line is left out.

    `replace` also takes away what the lines do not name; it raises DomainError when any line is wrong, as its price
    would be lost.
    """
    row = _locked(actor, price_list)
    require(may_edit_price_list(actor, row))
    found = plan(row, asked, replace=replace)
    if replace and found.refused:
        text = _("Nothing was replaced: correct the lines that are left out, or their prices would be lost.")
        raise DomainError(text, field="text")
    _apply(row, found)
    row.version += 1
    row.save(update_fields=["version"])
    record(actor=actor, verb="price_list.priced", target=row, parties=(), taken=found.taken, gone=len(found.gone))
    return found


def _apply(row: PriceList, found: Plan) -> None:
    new, changed = [], []
    for line in found.lines:
        if line.outcome == "changed" and line.item is not None:
            line.item.price = line.asked.price
            changed.append(line.item)
        elif line.outcome == "new":
            asked = line.asked
            new.append(PriceListItem(price_list=row, product=line.product, min_quantity=asked.least, price=asked.price))
    PriceListItem.objects.filter(pk__in=[item.pk for item in found.gone]).delete()
    PriceListItem.objects.bulk_update(changed, ["price"], batch_size=200)
    PriceListItem.objects.bulk_create(new, batch_size=200)
