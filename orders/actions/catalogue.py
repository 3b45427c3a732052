"""The vendor keeps its catalogue."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, StaleObject
from orders.models import Product
from orders.permissions import may_edit_product
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


def _save(product: Product, new: bool) -> None:
    product.version = 1 if new else product.version + 1
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError as error:
        raise DomainError(_("There is a product with this SKU already."), field="sku") from error
