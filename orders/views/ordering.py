"""Orders by web form, for who has no ERP: from the catalogue, with the prices that hold for them."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from core.numbers import format_number
from core.web import key_of
from orders.actions import save_draft, send_order
from orders.explaining import Basket, codes_of, explain
from orders.forms import LinesFormSet, OrderForm, whole_document
from orders.forms.fields import plain
from orders.models import Order, Product
from orders.permissions import may_edit_draft, partnership_between
from orders.price_notes import kept, notes_of
from orders.views.records import fetch
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor
from partners.models import Organisation, Partnership

TEMPLATE = "orders/form.html"


def sellers(actor: Actor) -> Any:
    """Companies from which the actor's organisation may order now."""
    active = Partnership.objects.visible_to(actor).active().filter(partner=actor.organisation)
    return Organisation.objects.visible_to(actor).filter(pk__in=active.values("vendor"))


@require_http_methods(["GET", "POST"])
@member_required("orders.send")
def new(request: MemberRequest) -> HttpResponse:
    """Choose the seller, then the lines."""
    actor: Actor = request.actor
    offered = sellers(actor)
    chosen = request.GET.get("seller", "")
    if not chosen:
        found = list(offered[:2])
        if len(found) != 1:
            return render(request, "orders/choose_seller.html", {"sellers": offered})
        chosen = str(found[0].pk)
    seller = get_object_or_404(offered, pk=key_of(chosen))
    return _form(request, seller, None)


@require_http_methods(["GET", "POST"])
@member_required("orders.send")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on with a draft."""
    order = fetch(request, pk)
    verdict = may_edit_draft(request.actor, order)
    if order.state != Order.State.DRAFT:
        messages.warning(request, str(verdict.reason))
        return redirect("orders:detail", pk=pk)
    require(verdict)
    return _form(request, order.seller, order)


@require_POST
@member_required("orders.send")
def prices(request: MemberRequest) -> HttpResponse:
    """What the lines of the form cost as they are typed, step by step; nothing is kept."""
    actor: Actor = request.actor
    seller = get_object_or_404(sellers(actor), pk=key_of(request.GET.get("seller", "")))
    partnership = partnership_between(actor.organisation.pk, seller.pk)
    form, lines = _bound(request.POST, actor, seller, None)
    sound = form.is_valid() and lines.is_valid() and partnership is not None
    return render(request, "orders/_prices.html", shown_prices(lines.basket(partnership, form)) if sound else {})


def shown_prices(basket: Basket) -> dict[str, Any]:
    """The priced lines with their steps in words, their sum, and why what was named does not apply."""
    found = explain(basket)
    lines = [
        {"line": line, "notes": notes_of(kept(line)), "given": format_number(line.given or None)}
        for line in found.lines
    ]
    currencies = {line.currency for line in found.lines}
    total = sum((line.amount for line in found.lines), Decimal(0)) if len(currencies) == 1 else None
    return {"priced": lines, "priced_total": total, "refusals": found.refusals}


def _bound(data: Any, actor: Actor, seller: Organisation, order: Order | None) -> tuple[OrderForm, Any]:
    form = OrderForm(data, actor=actor, seller=seller, initial=_head_of(order))
    products = Product.objects.visible_to(actor).sold_by(seller.pk)
    line_options = {"products": products, "seller": seller}
    return form, LinesFormSet(data, prefix="lines", form_kwargs=line_options, initial=_lines_of(order))


def _form(request: MemberRequest, seller: Organisation, order: Order | None) -> HttpResponse:
    actor: Actor = request.actor
    partnership = partnership_between(actor.organisation.pk, seller.pk)
    if partnership is None:
        messages.warning(request, _("There is no active partnership with %(seller)s.") % {"seller": seller})
        return redirect("orders:list")
    data = request.POST if request.method == "POST" else None
    form, lines = _bound(data, actor, seller, order)
    if data is not None and form.is_valid() and lines.is_valid():
        try:
            with transaction.atomic():
                document = whole_document(form, lines, partnership, actor, seller)
                saved = save_draft(actor=actor, document=document, seller=seller, order=order)
                if "draft" not in data:
                    saved = send_order(actor=actor, order=saved)
        except DomainError as error:
            at_its_field(form, error)
        else:
            text = _("The draft is kept.") if "draft" in data else _("Sent. You see here when it is answered.")
            messages.success(request, text)
            return redirect("orders:detail", pk=saved.pk)
    context = {"form": form, "lines": lines, "seller": seller, "order": order, "partnership": partnership}
    return render(request, TEMPLATE, context, status=422 if data is not None else 200)


def _head_of(order: Order | None) -> dict[str, Any]:
    if order is None:
        return {}
    ship_to = order.parties.get("ship_to") or {}
    numbers = [value for kind, value in order.references if kind == "deal"]
    return {
        "number": order.number,
        "delivery_date": order.delivery_date,
        "deal": numbers[0] if numbers else None,
        "codes": ", ".join(codes_of((kind, value) for kind, value in order.references)),
        "note": "\n".join(order.notes),
        **{f"ship_{part}": ship_to.get(part, "") for part in ("name", "street", "postcode", "city", "country")},
    }


def _lines_of(order: Order | None) -> list[dict[str, Any]]:
    if order is None:
        return []
    return [
        {
            "product": line.product_id,
            "text": str(line.product or line.title),
            "quantity": plain(line.quantity),
            "unit_price": plain(line.unit_price),
        }
        for line in order.lines.select_related("product")
    ]
