"""What the page of a promotion shows: to its vendor all of it, to others what concerns them."""

from decimal import Decimal
from typing import Any

from babel import Locale
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import timeline_of
from core.numbers import locale
from deals.presenting import Act
from partners.actors import Actor
from promotions import permissions, wording
from promotions.audience import audience
from promotions.models import Promotion, Redemption, RedemptionShare

SHOWN = 8
STACKING = {
    "combines": gettext_lazy("It combines with other promotions."),
    "best": gettext_lazy("Of the group “%(group)s” the best applies, together with others."),
    "exclusive": gettext_lazy("It stands alone: the buyer gets it, or the others where they save more."),
}


def acts_on(actor: Actor, promotion: Promotion) -> list[Act]:
    """What the vendor may do next, the primary act last; nothing for others."""
    if promotion.vendor_id != actor.organisation.pk:
        return []
    may, cancel = permissions.may_run(actor, promotion), permissions.may_cancel(actor, promotion)

    def to(name: str) -> str:
        return reverse("promotions:step", args=[promotion.pk, name])

    edit = Act(_("Edit"), may, reverse("promotions:edit", args=[promotion.pk]), method="get", key="E")
    try_it = Act(
        _("Try it on past orders"), may, reverse("promotions:rehearsal", args=[promotion.pk]), method="get", key="T"
    )
    drop = Act(
        _("Take it back"), cancel, to("cancel"), danger=True, quiet=True,
        confirm=_("Take this promotion back? It can be made a draft again."),
    )  # fmt: skip
    by_state = {
        "draft": [drop, try_it, edit, Act(_("Start"), may, to("activate"), key="S", primary=True)],
        "active": [drop, try_it, edit, Act(_("End"), may, to("end")), Act(_("Pause"), may, to("pause"), key="P")],
        "paused": [drop, edit, Act(_("End"), may, to("end")), Act(_("Go on"), may, to("resume"), primary=True)],
        "ended": [Act(_("Go on after all"), may, to("reopen"))],
        "cancelled": [Act(_("Make it a draft again"), may, to("restore"))],
    }
    return by_state[promotion.state]


def terms_of(promotion: Promotion) -> list[str]:
    """How it works, in sentences that everybody who sees it may read."""
    said = [wording.effect(promotion)]
    products, lines = list(promotion.products.all())[:SHOWN], promotion.product_lines
    if products:
        said.append(_("On %(products)s") % {"products": ", ".join(row.name for row in products)})
    if lines:
        said.append(_("On everything of %(lines)s") % {"lines": ", ".join(lines)})
    if not products and not lines:
        said.append(_("On everything that is sold in %(currency)s") % {"currency": promotion.currency})
    said += [each[:1].upper() + each[1:] for each in wording.conditions(promotion)]
    said.append(str(STACKING[promotion.stacking]) % {"group": promotion.group})
    return said


def reach_of(promotion: Promotion) -> list[str]:
    """Who gets it, for the vendor alone."""
    said = []
    if tiers := list(promotion.tiers.all()):
        said.append(_("Tiers: %(names)s") % {"names": ", ".join(str(tier) for tier in tiers)})
    if promotion.countries:
        names = Locale.parse(str(locale())).territories
        said.append(_("Countries: %(names)s") % {"names": ", ".join(names.get(c, c) for c in promotion.countries)})
    if edges := list(promotion.partnerships.select_related("partner")[: SHOWN + 1]):
        some = ", ".join(str(edge.partner) for edge in edges[:SHOWN])
        said.append(_("Partners: %(names)s") % {"names": f"{some} …" if len(edges) > SHOWN else some})
    return said or [_("Every partner")]


def context_of(actor: Actor, promotion: Promotion) -> dict[str, Any]:
    """All that the page shows to this reader."""
    is_vendor = promotion.vendor_id == actor.organisation.pk
    mine = Redemption.objects.visible_to(actor).filter(promotion=promotion)
    found = {
        "promotion": promotion,
        "is_vendor": is_vendor,
        "acts": acts_on(actor, promotion),
        "terms": terms_of(promotion),
        "period": wording.period(promotion),
        "uses": mine.select_related("order", "partner", "product")[:SHOWN],
        "share": _share(actor, promotion),
        "history": timeline_of(actor, promotion),
        "code": promotion.codes.filter(single=False).first(),
    }
    return found | _for_vendor(promotion, mine) if is_vendor else found


def _share(actor: Actor, promotion: Promotion) -> dict[str, Any] | None:
    """What the reader pays, and has paid so far; None for who pays nothing."""
    row = promotion.shares.filter(organisation=actor.organisation).first()
    if row is None:
        return None
    live = RedemptionShare.objects.visible_to(actor).filter(redemption__promotion=promotion)
    live = live.exclude(redemption__state=Redemption.State.RELEASED)
    cost = live.aggregate(cost=Sum("amount"), n=Count("pk"))
    return {"percent": row.percent, "cost": cost["cost"] or Decimal(0), "lines": cost["n"]}


def _for_vendor(promotion: Promotion, uses: QuerySet[Redemption]) -> dict[str, Any]:
    sums = uses.aggregate(
        reserved=Sum("amount", filter=Q(state="reserved")), committed=Sum("amount", filter=Q(state="committed"))
    )
    codes = promotion.codes.filter(single=True).aggregate(all=Count("pk"), taken=Count("order"))
    payers = list(promotion.shares.select_related("organisation"))
    return {
        "reach": reach_of(promotion),
        "partners": audience(promotion).count(),
        "reserved": sums["reserved"] or Decimal(0),
        "committed": sums["committed"] or Decimal(0),
        "codes": codes,
        "payers": payers,
        "own_percent": 100 - sum((row.percent for row in payers), Decimal(0)),
    }
