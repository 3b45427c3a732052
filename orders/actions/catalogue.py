"""The vendor keeps its catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models.functions import Upper
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, StaleObject
from orders.configuring import Makeup, plain_of
from orders.models import Product
from orders.permissions import may_edit_product
from orders.price_tables import OUTCOMES
from orders.product_tables import ProductRow
from partners.access import require
from partners.actors import Actor

FIELDS = (
    "sku",
    "gtin",
    "name",
    "description",
    "unit",
    "pack_size",
    "product_line",
    "list_price",
    "currency",
    "lifecycle",
    "replacement",
)


@transaction.atomic
def save_product(
    *, actor: Actor, product: Product | None = None, version: int | None = None, **values: object
) -> Product:
    """Add a product, or change one (StaleObject when `version` is not the current one). A SKU is used once."""
    if product is not None:
        product = Product.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=product.pk)
    require(may_edit_product(actor, product))
    if product is not None and version is not None and version != product.version:
        raise StaleObject
    new = product is None
    product = product or Product(vendor=actor.organisation)
    before = {name: str(getattr(product, name) or "") for name in values}
    for name in FIELDS:
        if name in values:
            setattr(product, name, values[name])
    if product.replacement and product.replacement.vendor_id != product.vendor_id:
        raise DomainError(_("The replacement must be a product of your own."), field="replacement")
    _save(product, new)
    verb = "product.added" if new else "product.changed"
    after = {name: str(getattr(product, name) or "") for name in values}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record(actor=actor, verb=verb, target=product, parties=(), sku=product.sku, changed={} if new else changed)
    return product


@transaction.atomic
def save_options(*, actor: Actor, product: Product, makeup: Makeup, version: int | None = None) -> Product:
    """Say how a product can be configured (`read_makeup` judged it). Raises StaleObject. Quotes that were sent keep
    what they say."""
    product = Product.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=product.pk)
    require(may_edit_product(actor, product))
    if version is not None and version != product.version:
        raise StaleObject
    product.options, product.option_rules = plain_of(makeup)
    product.version += 1
    product.save(update_fields=["options", "option_rules", "version"])
    count = str(len(makeup.choices))
    changed = {"options": ["", count]}
    record(actor=actor, verb="product.changed", target=product, parties=(), sku=product.sku, changed=changed)
    return product


def _save(product: Product, new: bool) -> None:
    product.version = 1 if new else product.version + 1
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError as error:
        raise DomainError(_("There is a product with this SKU already."), field="sku") from error


@dataclass(frozen=True, slots=True)
class ProductOutcome:
    """What became of one line of a table: `outcome` is new, changed, same or refused, then with its reason."""

    row: ProductRow
    outcome: str
    reason: str | Promise = ""

    @property
    def label(self) -> str | Promise:
        """The outcome in words."""
        return OUTCOMES[self.outcome][0]

    @property
    def tone(self) -> str:
        """The tone in which it is shown."""
        return OUTCOMES[self.outcome][1]


@transaction.atomic
def take_products(*, actor: Actor, rows: Sequence[ProductRow], really: bool = True) -> list[ProductOutcome]:
    """Add and change products by a table and say what became of each line; a wrong line is left out. Without `really`
    it is only said. An empty cell leaves what is; a new product needs a name and a list price."""
    require(may_edit_product(actor))
    keys = {row.sku.upper() for row in rows}
    own = Product.objects.filter(vendor=actor.organisation).annotate(key=Upper("sku")).filter(key__in=keys)
    known = {product.sku.upper(): product for product in own}
    return [_take(actor, row, known.get(row.sku.upper()), really) for row in rows]


def _take(actor: Actor, row: ProductRow, product: Product | None, really: bool) -> ProductOutcome:
    if row.problem:
        return ProductOutcome(row, "refused", row.problem)
    values = {name: value for name, value in row.values.items() if name != "sku" or product is None}
    if product is None and not {"name", "list_price"} <= set(values):
        return ProductOutcome(row, "refused", _("A new product needs a name and a list price."))
    if product is not None and all(getattr(product, name) == value for name, value in values.items()):
        return ProductOutcome(row, "same")
    if really:
        if product is None:
            values = {"currency": actor.organisation.currency, **values}
        save_product(actor=actor, product=product, **values)
    return ProductOutcome(row, "new" if product is None else "changed")
