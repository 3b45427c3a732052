"""Promotions in tables: one's own, those of vendors, and the order lines that use one."""

from dataclasses import replace

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from partners.access import MemberRequest, member_required
from partners.models import Partnership
from promotions.models import Promotion, Redemption
from promotions.tables import OFFERED, OWN, USES
from promotions.views.access import any_promotion


@require_GET
@member_required("promotions.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """One's own; who has none and sells for others is shown what vendors offer."""
    actor = request.actor
    own = Promotion.objects.visible_to(actor).filter(vendor=actor.organisation)
    is_vendor = Partnership.objects.visible_to(actor).filter(vendor=actor.organisation).exists()
    if not request.GET and not is_vendor and not own.exists():
        return redirect("promotions:offered")
    return OWN.respond(request, own.select_related("reward"))


@require_GET
@member_required("promotions.view")
def offered(request: MemberRequest) -> HttpResponseBase:
    """What vendors offer one's organisation, or have it pay a share of."""
    others = Promotion.objects.visible_to(request.actor).exclude(vendor=request.actor.organisation)
    return OFFERED.respond(request, others.select_related("vendor", "reward"))


@require_GET
@member_required("promotions.view")
def uses(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The order lines that use it: all of them for the vendor, one's own for a partner."""
    promotion = any_promotion(request.actor, pk)
    rows = Redemption.objects.visible_to(request.actor).filter(promotion=promotion)
    title = _("Orders that use %(name)s") % {"name": promotion.name}
    return replace(USES, title=title, template="promotions/uses.html").respond(
        request, rows.select_related("order", "partner", "product"), promotion=promotion
    )
