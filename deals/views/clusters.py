"""The customers as a vendor knows them, under all the names and numbers that its partners gave: merged and split."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.audit import timeline_of
from core.bulk import chosen
from core.errors import DomainError
from core.listing import Column, Empty, Listing
from core.web import key_of
from deals import actions
from deals.actions.known import alike, members_of
from deals.models import CustomerCluster, Deal
from partners.access import MemberRequest, member_required
from partners.actors import Actor

LIST = Listing(
    key="clusters",
    title=gettext_lazy("Known customers"),
    columns=(
        Column("name", gettext_lazy("Name"), kind="link", sort="name"),
        Column("keys_count", gettext_lazy("Known by"), kind="number"),
        Column("deals_count", gettext_lazy("Protected deals"), kind="number"),
        Column("created", gettext_lazy("Known since"), kind="ago", sort="created", phone=False),
    ),
    search=("name",),
    default_sort="name",
    row_url=lambda cluster: reverse("deals:cluster", args=[cluster.pk]),
    links=((gettext_lazy("Conflicts"), "deals:cases"),),
    empty=Empty(
        gettext_lazy("No customers are known yet"),
        gettext_lazy("An approval teaches by which names and numbers a customer is recognised."),
        gettext_lazy("To the queue"),
        "deals:queue",
        "building-2",
    ),
)


def _fetch(actor: Actor, pk: int) -> CustomerCluster:
    return get_object_or_404(CustomerCluster.objects.visible_to(actor), pk=pk)


@require_safe
@member_required("deals.decide")
def index(request: MemberRequest) -> HttpResponseBase:
    """The vendor's own customers."""
    rows = CustomerCluster.objects.visible_to(request.actor)
    counts = {"keys_count": Count("keys", distinct=True), "deals_count": Count("protections__deal", distinct=True)}
    return LIST.respond(request, rows.annotate(**counts))


@require_GET
@member_required("deals.decide")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One customer: its names and numbers, its deals, and which others look alike."""
    return _show(request, _fetch(request.actor, pk))


def _show(request: MemberRequest, cluster: CustomerCluster, problem: str = "") -> HttpResponse:
    context = {
        "cluster": cluster,
        "keys": [(KINDS.get(key.kind, key.kind), key.value.replace("|", ", ")) for key in cluster.keys.order_by("pk")],
        "members": members_of(cluster),
        "alike": alike(cluster),
        "history": timeline_of(request.actor, cluster),
        "problem": problem,
    }
    return render(request, "deals/cluster.html", context, status=422 if problem else 200)


KINDS = {
    "vat": gettext_lazy("VAT number"),
    "domain": gettext_lazy("Web domain"),
    "name": gettext_lazy("Name, country, postcode"),
}


@require_POST
@member_required("deals.decide")
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that another customer is this one."""
    cluster = _fetch(request.actor, pk)
    gone = _fetch(request.actor, key_of(request.POST.get("gone", "")) or 0)
    try:
        actions.merge_known(actor=request.actor, keep=cluster, gone=gone)
    except DomainError as error:
        return _show(request, cluster, error.message)
    messages.success(request, _("Merged. Choose deals and split them off to undo it."))
    return redirect("deals:cluster", pk=pk)


@require_POST
@member_required("deals.decide")
def split(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that some deals name another customer."""
    cluster = _fetch(request.actor, pk)
    deals = Deal.objects.visible_to(request.actor).filter(pk__in=chosen(request))
    try:
        own = actions.split_known(actor=request.actor, cluster=cluster, deals=deals)
    except DomainError as error:
        return _show(request, cluster, error.message)
    messages.success(request, _("Split. The chosen deals stand under a customer of their own."))
    return redirect("deals:cluster", pk=own.pk)
