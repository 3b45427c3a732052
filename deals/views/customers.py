"""End customers: the list, the form."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.forms import tried
from core.listing import Column, Create, Empty, Listing
from core.models import TrailEntry
from core.web import key_of
from deals.actions import delete_customer, merge_customers, save_customer, unmerge_customers
from deals.actions.customers import FIELDS
from deals.actions.merging import alike_customers, merges_into, merges_to_undo
from deals.forms import CustomerForm
from deals.models import Contact, Deal, EndCustomer
from deals.permissions import may_manage_customers
from partners.access import MemberRequest, member_required

LIST = Listing(
    key="customers",
    title=gettext_lazy("Customers"),
    columns=(
        Column("name", gettext_lazy("Name"), kind="link", sort="name"),
        Column("city", gettext_lazy("City"), sort="city"),
        Column("country", gettext_lazy("Country"), sort="country"),
        Column("vat", gettext_lazy("VAT number"), kind="code", phone=False),
        Column("domain", gettext_lazy("Web domain"), phone=False),
        Column("deals_count", gettext_lazy("Deals"), kind="number"),
        Column("created", gettext_lazy("Added"), kind="ago", sort="created", phone=False),
    ),
    search=("name", "city", "vat", "domain"),
    default_sort="name",
    row_url=lambda customer: reverse("deals:customer", args=[customer.pk]),
    create=Create(gettext_lazy("Add a customer"), "deals:customer_new", capability="customers.manage"),
    empty=Empty(
        gettext_lazy("No end customers yet"),
        gettext_lazy(
            "The companies to which you sell. They stay yours: a vendor reads only what you write in a registration."
        ),
        gettext_lazy("Add a customer"),
        "deals:customer_new",
        "building-2",
    ),
)


@require_safe
@member_required("deals.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """The organisation's own end customers."""
    rows = EndCustomer.objects.visible_to(request.actor)
    return LIST.respond(request, rows.annotate(deals_count=Count("deals")))


@require_http_methods(["GET", "POST"])
@member_required("customers.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Add an end customer."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@member_required("deals.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """One end customer, with its deals; changed by those who may."""
    return _form(request, get_object_or_404(EndCustomer.objects.visible_to(request.actor), pk=pk))


def _form(request: MemberRequest, customer: EndCustomer | None) -> HttpResponse:
    actor = request.actor
    initial = (
        {name: getattr(customer, name) for name in FIELDS} if customer else {"country": actor.organisation.country}
    )
    form = CustomerForm(request.POST if request.method == "POST" else None, initial=initial)
    if tried(form, lambda said: save_customer(actor=actor, fields=said, customer=customer)):
        messages.success(request, _("Saved."))
        return redirect("deals:customers")
    deals = Deal.objects.visible_to(actor).filter(customer=customer) if customer else Deal.objects.none()
    context = {
        "form": form,
        "customer": customer,
        "may_manage": may_manage_customers(actor),
        "deals": deals.select_related("vendor").order_by("-created")[:50],
        "alike": alike_customers(actor, customer) if customer else (),
        "merges": merges_to_undo(actor, customer) if customer else (),
        "contacts": Contact.objects.visible_to(actor).filter(customer=customer)[:100] if customer else (),
    }
    return render(request, "deals/customer.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("customers.manage")
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that another customer of one's own is this one."""
    mine = EndCustomer.objects.visible_to(request.actor)
    customer = get_object_or_404(mine, pk=pk)
    gone = get_object_or_404(mine, pk=key_of(request.POST.get("gone", "")))
    try:
        merge_customers(actor=request.actor, keep=customer, gone=gone)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Merged. It can be undone below."))
    return redirect("deals:customer", pk=pk)


@require_POST
@member_required("customers.manage")
def part(request: MemberRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Undo a merge."""
    customer = get_object_or_404(EndCustomer.objects.visible_to(request.actor), pk=pk)
    entry: TrailEntry = get_object_or_404(merges_into(request.actor, customer), pk=entry_pk)
    try:
        back = unmerge_customers(actor=request.actor, customer=customer, entry=entry)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(name)s is a customer of its own again.") % {"name": back})
    return redirect("deals:customer", pk=pk)


@require_POST
@member_required("customers.manage")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete an end customer that no deal uses."""
    customer = get_object_or_404(EndCustomer.objects.visible_to(request.actor), pk=pk)
    try:
        delete_customer(actor=request.actor, customer=customer)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("deals:customer", pk=pk)
    messages.success(request, _("Deleted."))
    return redirect("deals:customers")
