"""What a registration form looks up while it is written: one's own customers, the vendor's products."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.numbers import format_number
from core.search import found
from deals.models import DealLine, EndCustomer
from deals.views.desk import named_partnership
from partners.access import MemberRequest, member_required

OPTIONS = 12
CUSTOMER_FILL = ("country", "vat", "city", "postcode", "domain", "email", "phone", "lei", "duns", "gln")


@require_GET
@member_required("deals.register")
def customer_options(request: MemberRequest) -> HttpResponse:
    """The organisation's own end customers for the look-up."""
    mine = EndCustomer.objects.visible_to(request.actor)
    text = request.GET.get("q", "")
    rows = found(mine, text, "name", "city", "vat") if text.strip() else mine.order_by("-created")
    options = [
        {
            "value": str(row.pk),
            "label": row.name,
            "note": " · ".join(part for part in (row.city, row.country, row.vat) if part),
            "fill": {f"customer_{name}": getattr(row, name) for name in CUSTOMER_FILL},
        }
        for row in rows[:OPTIONS]
    ]
    return JsonResponse({"options": options})


@require_GET
@member_required("deals.view")
def product_options(request: MemberRequest) -> HttpResponse:
    """Products that the actor may see, of the vendor with whom the deal is registered."""
    products: Any = DealLine._meta.get_field("product").related_model
    rows = products.objects.visible_to(request.actor)
    partnership = named_partnership(request, request.GET.get("side") == "vendor")
    if partnership is None:
        raise PermissionDenied(_("There is no vendor whose products you could register."))
    rows = rows.filter(vendor=partnership.vendor_id).exclude(lifecycle="ended")
    text = request.GET.get("q", "")
    rows = found(rows, text, "name", "sku", "product_line") if text.strip() else rows
    options = [
        {
            "value": str(row.pk),
            "label": row.name,
            "note": f"{row.sku} · {format_number(row.list_price, 2)} {row.currency}",
            "fill": {"asked_price": format_number(row.list_price), "quantity": "1"},
        }
        for row in rows.order_by("name", "pk")[:OPTIONS]
    ]
    return JsonResponse({"options": options})
