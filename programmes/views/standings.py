"""How partners stand: all of them for the vendor, one's own for the partner, and the page of one."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import tried
from core.listing import Choice, Column, Empty, Flag, Listing, View
from core.web import follow, render_partial, toast, wants_partial
from deals.presenting import Act
from deals.views.dialogs import Dialog, Kind, again
from deals.views.lists import Counterpart, counterparts
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Tier
from programmes import actions
from programmes.forms import FixForm
from programmes.models import Figure, Standing
from programmes.permissions import may_fix
from programmes.presenting import standing_context

FIX = Kind(gettext_lazy("Set the tier by hand"), gettext_lazy("Set the tier"), FixForm, "programmes:fix")


def _tiers(actor: Actor) -> Iterable[tuple[int, str]]:
    rows = Tier.objects.visible_to(actor).filter(programme__vendor=actor.organisation)
    return [(tier.pk, tier.name) for tier in rows]


def _figure(figure: str) -> Callable[[Standing], Any]:
    return lambda row: row.value(figure)


LIST = Listing(
    key="standings",
    title=gettext_lazy("Programme"),
    columns=(
        Column("partner", gettext_lazy("Partner"), kind="link", sort="partner__name"),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", sort="vendor__name", phone=False),
        Column("tier", gettext_lazy("Tier"), get=lambda row: row.partnership.tier),
        Column("earned", gettext_lazy("By its figures"), phone=False),
        Column("state", gettext_lazy("Standing"), kind="state"),
        Column(
            "revenue",
            gettext_lazy("Revenue"),
            kind="money",
            get=lambda row: (row.value(Figure.REVENUE), row.vendor.currency),
        ),
        Column("registrations", gettext_lazy("Approved"), kind="number", get=_figure("registrations"), phone=False),
        Column("won", gettext_lazy("Won"), kind="number", get=_figure("won"), phone=False),
        Column(
            "certifications", gettext_lazy("Certifications"), kind="number", get=_figure("certifications"), phone=False
        ),
        Column("falls_on", gettext_lazy("Falls on"), kind="day", phone=False),
        Column("reckoned_on", gettext_lazy("Reckoned"), kind="day", phone=False, shown=False),
    ),
    filters=(
        Counterpart("with", gettext_lazy("Company"), choices=counterparts),
        Choice("tier", gettext_lazy("Tier"), choices=_tiers, field="partnership__tier"),
        Choice("earned", gettext_lazy("By its figures"), choices=_tiers),
        Flag("falling", gettext_lazy("To fall"), Q(falls_on__isnull=False)),
        Flag("by_hand", gettext_lazy("Set by hand"), Q(fixed_until__isnull=False)),
    ),
    views=(
        View("all", gettext_lazy("All")),
        View("falling", gettext_lazy("To fall"), "falling=1"),
        View("by_hand", gettext_lazy("Set by hand"), "by_hand=1"),
    ),
    search=("partner__name", "vendor__name"),
    default_sort="partner__name",
    row_url=lambda row: row.get_absolute_url(),
    live="standing",
    template="programmes/list.html",
    empty=Empty(
        gettext_lazy("No standings yet"),
        gettext_lazy("Once a vendor says what its tiers ask, every partner stands here with its figures, each day."),
        icon="medal",
    ),
)


@require_GET
@member_required("programmes.view")
def home(request: MemberRequest) -> HttpResponseBase:
    """All standings one is a party to. A column that would always name oneself is hidden at first."""
    actor = request.actor
    rows = Standing.objects.visible_to(actor).of_active()
    as_vendor = rows.filter(vendor=actor.organisation).exists()
    as_partner = rows.filter(partner=actor.organisation).exists()
    # who only buys reads the vendor's name as the name of the row
    first = "partner" if as_vendor or not as_partner else "vendor"
    named = next(each for each in LIST.columns if each.key == first)
    others = [
        replace(each, shown=as_vendor and as_partner) if each.key in {"partner", "vendor"} else each
        for each in LIST.columns
        if each.key != first
    ]
    listing = replace(LIST, columns=(replace(named, kind="link"), *others))
    return listing.respond(request, rows.select_related("vendor", "partner", "partnership__tier", "earned"))


def _one(request: MemberRequest, pk: int) -> Standing:
    rows = Standing.objects.visible_to(request.actor)
    related = ("vendor", "partner", "partnership__tier", "partnership__vendor", "earned", "fixed_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@require_GET
@member_required("programmes.view")
def standing(request: MemberRequest, pk: int) -> HttpResponse:
    """One partner's standing: figures, what is missing, how it went."""
    return _show(request, _one(request, pk))


def _show(request: MemberRequest, row: Standing, *, problem: str = "", status: int = 200) -> HttpResponse:
    acts = _acts(request.actor, row)
    context = {
        **standing_context(request.actor, row),
        "acts": acts,
        "dialogs": [_dialog(request, row)] if any(act.dialog and act.verdict for act in acts) else [],
        "lines": timeline_of(request.actor, row),
        "as_vendor": row.vendor_id == request.actor.organisation.pk,
        "problem": problem,
    }
    return render_partial(request, "programmes/standing.html", "record", context, status)


def _acts(actor: Actor, row: Standing) -> list[Act]:
    if row.vendor_id != actor.organisation.pk:
        return []
    may = may_fix(actor, row)
    fix = Act(gettext_lazy("Set the tier by hand…"), may, dialog="#fix", key="B")
    if row.fixed_until is None:
        return [fix]
    free = Act(gettext_lazy("Let the figures decide"), may, reverse("programmes:free", args=[row.pk]), key="L")
    return [free, fix]


def _dialog(request: MemberRequest, row: Standing, form: FixForm | None = None) -> Dialog:
    url = reverse("programmes:fix", args=[row.pk])
    return Dialog("fix", FIX, url, form or FixForm(prefix="fix", actor=request.actor))


@require_POST
@member_required("programmes.manage")
def fix(request: MemberRequest, pk: int) -> HttpResponse:
    """Set the tier by hand."""
    row = _one(request, pk)
    form = FixForm(request.POST, prefix="fix", actor=request.actor)
    if not tried(form, lambda said: actions.fix_tier(actor=request.actor, standing=row, **said)):
        return again(request, _dialog(request, row, form))
    messages.success(request, _("The tier is set. The partner is told."))
    return follow(request, row)


@require_POST
@member_required("programmes.manage")
def free(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the figures decide again."""
    row = _one(request, pk)
    try:
        actions.free_tier(actor=request.actor, standing=row)
    except DomainError as error:
        return _show(request, row, problem=error.message, status=422)
    said = _("The figures decide again, from the next reckoning on.")
    if wants_partial(request):
        return toast(_show(request, _one(request, pk)), said)
    messages.success(request, said)
    return follow(request, row)
