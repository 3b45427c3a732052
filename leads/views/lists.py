"""The vendor's leads in a table."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.bulk import chosen, on_each
from core.listing import Bulk, Choice, Column, Create, Empty, Flag, Listing, Period, View
from leads import actions
from leads.models import Lead
from leads.places import country_name
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Partnership

STATES = [choice for choice in Lead.State.choices if choice[0] != Lead.State.SPAM]
FORGOTTEN = timedelta(days=3)


def _mine(actor: Actor) -> Q:
    return Q(vendor=actor.organisation)


def _lines(actor: Actor) -> Iterable[tuple[str, str]]:
    rows = Lead.objects.visible_to(actor).filter(_mine(actor)).exclude(product_line="")
    names = rows.order_by("product_line").values_list("product_line", flat=True).distinct()[:50]
    return [(name, name) for name in names]


def _countries(actor: Actor) -> Iterable[tuple[str, str]]:
    rows = Lead.objects.visible_to(actor).filter(_mine(actor)).order_by("country")
    return [(code, country_name(code)) for code in rows.values_list("country", flat=True).distinct()[:250]]


LIST = Listing(
    key="leads",
    title=_("Leads"),
    columns=(
        Column("company", _("Company"), kind="link", sort="company"),
        Column("number", _("Number"), kind="code", sort="number", phone=False, shown=False),
        Column("need", _("Need")),
        Column("product_line", _("Product line"), phone=False, shown=False),
        Column("region", _("Region"), phone=False),
        Column("country", _("Country"), get=lambda lead: country_name(lead.country), phone=False, shown=False),
        Column("source", _("Source"), get=lambda lead: lead.get_source_display(), phone=False, shown=False),
        Column("campaign", _("Campaign"), phone=False, shown=False),
        Column(
            "value", _("Value"), kind="money", get=lambda lead: lead.value and (lead.value, lead.currency), phone=False
        ),
        Column("score", _("Score"), kind="number", sort="score", phone=False, shown=False),
        Column("holder", pgettext_lazy("who has the lead", "With"), kind="mark", phone=False),
        Column("state", _("State"), kind="state"),
        Column("due_at", _("Due"), kind="ago", phone=False),
        Column("created", _("Came in"), kind="ago", sort="created"),
        Column("contact", _("Contact"), phone=False, shown=False),
        Column("email", _("E-mail"), phone=False, shown=False),
    ),
    filters=(
        Choice("state", _("State"), choices=STATES),
        Choice("source", _("Source"), choices=Lead.Source.choices),
        Choice("product_line", _("Product line"), choices=_lines),
        Choice("country", _("Country"), choices=_countries),
        Period("created", _("Came in")),
    ),
    views=(
        View("new", _("Without a partner"), "state=new&state=routed"),
        View("offered", _("Offered"), "state=offered"),
        View("accepted", _("With a partner"), "state=accepted&state=working"),
        View("stale", _("Slow"), "slow=1"),
        View("registered", _("Registered"), "state=converted"),
        View("closed", _("Closed"), "state=closed"),
        View("all", _("All")),
    ),
    search=("number", "company", "contact", "need", "email", "city"),
    default_sort="-created",
    bulk=(
        Bulk("route", _("Let the rules choose"), "leads:bulk_route", capability="leads.manage"),
        Bulk("bin", _("Spam"), "leads:bulk_bin", capability="leads.manage"),
    ),
    row_url=lambda lead: lead.get_absolute_url(),
    live="lead leadoffer",
    create=Create(_("Add a lead"), "leads:new", capability="leads.manage"),
    template="leads/list.html",
    empty=Empty(
        _("No leads here"),
        _("Whoever shows interest stands here: typed in, from your web form, or imported. Rules find a partner."),
        _("Add a lead"),
        "leads:new",
        "sprout",
    ),
)


def _slow() -> Flag:
    """Due within a day, or without a partner for three: what may need a hand."""
    moment = now()
    due = Q(state__in=(Lead.State.ACCEPTED, Lead.State.WORKING), due_at__lt=moment + timedelta(days=1))
    left = Q(state__in=(Lead.State.NEW, Lead.State.ROUTED), created__lt=moment - FORGOTTEN)
    return Flag("slow", _("Slow"), due | left)


@require_GET
@member_required("leads.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """One's own leads; who has none to pass on is shown what vendors offer."""
    actor = request.actor
    own = Lead.objects.visible_to(actor).filter(_mine(actor))
    if not request.GET and not own.exists() and not _is_vendor(actor):
        return redirect("leads:offers")
    listing = replace(LIST, filters=(*LIST.filters, _slow()))
    rows = own.exclude(state=Lead.State.SPAM).select_related("vendor", "holder")
    return listing.respond(request, rows, spam=own.filter(state=Lead.State.SPAM).count(), side="own", both=True)


def _is_vendor(actor: Actor) -> bool:
    return Partnership.objects.visible_to(actor).filter(vendor=actor.organisation).exists()


SPAM = replace(
    LIST,
    key="leads-spam",
    title=_("Spam"),
    filters=(),
    views=(),
    create=None,
    template="listing/page.html",
    links=((_("All leads"), "leads:list"),),
    bulk=(Bulk("restore", _("No spam"), "leads:bulk_restore", capability="leads.manage"),),
    empty=Empty(
        _("No spam"), _("What a machine wrote into your forms is put here, and tells nobody."), icon="shield-check"
    ),
)


@require_GET
@member_required("leads.manage")
def spam(request: MemberRequest) -> HttpResponseBase:
    """What was put aside."""
    rows = Lead.objects.visible_to(request.actor).filter(_mine(request.actor), state=Lead.State.SPAM)
    return SPAM.respond(request, rows.select_related("vendor", "holder"))


def _each(request: MemberRequest, run: Callable[..., Lead], one: str, many: str, back: str) -> HttpResponse:
    keys = chosen(request)
    if not keys:
        raise Http404
    rows = Lead.objects.visible_to(request.actor).filter(_mine(request.actor), pk__in=keys)
    done, left = on_each(rows.order_by("pk"), lambda lead: run(actor=request.actor, lead=lead))
    if done:
        messages.success(request, ngettext(one, many, done) % {"n": done})
    if left:
        sentence = ngettext("%(n)d lead stays as it is.", "%(n)d leads stay as they are.", left)
        messages.warning(request, sentence % {"n": left})
    return redirect(back)


@require_POST
@member_required("leads.manage")
def bulk_route(request: MemberRequest) -> HttpResponse:
    """Find a partner for each of the chosen leads."""
    one, many = "%(n)d lead was looked at by the rules.", "%(n)d leads were looked at by the rules."
    return _each(request, actions.route_lead, one, many, "leads:list")


@require_POST
@member_required("leads.manage")
def bulk_bin(request: MemberRequest) -> HttpResponse:
    """Put the chosen leads aside."""
    return _each(request, actions.bin_lead, "%(n)d lead put aside.", "%(n)d leads put aside.", "leads:list")


@require_POST
@member_required("leads.manage")
def bulk_restore(request: MemberRequest) -> HttpResponse:
    """Bring the chosen ones back."""
    return _each(request, actions.restore_lead, "%(n)d lead brought back.", "%(n)d leads brought back.", "leads:spam")
