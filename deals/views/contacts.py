"""The people at an end customer: on the customer's page, and on a deal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from core.forms import tried
from core.web import follow
from deals import actions
from deals.forms.beside import ContactForm
from deals.models import Contact, Deal, EndCustomer
from deals.permissions import may_manage_customers
from deals.views.beside import NAMED, answer
from deals.views.dialogs import Dialog
from partners.access import MemberRequest, member_required


@require_POST
@member_required("customers.manage")
def new_on_deal(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a contact of the deal's customer, without leaving the deal."""
    rows = Deal.objects.visible_to(request.actor).filter(customer__organisation=request.actor.organisation)
    deal = get_object_or_404(rows.select_related("customer"), pk=pk)
    form = ContactForm(request.POST, prefix="contact")
    customer = get_object_or_404(EndCustomer.objects.visible_to(request.actor), pk=deal.customer_id)

    def run() -> None:
        actions.save_contact(actor=request.actor, customer=customer, fields=form.cleaned_data)

    dialog = Dialog("contact", NAMED, reverse("deals:contact_new", args=[deal.pk]), form)
    return answer(request, deal, dialog, _("The contact is kept. The vendor is told when you say so."), run)


@require_POST
@member_required("deals.register")
def tell(request: MemberRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Let the vendor of a deal know of a contact, or no longer (`told=0`)."""
    deal = get_object_or_404(Deal.objects.visible_to(request.actor), pk=pk)
    contact = get_object_or_404(Contact.objects.visible_to(request.actor), pk=contact_pk)
    step = actions.untell_contact if request.POST.get("told") == "0" else actions.tell_contact
    try:
        step(actor=request.actor, deal=deal, contact=contact)
    except DomainError as error:
        messages.error(request, error.message)
    return follow(request, deal)


@require_http_methods(["GET", "POST"])
@member_required("customers.manage")
def new(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a contact to an end customer."""
    customer = get_object_or_404(EndCustomer.objects.visible_to(request.actor), pk=pk)
    return _form(request, customer, None)


@require_http_methods(["GET", "POST"])
@member_required("deals.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """One contact; changed by those who may."""
    rows = Contact.objects.visible_to(request.actor).select_related("customer")
    contact = get_object_or_404(rows, pk=pk)
    return _form(request, contact.customer, contact)


def _form(request: MemberRequest, customer: EndCustomer, contact: Contact | None) -> HttpResponse:
    initial = {name: getattr(contact, name) for name in actions.contacts.FIELDS} if contact else {}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)

    def run(said: dict[str, Any]) -> None:
        actions.save_contact(actor=request.actor, customer=customer, fields=said, contact=contact)

    if tried(form, run):
        messages.success(request, _("Saved."))
        return redirect("deals:customer", pk=customer.pk)
    may = may_manage_customers(request.actor)
    context = {"form": form, "customer": customer, "contact": contact, "may_manage": may}
    return render(request, "deals/contact.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("customers.manage")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Forget a person."""
    rows = Contact.objects.visible_to(request.actor).select_related("customer")
    contact = get_object_or_404(rows, pk=pk)
    actions.delete_contact(actor=request.actor, contact=contact)
    messages.success(request, _("Deleted."))
    return redirect("deals:customer", pk=contact.customer_id)
