"""Products from a table."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.forms import at_its_field
from orders.actions import take_products
from orders.actions.catalogue import ProductOutcome
from orders.forms.price_lists import TableForm
from orders.product_tables import products_in
from partners.access import MemberRequest, member_required


@require_http_methods(["GET", "POST"])
@member_required("catalogue.manage")
def take(request: MemberRequest) -> HttpResponse:
    """Paste products: first what each line would do, then it is done."""
    posted = request.method == "POST"
    form = TableForm(request.POST, request.FILES) if posted else TableForm()
    outcomes: list[ProductOutcome] = []
    if posted and form.is_valid():
        really = "take" in request.POST
        try:
            rows = products_in(form.cleaned_data["text"])
            outcomes = take_products(actor=request.actor, rows=rows, really=really)
        except DomainError as error:
            at_its_field(form, error)
        else:
            if really:
                messages.success(request, _said(outcomes))
                return redirect("orders:products")
    text = form.cleaned_data.get("text", "") if posted else ""
    context = {"form": form, "outcomes": outcomes, "text": text, "taken": _taken(outcomes)}
    return render(request, "orders/product_import.html", context, status=422 if form.errors else 200)


def _taken(outcomes: list[ProductOutcome]) -> int:
    return sum(each.outcome in ("new", "changed") for each in outcomes)


def _said(outcomes: list[ProductOutcome]) -> str:
    taken, left = _taken(outcomes), sum(each.outcome == "refused" for each in outcomes)
    said = ngettext("%d product was taken.", "%d products were taken.", taken) % taken
    if left:
        said += " " + ngettext("%d line was left out.", "%d lines were left out.", left) % left
    return said + " " + _("Partners see it at once.")
