"""Quotes: the list, the page of one, and its print."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from chat.rooms import room_context
from core.audit import timeline_of
from core.listing import Choice, Column, Create, Empty, Listing, Period, View
from core.money import minor_units
from core.web import render_partial, wants_partial
from orders.configuring import words
from orders.forms.quotes import AcceptForm, NoteForm
from orders.models import Order, Quote
from orders.price_notes import given_of, notes_of
from orders.quote_documents import differences_between
from orders.quote_paper import pdf_answer
from orders.quote_permissions import (
    may_accept,
    may_approve,
    may_decline,
    may_edit,
    may_revise,
    may_set_limits,
    may_withdraw,
)
from orders.views.lists import companies
from partners.access import MemberRequest, member_required
from partners.actors import Actor

TEMPLATE = "orders/quote.html"

QUOTES = Listing(
    key="quotes",
    title=_("Quotes"),
    columns=(
        Column("number", _("Number"), kind="link", get=str, sort="number"),
        Column("title", _("Title"), sort="title"),
        Column("vendor", _("Vendor"), kind="mark", sort="vendor__name", phone=False),
        Column("partner", _("Partner"), kind="mark", sort="partner__name"),
        Column(
            "kind",
            _("Kind"),
            get=lambda row: _("Request") if row.asks else pgettext_lazy("a quote", "Offer"),
            phone=False,
        ),
        Column("total", _("Total"), kind="money", get=lambda row: (row.total, row.currency), sort="total"),
        Column("state", _("State"), kind="state", sort="state"),
        Column("valid_until", _("Valid until"), kind="day", sort="valid_until", phone=False),
        Column("created", _("Made"), kind="ago", sort="created", phone=False),
    ),
    filters=(
        Choice("state", _("State"), choices=Quote.State.choices),
        Choice("vendor", _("Vendor"), choices=companies),
        Choice("partner", _("Partner"), choices=companies),
        Period("valid_until", _("Valid until"), moment=False),
        Period("created", _("Made")),
    ),
    search=("number", "title", "vendor__name", "partner__name"),
    views=(
        View("open", pgettext_lazy("quotes", "Open"), "state=draft&state=in_approval&state=sent"),
        View("approval", _("In approval"), "state=in_approval"),
        View("accepted", _("Accepted"), "state=accepted"),
        View("all", _("All")),
    ),
    default_sort="-created",
    row_url=lambda row: reverse("orders:quote", args=[row.pk]),
    empty=Empty(
        _("No quotes here"),
        _("A partner asks for a quote, a vendor offers one. Accepted, it becomes an order with the same prices."),
        icon="file-text",
    ),
    live="quote",
    create=Create(_("New quote"), "orders:quote_new", capability="quotes.write"),
    template="orders/quotes.html",
)


@require_GET
@member_required("orders.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """Quotes that the organisation wrote or was sent."""
    rows = Quote.objects.visible_to(request.actor).select_related("vendor", "partner")
    return QUOTES.respond(request, rows, may_set_limits=may_set_limits(request.actor))


def fetch(request: MemberRequest, pk: int) -> Quote:
    """The version with what its page names, or 404."""
    related = ("vendor", "partner", "partnership__tier", "deal", "author", "approver", "root")
    return get_object_or_404(Quote.objects.visible_to(request.actor).select_related(*related), pk=pk)


def lines_shown(quote: Quote) -> list[dict[str, Any]]:
    """The lines with their options in words and the steps of their prices; one query."""
    return [
        {
            "line": line,
            "configured": words(line.product.makeup, line.choices),
            "notes": notes_of(line.pricing),
            "given": given_of(line.pricing) or None,
        }
        for line in quote.lines.select_related("product")
    ]


def _versions(actor: Actor, quote: Quote) -> list[Quote]:
    """All versions of the number that the actor may see, the newest first."""
    rows = Quote.objects.visible_to(actor).filter(Q(root=quote.first) | Q(pk=quote.first.pk))
    return list(rows.select_related("vendor", "partner").order_by("-revision", "-pk"))


def context_of(request: MemberRequest, quote: Quote) -> dict[str, Any]:
    """What the page shows of a version, and what the reader may do with it."""
    actor: Actor = request.actor
    versions = _versions(actor, quote)
    before = next((row for row in versions if row.revision < quote.revision and row.sent_at), None)
    return {
        "quote": quote,
        "rows": lines_shown(quote),
        "digits": minor_units(quote.currency),
        "deal": quote.deal if actor.can("deals.view") else None,
        "order": Order.objects.visible_to(actor).filter(pk=quote.order_id).first() if quote.order_id else None,
        "over": quote.valid_until < localdate(),
        "is_author": actor.organisation.pk == quote.author_side_id,
        "is_partner": actor.organisation.pk == quote.partner_id,
        "versions": versions if len(versions) > 1 else [],
        "before": before,
        "differences": differences_between(before, quote) if before else [],
        "may_edit": may_edit(actor, quote),
        "may_approve": may_approve(actor, quote),
        "may_withdraw": may_withdraw(actor, quote),
        "may_decline": may_decline(actor, quote),
        "may_accept": may_accept(actor, quote),
        "may_revise": may_revise(actor, quote),
        "accept_form": AcceptForm(),
        "note_form": NoteForm(),
        "history": timeline_of(actor, *versions),
    }


@require_GET
@member_required("orders.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The page of one version, or its live part."""
    return show(request, fetch(request, pk))


def show(request: MemberRequest, quote: Quote, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    context = {**context_of(request, quote), "problem": problem}
    if not wants_partial(request):
        context |= {**room_context(request, quote.first), "with_room": True}
    return render_partial(request, TEMPLATE, "record", context, status)


@require_GET
@member_required("orders.view")
def pdf(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The quote as a PDF file, in the reader's language or the one that `?language=` names."""
    return pdf_answer(fetch(request, pk), request.GET.get("language", ""))


@require_GET
@member_required("orders.view")
def printed(request: MemberRequest, pk: int) -> HttpResponse:
    """The quote as a document for paper."""
    quote = fetch(request, pk)
    context = {
        "quote": quote, "author": quote.partner if quote.asks else quote.vendor, "rows": lines_shown(quote),
        "digits": minor_units(quote.currency), "languages": settings.LANGUAGES,
    }  # fmt: skip
    return render(request, "orders/quote_print.html", context)
