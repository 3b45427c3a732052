"""What is done with quotes: written in a form, sent, approved, accepted."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from core.web import follow, key_of, toast, version_of, wants_partial
from orders import actions
from orders.forms.quotes import (
    AcceptForm,
    LimitsForm,
    NoteForm,
    QuoteForm,
    QuoteLinesFormSet,
    head_of,
    known_products,
    lines_of,
    offered,
)
from orders.models import DiscountLimit, Order, Product, Quote
from orders.price_notes import notes_of
from orders.quote_permissions import may_edit, may_set_limits
from orders.quoting import price_content
from orders.views.quotes import fetch, show
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor
from partners.models import Partnership, Role


@require_http_methods(["GET", "POST"])
@member_required("quotes.write")
def new(request: MemberRequest) -> HttpResponse:
    """Choose with whom, then write."""
    edges = Partnership.objects.visible_to(request.actor).active().select_related("vendor", "partner", "tier")
    chosen = request.GET.get("partnership", "")
    if not chosen:
        offered = list(edges.order_by("partner__name", "vendor__name")[:200])
        if len(offered) != 1:
            return render(request, "orders/quote_choose.html", {"edges": offered})
        chosen = str(offered[0].pk)
    return _form(request, get_object_or_404(edges, pk=key_of(chosen)), None)


@require_http_methods(["GET", "POST"])
@member_required("orders.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on with a draft."""
    quote = fetch(request, pk)
    require(may_edit(request.actor, quote))
    return _form(request, quote.partnership, quote)


@require_POST
@member_required("quotes.write")
def prices(request: MemberRequest) -> HttpResponse:
    """What the lines of the form cost as they are typed, step by step; nothing is kept."""
    edges = Partnership.objects.visible_to(request.actor).active().select_related("vendor", "partner", "tier")
    edge = get_object_or_404(edges, pk=key_of(request.GET.get("partnership", "")))
    form, lines = _bound(request.POST, request.actor, edge, None)
    form.is_valid()
    context: dict[str, Any] = {}
    if lines.management_form.is_valid() and (content := form.typed(lines)).lines:
        try:
            asked = Quote(vendor=edge.vendor, partner=edge.partner, partnership=edge)
            priced = price_content(asked, content, localdate())
            context = {"priced": priced, "rows": [(line, notes_of(line.pricing)) for line in priced.lines]}
        except DomainError as error:
            context = {"problem": error.message}
    return render(request, "orders/_quote_prices.html", context)


@require_GET
@member_required("quotes.write")
def choices(request: MemberRequest) -> HttpResponse:
    """A field for each option of the product that a line names; nothing where it has none."""
    prefix = request.GET.get("line", "")
    if not re.fullmatch(r"lines-\d{1,4}", prefix):
        raise Http404
    products = Product.objects.visible_to(request.actor)
    named = {f"{prefix}-product": request.GET.get(f"{prefix}-product", "")}
    product = next(iter(known_products(products, named, []).values()), None)
    chosen = " ".join(request.GET.getlist(f"{prefix}-choices"))
    context = {"options": offered(product, chosen) if product else [], "prefix": prefix, "product": product}
    return render(request, "orders/_choices.html", context)


def _bound(data: Any, actor: Actor, edge: Partnership, quote: Quote | None) -> tuple[QuoteForm, Any]:
    form = QuoteForm(data, actor=actor, partnership=edge, initial=head_of(quote))
    products, initial = Product.objects.visible_to(actor).sold_by(edge.vendor_id), lines_of(quote)
    options = {"products": products, "seller": edge.vendor, "known": known_products(products, data, initial)}
    return form, QuoteLinesFormSet(data, prefix="lines", form_kwargs=options, initial=initial)


def _form(request: MemberRequest, edge: Partnership, quote: Quote | None) -> HttpResponse:
    actor, data = request.actor, request.POST if request.method == "POST" else None
    form, lines = _bound(data, actor, edge, quote)
    if data is not None and form.is_valid() and lines.is_valid():
        try:
            content = form.content(lines)
            saved = actions.save_quote(
                actor=actor, content=content, partnership=edge, quote=quote, version=version_of(request)
            )
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("The draft is kept. Look at its prices, then send it."))
            return redirect(saved)
    asks = actor.organisation.pk == edge.partner_id
    context = {"form": form, "lines": lines, "edge": edge, "quote": quote, "asks": asks}
    return render(request, "orders/quote_form.html", context, status=422 if data is not None else 200)


def _act(request: MemberRequest, pk: int, act: Callable[[Quote], Quote], done: str) -> HttpResponse:
    """Do it and show the quote again; a broken rule says so on the page (422)."""
    quote = fetch(request, pk)
    try:
        changed = act(quote)
    except DomainError as error:
        return show(request, fetch(request, pk), problem=error.message, status=422)
    if wants_partial(request):
        return toast(show(request, fetch(request, pk)), done)
    messages.success(request, done)
    return redirect(changed)


@require_POST
@member_required("orders.view")
def send(request: MemberRequest, pk: int) -> HttpResponse:
    """Send a draft."""
    done = _("Done. A discount over your limit is approved by a colleague first; otherwise the other side has it now.")
    return _act(request, pk, lambda quote: actions.send_quote(actor=request.actor, quote=quote), done)


@require_POST
@member_required("orders.view")
def approve(request: MemberRequest, pk: int) -> HttpResponse:
    """Approve the discounts."""
    done = _("Approved and sent.")
    return _act(request, pk, lambda quote: actions.approve_quote(actor=request.actor, quote=quote), done)


def _note(request: MemberRequest) -> str:
    form = NoteForm(request.POST)
    return str(form.cleaned_data["note"]) if form.is_valid() else ""


@require_POST
@member_required("orders.view")
def hand_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Hand it back with a note."""

    def act(quote: Quote) -> Quote:
        return actions.hand_back_quote(actor=request.actor, quote=quote, note=_note(request))

    return _act(request, pk, act, _("Handed back to its author."))


@require_POST
@member_required("orders.view")
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take it back."""

    def act(quote: Quote) -> Quote:
        return actions.withdraw_quote(actor=request.actor, quote=quote, reason=_note(request))

    return _act(request, pk, act, _("Withdrawn. The other side is told."))


@require_POST
@member_required("orders.view")
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    """Say no."""

    def act(quote: Quote) -> Quote:
        return actions.decline_quote(actor=request.actor, quote=quote, reason=_note(request))

    return _act(request, pk, act, _("Declined. The other side is told."))


@require_POST
@member_required("orders.view")
def revise(request: MemberRequest, pk: int) -> HttpResponse:
    """Make the next version and go to its form."""
    quote = fetch(request, pk)
    try:
        following = actions.revise_quote(actor=request.actor, quote=quote)
    except DomainError as error:
        return show(request, fetch(request, pk), problem=error.message, status=422)
    if following.state == Quote.State.DRAFT:
        return redirect("orders:quote_edit", pk=following.pk)
    return redirect(following)


@require_POST
@member_required("orders.view")
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Accept, and go to the order."""
    quote, form = fetch(request, pk), AcceptForm(request.POST)
    said: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    try:
        accepted = actions.accept_quote(actor=request.actor, quote=quote, **said)
    except DomainError as error:
        return show(request, fetch(request, pk), problem=error.message, status=422)
    sent = accepted.order is not None and accepted.order.state != Order.State.DRAFT
    done = _("Accepted; the order is sent.") if sent else _("Accepted. Look at the order and send it.")
    messages.success(request, done)
    return redirect("orders:detail", pk=accepted.order_id)


@require_POST
@member_required("orders.view")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    actions.delete_quote(actor=request.actor, quote=fetch(request, pk))
    messages.success(request, _("The draft is gone."))
    return follow(request, "orders:quotes")


@require_http_methods(["GET", "POST"])
@member_required("quotes.approve")
def limits(request: MemberRequest) -> HttpResponse:
    """How much discount each role gives alone."""
    actor = request.actor
    require(may_set_limits(actor))
    roles = list(Role.objects.visible_to(actor).order_by("name"))
    known = {row.role_id: row.percent for row in DiscountLimit.objects.visible_to(actor)}
    form = LimitsForm(request.POST or None, roles=roles, known=known)
    if form.is_bound and form.is_valid():
        actions.set_discount_limits(actor=actor, limits=form.limits())
        messages.success(request, _("Saved. The limits hold for quotes that are sent from now on."))
        return redirect("orders:quotes")
    return render(request, "orders/quote_limits.html", {"form": form}, status=422 if form.is_bound else 200)
